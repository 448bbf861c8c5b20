/** Figures of subscriptions in this process. */
export interface LiveFigures {
  /** Connections that are open, by transport. */
  connections: { websocket: number; sse: number };
  /** How many subscriptions there are. */
  streams(): number;
  /** Messages that were handed to connections. */
  told: number;
  /** Connections that were cut because nobody read them. */
  cut: number;
}

export const makeLiveFigures = (): LiveFigures => ({ connections: { websocket: 0, sse: 0 }, streams: () => 0, told: 0, cut: 0 });
