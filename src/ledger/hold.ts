/** By what a partner came by a text. */
export type HoldingChannel = 'FEED' | 'ITEM' | 'GRAPHQL' | 'SUBSCRIPTION' | 'WEBHOOK' | 'WEBSUB';

/** A text as somebody was given it. */
export interface GivenText {
  articleUuid: string;
  editionCode: string;
  revision: number;
  /** That came with it. */
  notices: readonly { code: string; version: number }[];
}

/** Notes that a partner was given texts. Never waits, never throws: written down some seconds later, in the order of the gateway's clock. */
export type NoteHoldings = (partner: string, channel: HoldingChannel, texts: readonly GivenText[]) => void;
