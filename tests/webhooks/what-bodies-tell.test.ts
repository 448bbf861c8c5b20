import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type EndpointRow, PayloadShape } from '../../src/webhooks/endpoint.js';
import { WebhookTopic } from '../../src/webhooks/webhook-topic.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { openReceiver, type Receiver } from '../support/receiver.js';
import { addEndpoint, type Webhooks, webhooksOver } from '../support/webhooks.js';

let gateway: TestGateway;
let operator: Operator;
let chief: Desk;
let webhooks: Webhooks;
let receiver: Receiver;
const asked: { document: string; variables: Record<string, unknown>; partner: string | undefined }[] = [];
beforeAll(async () => {
  gateway = await openGateway();
  webhooks = await webhooksOver(gateway, {
    runDocument: async (document, variables, { scope }) => {
      asked.push({ document, variables, partner: scope?.partner.code });
      return JSON.stringify({ data: { said: document.length > 100 ? 'x'.repeat(300_000) : 'ok' } });
    },
  });
  operator = await operatorOf(gateway);
  chief = await deskOf(gateway, 'Chief', { en: Role.CHIEF, tt: Role.CHIEF, ru: Role.CHIEF });
  await webhooks.plan();
});
afterAll(() => gateway.close());
beforeEach(async () => {
  webhooks.at(testNow);
  receiver = await openReceiver();
});
afterEach(async () => {
  await receiver.close();
  await gateway.dataSource.query('delete from endpoint');
});

let count = 0;
async function partnerWith(terms: object, more: object = {}): Promise<{ partner: string; entitlement: string }> {
  const partner = `told-${++count}`;
  await operator.savePartner({ code: partner, name: 'An Outlet', expectedVersion: 0, ...more });
  const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms });
  await webhooks.plan();
  return { partner, entitlement: id };
}
const full = { editions: ['tt', 'ru'], level: 'FULL', images: false };
const endpoint = (partnerCode: string, more: Partial<EndpointRow> = {}) =>
  addEndpoint(gateway.dataSource, { partnerCode, url: receiver.url, ...more });

async function storyIn(editions: Record<string, object>, more: object = {}): Promise<ReturnType<typeof makeStory>> {
  const story = makeStory({ id: `told-${++count}`, publishedAt: new Date(testNow.getTime() - 1_000).toISOString(), editions, ...more });
  await write(gateway, [story]);
  return story;
}
const text = (headline: string) => ({ headline, blocks: [paragraph(`${headline}.`)] });

describe('a thin body', () => {
  test('names the text and nothing of its words, with the headers of Standard Webhooks', async () => {
    const { partner } = await partnerWith(full);
    const to = await endpoint(partner, { topics: [WebhookTopic.TEXT_PUBLISHED] });
    const story = await storyIn({ tt: { headline: 'Сүзләр' } });
    await webhooks.deliver();
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body, bytes, id }] = receiver.received as [(typeof receiver.received)[0]];
    expect(headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'webhook-id': body.data.event },
      ...{ 'webhook-timestamp': `${testNow.getTime() / 1000}`, 'user-agent': expect.stringContaining('Dragoman') },
    });
    expect(body).toEqual({
      ...{ type: 'text.published', timestamp: expect.any(String) },
      data: {
        ...{ event: id, sequence: 1, article: urnOf(story) },
        texts: [
          {
            ...{ id: urnOf(story, 'tt'), edition: 'tt', lang: 'tt', revision: 1, gone: null },
            url: `http://gateway.test/items/${urnOf(story, 'tt')}.json`,
          },
        ],
      },
    });
    expect(bytes.toString()).not.toContain('Сүзләр');
    expect(await webhooks.of(to)).toMatchObject([{ state: 'DELIVERED', attempts: 1, status: 204, body: null }]);
  });

  test('is told of what was chosen, and of what is taken back always; an edition that was not asked for not at all', async () => {
    const { partner } = await partnerWith(full);
    const to = await endpoint(partner, { topics: [WebhookTopic.TEXT_CORRECTED], editions: ['tt'] });
    const other = await endpoint(partner, { topics: Object.values(WebhookTopic), editions: ['ru'] });
    const story = await storyIn({ tt: {} });
    const article = urnOf(story);
    await chief.editMinor({ article, edition: 'tt', expectedRevision: 1, text: text('Кечкенә') });
    await webhooks.deliver();
    await chief.correct({ article, edition: 'tt', expectedRevision: 2, text: text('Төзәтелде'), meaning: { note: 'Төзәтелде.' } });
    await webhooks.deliver();
    await chief.retract({ article, edition: 'tt', kind: 'KILL' });
    await webhooks.deliver();
    expect(receiver.received.map(({ body }) => [body.type, body.data.texts[0].revision, body.data.texts[0].gone?.kind])).toEqual([
      ['text.corrected', 3, undefined],
      ['text.retracted', 3, 'KILL'],
    ]);
    const told = receiver.received.map(({ body }) => body.data.sequence);
    expect(told).toEqual([...told].sort((one, next) => one - next));
    const states = (await webhooks.of(to)).map(({ topic, state }) => `${topic} ${state}`);
    expect(states).toContain('TEXT_CORRECTED DELIVERED');
    expect(await webhooks.of(other)).toEqual([]);
  });

  test('of a partner without the right tells nothing and does not exist', async () => {
    const { partner } = await partnerWith({ ...full, editions: ['ru'] });
    const to = await endpoint(partner);
    await storyIn({ tt: {} });
    await webhooks.deliver();
    expect(receiver.received).toEqual([]);
    expect(await webhooks.of(to)).toMatchObject([{ state: 'NOTHING', attempts: 0, body: null }]);
  });

  test('comes as late as its partner is told', async () => {
    const { partner } = await partnerWith(full, { delaySeconds: 600 });
    await endpoint(partner);
    await storyIn({ tt: {} });
    await webhooks.deliver();
    expect(receiver.received).toEqual([]);
    webhooks.at(new Date(testNow.getTime() + 601_000));
    await webhooks.deliver();
    expect(receiver.received.map(({ body }) => body.type)).toEqual(['text.published']);
  });

  test('tells one partner alone of what is its own', async () => {
    const [one, other] = [await partnerWith(full), await partnerWith(full)];
    await endpoint(one.partner);
    await endpoint(other.partner);
    await operator.endEntitlement({ id: one.entitlement, expectedVersion: 1 });
    await webhooks.deliver();
    expect(receiver.received.map(({ body }) => [body.type, Object.keys(body.data)])).toEqual([
      ['entitlements.changed', ['event', 'sequence']],
    ]);
  });
});

describe('a full body', () => {
  test.each([
    ['json', { id: expect.any(String), title: 'Бөтен сүзләр' }],
    ['ninjs', { uri: expect.any(String), headlines: [expect.objectContaining({ value: 'Бөтен сүзләр' })] }],
  ])('has the text inline as %s', async (format, item) => {
    const { partner } = await partnerWith(full);
    await endpoint(partner, { payload: PayloadShape.FULL, format });
    const story = await storyIn({ tt: { headline: 'Бөтен сүзләр' } });
    await webhooks.deliver();
    expect(receiver.received[0]?.body.data.texts[0]).toMatchObject({ id: urnOf(story, 'tt'), item });
    expect(webhooks.held.at(-1)).toMatchObject([partner, 'WEBHOOK', [{ editionCode: 'tt', revision: 1, notices: expect.any(Array) }]]);
  });

  test.each(['newsml', 'html'])('has the text as a document of %s', async (format) => {
    const { partner } = await partnerWith(full);
    await endpoint(partner, { payload: PayloadShape.FULL, format });
    await storyIn({ tt: { headline: 'Бөтен сүзләр' } });
    await webhooks.deliver();
    const [{ document, media_type }] = receiver.received[0]?.body.data.texts;
    expect(document).toContain('Бөтен сүзләр');
    expect(media_type).toMatch(/xml|html/u);
  });

  test('that is too large is a thin one that says so, and no holding', async () => {
    const { partner } = await partnerWith(full);
    await endpoint(partner, { payload: PayloadShape.FULL, format: 'json' });
    const before = webhooks.held.length;
    await storyIn({ tt: { blocks: [paragraph('Сүз '.repeat(60_000))] } });
    await webhooks.deliver();
    const [{ bytes, body }] = receiver.received as [(typeof receiver.received)[0]];
    expect(bytes.length).toBeLessThan(20_000);
    expect(body.data).toMatchObject({ full: 'TOO_LARGE', texts: [{ url: expect.stringContaining('/items/') }] });
    expect(body.data.texts[0].item).toBeUndefined();
    expect(webhooks.held).toHaveLength(before);
  });
});

describe('a document of the partner’s own', () => {
  test('is answered with what is told as its variables', async () => {
    const { partner } = await partnerWith(full);
    const document = 'query($translation: ID) { node(id: $translation) { id } }';
    await endpoint(partner, { payload: PayloadShape.DOCUMENT, document, variables: { mine: 1 } });
    const story = await storyIn({ tt: {} });
    await webhooks.deliver();
    const [{ body }] = receiver.received as [(typeof receiver.received)[0]];
    expect(body.data.result).toEqual({ data: { said: 'ok' } });
    expect(asked.at(-1)).toEqual({
      ...{ document, partner },
      variables: { mine: 1, event: body.data.event, article: urnOf(story), translation: urnOf(story, 'tt'), edition: 'tt' },
    });
  });

  test('whose answer is too large is a thin body', async () => {
    const { partner } = await partnerWith(full);
    await endpoint(partner, { payload: PayloadShape.DOCUMENT, document: `query { ${'a '.repeat(60)} }` });
    await storyIn({ tt: {} });
    await webhooks.deliver();
    expect(receiver.received[0]?.body.data).toMatchObject({ full: 'TOO_LARGE' });
  });
});
