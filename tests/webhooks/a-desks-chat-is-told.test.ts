import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Role } from '../../src/desks/role.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import type { EndpointRow } from '../../src/webhooks/endpoint.js';
import { WebhookTopic } from '../../src/webhooks/webhook-topic.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { openReceiver, type Receiver } from '../support/receiver.js';
import { addEndpoint, type Webhooks, webhooksOver } from '../support/webhooks.js';

/** From what a desk does to what stands in another desk's chat, over HTTP. */
let gateway: TestGateway;
let webhooks: Webhooks;
let receiver: Receiver;
let desk: Desk;
let endpoint: EndpointRow;
let article: string;

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });
const correct = (edition: string, expectedRevision: number, headline: string) =>
  desk.correct({ article, edition, expectedRevision, text: text(headline), meaning: { note: 'It was another.' } });
/** Lets time pass, and sends what there is. */
const deliverAt = async (count: number): Promise<void> => {
  webhooks.at(minutes(count));
  const say = (): void => {};
  const { manager } = gateway.dataSource;
  await makeScheduler({ manager, clock: () => minutes(count), works: { DRAFT: publishScheduled }, log: { info: say, error: say } }).pass();
  await webhooks.deliver();
};
const types = (): string[] => receiver.received.map(({ body }) => body.type);
const states = async (): Promise<string[]> => (await webhooks.of(endpoint)).map(({ topic, state }) => `${topic} ${state}`);

beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
  webhooks = await webhooksOver(gateway);
  // What the samples have to tell is told before anybody listens.
  await webhooks.plan();
});
afterAll(() => gateway.close());

beforeEach(async () => {
  await gateway.dataSource.query('delete from timer');
  webhooks.at(testNow);
  receiver = await openReceiver();
  endpoint = await addEndpoint(gateway.dataSource, { url: receiver.url, editionCode: 'ru' });
  const { draft } = await desk.createArticle({ edition: 'en', authors: [], text: text('Bridge opened'), urgency: 1 });
  article = draft.articleId;
  await desk.publishDraft({ article, edition: 'en', expectedVersion: 1 });
});
afterEach(async () => {
  await gateway.dataSource.query('delete from endpoint');
  await receiver.close();
});

test('a story’s life, as the chat of the desk of ru tells it: each message once, signed, in order', async () => {
  await deliverAt(0);
  const { draft } = await desk.translate({ article, edition: 'ru' });
  await deliverAt(225);
  const { draft: saved } = await desk.saveDraft({ article, edition: 'ru', expectedVersion: draft.version, text: text('Мост открыт') });
  await desk.publishDraft({ article, edition: 'ru', expectedVersion: saved.version });
  await desk.translate({ article, edition: 'tt' });
  await correct('en', 1, 'Bridge closed');
  await deliverAt(226);
  await deliverAt(226 + 120);
  await desk.retract({ article, edition: 'en', kind: 'WITHHOLD', cascade: 'NONE' });
  await deliverAt(400);
  expect(types()).toEqual(['translation.wanted', 'claim.expiring', 'correction.owed', 'correction.overdue', 'source.retracted']);
  const sequences = receiver.received.map(({ body }) => body.data.sequence as number);
  expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
  for (const { headers, bytes } of receiver.received)
    expect(
      new Webhook(endpoint.secret).sign(
        String(headers['webhook-id']),
        new Date(Number(headers['webhook-timestamp']) * 1000),
        bytes.toString(),
      ),
    ).toBe(headers['webhook-signature']);
  expect(receiver.received.map(({ body }) => body.data.text.split('\n')[1])).toEqual([
    ...['Bridge opened', 'Bridge opened', 'Мост открыт', 'Мост открыт', 'Мост открыт'],
  ]);
  expect(receiver.received.at(-1)!.bytes.toString()).not.toContain('Bridge');
});

test('what is wanted is told once, although further editions publish it', async () => {
  await deliverAt(0);
  const { draft } = await desk.translate({ article, edition: 'tt' });
  await desk.publishDraft({ article, edition: 'tt', expectedVersion: draft.version });
  await deliverAt(1);
  expect(types()).toEqual(['translation.wanted']);
  expect((await states()).filter((each) => each.startsWith('TRANSLATION'))).toEqual([
    'TRANSLATION_WANTED DELIVERED',
    'TRANSLATION_WANTED NOTHING',
  ]);
});

test('what was settled while the chat was away is not told late', async () => {
  await deliverAt(0);
  const { draft } = await desk.translate({ article, edition: 'ru' });
  await desk.publishDraft({ article, edition: 'ru', expectedVersion: draft.version });
  receiver.answering(500);
  await correct('en', 1, 'Bridge closed');
  await deliverAt(1);
  expect(types()).toEqual(['translation.wanted', 'correction.owed']);
  receiver.answering(204);
  await desk.confirmStillAccurate([`${article}.ru`]);
  await deliverAt(2);
  await deliverAt(60);
  expect(types()).toEqual(['translation.wanted', 'correction.owed']);
  expect(await states()).toContain('CORRECTION_OWED SUPERSEDED');
});

test('what is still owed is told again, the same bytes, once the chat is back', async () => {
  await deliverAt(0);
  const { draft } = await desk.translate({ article, edition: 'ru' });
  await desk.publishDraft({ article, edition: 'ru', expectedVersion: draft.version });
  receiver.answering(500);
  await correct('en', 1, 'Bridge closed');
  await deliverAt(1);
  receiver.answering(204);
  await deliverAt(60);
  const [, first, second] = receiver.received;
  expect(types()).toEqual(['translation.wanted', 'correction.owed', 'correction.owed']);
  expect([second!.id, second!.bytes.equals(first!.bytes)]).toEqual([first!.id, true]);
});

test('an endpoint is told of the topics that it has chosen, and of its own edition alone', async () => {
  await gateway.dataSource.query('update endpoint set topics = $1', [[WebhookTopic.CORRECTION_OWED]]);
  const home = await addEndpoint(gateway.dataSource, { url: receiver.url, editionCode: 'en' });
  const { draft } = await desk.translate({ article, edition: 'ru' });
  await desk.publishDraft({ article, edition: 'ru', expectedVersion: draft.version });
  await correct('en', 1, 'Bridge closed');
  await desk.retract({ article, kind: 'KILL' });
  await deliverAt(1);
  expect(types()).toEqual([]);
  expect(await states()).toEqual(['CORRECTION_OWED SUPERSEDED']);
  expect((await webhooks.of(home)).filter(({ state }) => state === 'DELIVERED')).toEqual([]);
});
