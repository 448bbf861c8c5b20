import type { Config } from '../config.js';
import type { OpenDatabase } from '../open-database.js';
import type { CommandIo } from './command-io.js';

/** What a command works with. */
export interface CommandContext {
  config: Config;
  io: CommandIo;
  /** The database: the server's where one holds the data folder, else opened at the first call, so that a mistyped command opens none. */
  open(): Promise<OpenDatabase>;
}
