/** What a command has of the terminal it was typed at, wherever it runs. */
export interface CommandIo {
  stdout(text: string): void;
  stderr(text: string): void;
  /** The folder that relative paths start from. */
  cwd: string;
  /** Width of the terminal in characters. */
  columns: number;
  /** Whether a person is watching: progress bars and colours are for them only. */
  isTTY: boolean;
  /** Aborted when nobody waits for the command any more. */
  signal: AbortSignal;
}
