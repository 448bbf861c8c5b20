/** Where the relay says what an operator should know. */
export interface RelayLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
