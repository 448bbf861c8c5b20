import type { HoldingChannel } from '../../src/ledger/hold.js';
import { holdingRows, keepHoldings } from '../../src/ledger/holding.queries.js';
import { takedownConsumer } from '../../src/ledger/takedown-consumer.js';
import { sweepTakedowns } from '../../src/ledger/takedown-sweep.js';
import { takedownIsDue } from '../../src/ledger/takedown-work.js';
import { deliverEvents } from '../../src/publishing/consumer.queries.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import type { TestGateway } from './gateway.js';
import { numberAll } from './number-all.js';

/** What of a text a partner was given, as the ledger is told. */
export interface Given {
  partner: string;
  article: string;
  edition: string;
  revision?: number;
  channel?: HoldingChannel;
  notices?: Record<string, number>;
  at: Date;
}

/** Writes down what partners were given, as the noter does. */
export async function hold({ dataSource }: Pick<TestGateway, 'dataSource'>, ...given: Given[]): Promise<void> {
  for (const { partner, article, edition, revision = 1, channel = 'FEED', notices = {}, at } of given) {
    const text = {
      ...{ articleUuid: article, editionCode: edition, revision },
      notices: Object.entries(notices).map(([code, version]) => ({ code, version })),
    };
    await keepHoldings(dataSource.manager, holdingRows({ partner, channel, at }, [text]));
  }
}

/** What a process does beside requests until a moment: passes timers, numbers events, follows the log and looks through the ledger, until nothing is left. */
export async function follow(gateway: Pick<TestGateway, 'dataSource'>, now: Date): Promise<void> {
  const { manager } = gateway.dataSource;
  const clock = (): Date => now;
  const log = { info: () => {}, error: ({ err }: { err?: Error }) => Promise.reject(err) };
  const scheduler = makeScheduler({ manager, clock, works: { TAKEDOWN_DUE: takedownIsDue }, log });
  const consumer = takedownConsumer(clock);
  for (let more = true; more; ) {
    await scheduler.pass();
    await numberAll(gateway);
    more = (await deliverEvents(manager, consumer, 100)) > 0;
    while (await sweepTakedowns({ manager, clock })) more = true;
  }
}
