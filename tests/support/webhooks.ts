import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { NoteHoldings } from '../../src/ledger/hold.js';
import { insertRows } from '../../src/lib/insert-rows.js';
import { inPackage } from '../../src/lib/root.js';
import { loadWording } from '../../src/lib/wording.js';
import type { Worker } from '../../src/lib/work-loop.js';
import { deliverEvents } from '../../src/publishing/consumer.queries.js';
import type { ContextOf } from '../../src/push/context-of.js';
import { contextOf } from '../../src/server/feed-context.js';
import { type DelivererOptions, startDeliverer } from '../../src/webhooks/deliverer.js';
import { EndpointRow, EndpointState, PayloadShape } from '../../src/webhooks/endpoint.js';
import { type MessageSources, silent } from '../../src/webhooks/message-source.js';
import { partnerSource } from '../../src/webhooks/partner-source.js';
import type { RunDocument } from '../../src/webhooks/run-document.js';
import { webhookConsumer } from '../../src/webhooks/webhook-consumer.js';
import { WebhookTopic } from '../../src/webhooks/webhook-topic.js';
import { callLocal } from './call-local.js';
import type { TestGateway } from './gateway.js';
import { testNow } from './gateway.js';
import { gatewayParts } from './gateway-parts.js';
import { testFindCaller } from './keys.js';
import { numberAll } from './number-all.js';
import { until } from './until.js';

const words = loadWording(inPackage('locales'));

/** A secret as receivers are given it. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** An endpoint at work; what a test does not say is the usual. Its secret is stored as it is: tests give it to the deliverer by themselves. */
export async function addEndpoint({ manager }: DataSource, given: Partial<EndpointRow> & { url: string }): Promise<EndpointRow> {
  const row: EndpointRow = {
    ...{ uuid: randomUUID(), partnerCode: null, editionCode: null, description: '', topics: Object.values(WebhookTopic), editions: [] },
    ...{ payload: PayloadShape.THIN, format: null, document: null, variables: null, secret: newSecret(), formerSecret: null },
    ...{ formerSecretUntil: null, state: EndpointState.ACTIVE, disabledBecause: null, concurrency: 8, failingSince: null, notBefore: null },
    ...{ lastSequence: '0', version: 1, createdAt: testNow },
    ...given,
  };
  await insertRows(manager, EndpointRow, [row]);
  return row;
}

/** One delivery as tests compare it. */
export interface Delivered {
  message: string;
  sequence: number;
  state: string;
  topic: string;
  attempts: number;
  status: number | null;
  error: string | null;
  answer: string | null;
  next: Date;
  body: Buffer | null;
}

/** Webhooks over a test's gateway, with a clock of their own. */
export interface Webhooks {
  sources: MessageSources;
  now(): Date;
  /** Sets the clock of the gateway too. */
  at(time: Date): void;
  /** Makes deliveries of all that happened. */
  plan(): Promise<void>;
  /** Plans, and sends until nothing is due at an endpoint that may be sent something. */
  deliver(): Promise<void>;
  start(more?: Partial<DelivererOptions>): Worker;
  of(endpoint: EndpointRow): Promise<Delivered[]>;
  row(endpoint: EndpointRow): Promise<EndpointRow>;
  held: Parameters<NoteHoldings>[];
  said: string[];
}

/** Webhooks over a gateway; `runDocument` answers documents, for the schema is not theirs. */
export async function webhooksOver(
  gateway: TestGateway,
  { runDocument = async () => '{}', ...usual }: Partial<DelivererOptions> & { runDocument?: RunDocument; contexts?: ContextOf } = {},
): Promise<Webhooks> {
  const { dataSource } = gateway;
  const { manager } = dataSource;
  let now = testNow;
  const clock = (): Date => now;
  const wording = await words;
  const parts = { ...gatewayParts, dataSource, wording, clock, findCaller: testFindCaller(dataSource, { clock }) };
  const sources = { partner: partnerSource({ manager, contextOf: contextOf(parts, 'webhooks'), runDocument }), desk: silent };
  const consumer = webhookConsumer({ sources, clock });
  const held: Parameters<NoteHoldings>[] = [];
  const said: string[] = [];
  const say = (facts: object, message: string): void =>
    void said.push(
      `${message} ${JSON.stringify(facts, (key, value) => (key === 'query' ? undefined : value))} ${(facts as { err?: Error }).err?.message ?? ''}`,
    );
  const start: Webhooks['start'] = (more = {}) =>
    startDeliverer({
      ...{ manager, clock, sources, call: callLocal, secretsOf: ({ secret }) => [secret], chance: () => 0.5, pollMs: 20 },
      ...{ log: { info: say, error: say }, noteHoldings: (...given) => void held.push(given) },
      ...{ ...usual, ...more },
    });
  const plan = async (): Promise<void> => {
    await numberAll(gateway);
    while ((await deliverEvents(manager, consumer, 1_000)) > 0);
  };
  const due = async (): Promise<number> => {
    const [{ n }] = await dataSource.query(
      `select count(*)::int as n from delivery d join endpoint e on e.uuid = d.endpoint_uuid
       where d.state = 'PENDING' and (d.claimed_until is not null or (d.next_at <= $1 and e.state = 'ACTIVE' and (e.not_before is null or e.not_before <= $1)
         and not exists (select from delivery b where b.endpoint_uuid = d.endpoint_uuid and b.article_uuid = d.article_uuid and b.state = 'PENDING' and b.id < d.id)))`,
      [now],
    );
    return n;
  };
  return {
    ...{ sources, plan, start, held, said, now: clock },
    at(time) {
      now = time;
      gateway.at(time);
    },
    async deliver() {
      await plan();
      const worker = start();
      try {
        await until('delivering', async () => (await due()) === 0, 8_000).catch((error: Error) => {
          throw new Error(`${error.message}\n${said.join('\n')}`);
        });
      } finally {
        await worker.stop(5_000);
      }
    },
    of: ({ uuid }) =>
      dataSource.query(
        `select message_id as message, sequence::float8 as sequence, state, topic, attempts, last_status as status, last_error as error, last_answer as answer,
           next_at as next, body from delivery where endpoint_uuid = $1 order by id`,
        [uuid],
      ),
    row: ({ uuid }) => manager.findOneByOrFail(EndpointRow, { uuid }),
  };
}
