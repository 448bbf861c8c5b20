import type { Refusal } from '../lib/errors.js';
import type { Asked } from './asked.js';
import type { Told } from './tell-news.js';

/** Where a stream goes: a connection, as the hub sees it. Never throws. */
export interface Sink {
  next(told: Told): void;
  /** Nothing more comes, and why; called once, and not after `close` of the stream. */
  end(why: Refusal | Error): void;
  /** Bytes that were handed over and that the network has not taken. */
  waiting(): number;
}

/** What one subscriber is told. */
export interface Stream {
  readonly asked: Asked;
  readonly sink: Sink;
  /** The number of the last event that it was told of, or that told it nothing; undefined until it is known. */
  seq: number | undefined;
  isOpen: boolean;
}
