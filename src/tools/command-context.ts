import type { Config } from '../config.js';
import type { OpenDatabase } from '../open-database.js';
import type { CommandIo } from './command-io.js';

/** What a command works with; the database is the server's where one holds the data folder. */
export interface CommandContext {
  config: Config;
  opened: OpenDatabase;
  io: CommandIo;
}
