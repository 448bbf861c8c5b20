/** A request to an address that somebody else has given. */
export interface OutsideRequest {
  /** Absolute; https, or http where that is allowed. */
  url: string;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  /** For all of it, from looking the name up to the last byte that is read. */
  timeoutMs: number;
  /** How many bytes of the answer's body are read; the rest is not waited for. */
  mostBytes: number;
  signal?: AbortSignal;
}

export interface OutsideAnswer {
  status: number;
  /** In lower case; of repeated ones the values are joined by a comma. */
  headers: Readonly<Record<string, string>>;
  /** At most `mostBytes` of it. */
  body: Buffer;
  milliseconds: number;
}

/**
 * Why there was no answer: the address is none that may be called, or leads inward; its name is not known; nobody answered in time; or the
 * connection failed.
 */
export type OutsideProblem = 'ADDRESS_REFUSED' | 'NAME_UNKNOWN' | 'TIMEOUT' | 'CONNECTION_FAILED';

export class OutsideFailure extends Error {
  readonly problem: OutsideProblem;
  readonly milliseconds: number;

  constructor(problem: OutsideProblem, detail: string, milliseconds: number) {
    super(`${problem}: ${detail}`);
    this.name = 'OutsideFailure';
    this.problem = problem;
    this.milliseconds = milliseconds;
  }
}

/**
 * Calls an address that somebody else has given: every address its name stands for is checked, the connection is made to the one that was checked, no redirect
 * is followed, and neither time nor memory is more than was said. Any status is an answer. Throws OutsideFailure.
 */
export type CallOutside = (request: OutsideRequest) => Promise<OutsideAnswer>;
