import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { inPackage } from '../../src/lib/root.js';
import { loadWording } from '../../src/lib/wording.js';
import { EventKind, EventRow } from '../../src/publishing/event.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { contextOf } from '../../src/server/feed-context.js';
import type { DeliveryRow } from '../../src/webhooks/delivery.js';
import { deskSource } from '../../src/webhooks/desk-source.js';
import { deskTopicOf } from '../../src/webhooks/desk-topic.js';
import { type EndpointRow, EndpointState, PayloadShape } from '../../src/webhooks/endpoint.js';
import type { Body, MessageSource } from '../../src/webhooks/message-source.js';
import { WebhookTopic } from '../../src/webhooks/webhook-topic.js';
import { type DeskMessage, deskMessageBytes } from '../../src/webhooks/write-desk-message.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { gatewayParts } from '../support/gateway-parts.js';
import { testFindCaller } from '../support/keys.js';
import { numberAll } from '../support/number-all.js';
import { editions, speakerIn } from '../support/sample-registry.js';

const uuid = '0b8f0c1e-6f0e-4f57-9f0e-2f4f3c1d5a77';
const eventOf = (kind: EventKind, more: Partial<EventRow> = {}): EventRow => ({
  ...{ seq: '7', uuid: randomUUID(), kind, articleUuid: uuid, editionCode: null, revision: null, at: testNow, data: {} },
  ...more,
});

describe('as what the desk of an edition might be told of an event', () => {
  const by = { editionCode: 'ru' };
  const other = { editionCode: 'en' };
  test.each<[string, EventRow, WebhookTopic | null]>([
    ['a correction it owes', eventOf(EventKind.OBLIGATION_OPENED, by), WebhookTopic.CORRECTION_OWED],
    ['one that another owes', eventOf(EventKind.OBLIGATION_OPENED, other), null],
    ['one that is overdue', eventOf(EventKind.OBLIGATION_OVERDUE, by), WebhookTopic.CORRECTION_OVERDUE],
    ['one that is settled', eventOf(EventKind.OBLIGATION_SETTLED, by), null],
    ['its claim that ends soon', eventOf(EventKind.CLAIM_EXPIRING, by), WebhookTopic.CLAIM_EXPIRING],
    ['the claim of another', eventOf(EventKind.CLAIM_EXPIRING, other), null],
    ['another edition that is taken back', eventOf(EventKind.RETRACTED, other), WebhookTopic.SOURCE_RETRACTED],
    ['a revision of another', eventOf(EventKind.RETRACTED, { ...other, revision: 2 }), WebhookTopic.SOURCE_RETRACTED],
    ['a whole story', eventOf(EventKind.RETRACTED), WebhookTopic.SOURCE_RETRACTED],
    ['its own text that is taken back', eventOf(EventKind.RETRACTED, by), null],
    ['a picture', eventOf(EventKind.RETRACTED, { data: { image: 'bridge' } }), null],
    ['a picture that is back', eventOf(EventKind.RESTORED, { data: { image: 'bridge' } }), null],
    ['a text of another', eventOf(EventKind.PUBLISHED, other), WebhookTopic.TRANSLATION_WANTED],
    ['its own text', eventOf(EventKind.PUBLISHED, by), null],
    ['a revision of another', eventOf(EventKind.REVISED, other), null],
    ['the end of an embargo', eventOf(EventKind.EMBARGO_LIFTED), WebhookTopic.TRANSLATION_WANTED],
    ['an embargo lifted early', eventOf(EventKind.EMBARGO_SET, { data: { until: null } }), WebhookTopic.TRANSLATION_WANTED],
    ['an embargo', eventOf(EventKind.EMBARGO_SET, { data: { until: testNow.toISOString() } }), null],
    ['a story that has become urgent', eventOf(EventKind.STORY_CHANGED), WebhookTopic.TRANSLATION_WANTED],
    ['what is of no story', eventOf(EventKind.REGISTRY_CHANGED, { articleUuid: null }), null],
  ])('%s', (_, event, topic) => {
    expect(deskTopicOf(event, 'ru')).toBe(topic);
  });
});

describe('a message', () => {
  let wording: Awaited<ReturnType<typeof loadWording>>;
  beforeAll(async () => {
    wording = await loadWording(inPackage('locales'));
  });
  const written = (edition: string, more: Partial<DeskMessage>) => {
    const speaker = speakerIn(wording, editions.find(({ code }) => code === edition)!);
    const head = {
      topic: WebhookTopic.CORRECTION_OWED,
      at: testNow,
      event: uuid,
      sequence: 3,
      article: `urn:newsml:x.example:20261123:${uuid}`,
    };
    const source = {
      edition: 'en',
      name: 'English',
      revision: 2,
      text: { headline: 'Bridge closed', url: 'https://x.example/read/en/bridge' },
    };
    const bytes = deskMessageBytes(head, {
      ...{ wording: 'correctionOwed', edition, speaker, source, own: null, by: new Date('2026-11-24T09:30:00Z'), holder: null },
      ...{ explorer: 'https://x.example/explorer/', ...more },
    });
    return {
      bytes,
      ...(JSON.parse(bytes.toString()) as { type: string; data: { text: string; headline: string | null } & Record<string, unknown> }),
    };
  };
  const wordings = [
    'correctionOwed',
    'correctionOverdue',
    'sourceRetracted',
    'revisionRetracted',
    'storyRetracted',
    'translationWanted',
    'claimExpiring',
  ] as const;

  test.each(editions.map(({ code }) => code))('to the desk of %s is worded in its language, with every value in its place', (edition) => {
    const said = wordings.map((each) => {
      const { data } = written(edition, { wording: each, holder: each === 'claimExpiring' ? 'Anna' : null });
      expect(data.text).not.toMatch(/[{}]|undefined|\.\./u);
      expect(data.text.split('\n').slice(1)).toEqual(['Bridge closed', 'https://x.example/read/en/bridge']);
      if (each === 'claimExpiring') expect(data.text).toContain('Anna');
      else if (each !== 'storyRetracted') expect(data.text).toContain('English');
      return data.text;
    });
    expect(new Set(said).size).toBe(wordings.length);
    if (process.env['PRINT_DESKS']) process.stdout.write(`${said.join('\n')}\n`);
  });

  test('says by when in the calendar and digits of the edition, and sets a name of the other direction apart', () => {
    expect(written('fa', {}).data.text).toMatch(/\(\u2068English\u2069\).*۱۴۰۵/u);
    expect(written('ru', { wording: 'claimExpiring', holder: 'علی' }).data.text).toContain('\u2068علی\u2069, до 24 ноября 2026');
    expect(written('ru', {}).data).toMatchObject({ lang: 'ru', dir: 'ltr', due_at: '2026-11-24T09:30:00.000Z' });
  });

  test('names the edition’s own text where it has one, and the story’s id where no words may be read', () => {
    expect(
      written('ru', { own: { headline: 'Мост закрыт', url: 'https://x.example/read/ru/most' } })
        .data.text.split('\n')
        .slice(1),
    ).toEqual(['Мост закрыт', 'https://x.example/read/ru/most']);
    const { text, headline } = written('ru', { source: { edition: 'en', name: 'English', revision: 2, text: null } }).data;
    expect([headline, text.split('\n').slice(1)]).toEqual([null, [`urn:newsml:x.example:20261123:${uuid}`]]);
  });

  test('is below 20 kB whatever a headline is like', () => {
    const { bytes, data } = written('tt', { own: { headline: '𐌰'.repeat(8_000), url: 'https://x.example/a' } });
    expect(bytes.length).toBeLessThan(20_000);
    expect(data.headline).toBeNull();
  });
});

describe('the desk of ru', () => {
  let gateway: TestGateway;
  let desk: Desk;
  let source: MessageSource;
  let clock: Date;
  let article: string;
  let mark = 0;

  const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
  const at = (count: number): void => {
    clock = minutes(count);
    gateway.at(clock);
  };
  const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });
  const correct = (edition: string, expectedRevision: number, headline: string) =>
    desk.correct({ article, edition, expectedRevision, text: text(headline), meaning: { note: 'It was another.' } });
  const create = async (more: object = {}): Promise<void> => {
    const { draft } = await desk.createArticle({ edition: 'en', authors: [], text: text('Bridge opened'), ...more });
    article = draft.articleId;
    await desk.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  };
  const translated = async (edition: string, headline?: string, sources?: string[]): Promise<void> => {
    const { draft } = await desk.translate({ article, edition, ...(sources && { sources }) });
    const saved = headline && (await desk.saveDraft({ article, edition, expectedVersion: draft.version, text: text(headline) })).draft;
    await desk.publishDraft({ article, edition, expectedVersion: (saved || draft).version });
  };
  const pass = async (): Promise<void> => {
    const say = (): void => {};
    const { manager } = gateway.dataSource;
    await makeScheduler({ manager, clock: () => clock, works: { DRAFT: publishScheduled }, log: { info: say, error: say } }).pass();
  };
  const endpoint = (edition: string, topics = Object.values(WebhookTopic)): EndpointRow => ({
    ...{ uuid, partnerCode: null, editionCode: edition, url: 'https://chat.example/', description: '', topics, editions: [] },
    ...{
      payload: PayloadShape.THIN,
      format: null,
      document: null,
      variables: null,
      secret: '',
      formerSecret: null,
      formerSecretUntil: null,
    },
    ...{ state: EndpointState.ACTIVE, disabledBecause: null, concurrency: 1, failingSince: null, notBefore: null, lastSequence: '0' },
    ...{ version: 1, createdAt: testNow },
  });
  /** What has happened to the story since the last `forget`. */
  const events = async (): Promise<EventRow[]> => {
    await numberAll(gateway);
    const rows = await gateway.dataSource.getRepository(EventRow).findBy({ articleUuid: article.split(':').at(-1)! });
    return rows.filter(({ seq }) => Number(seq) > mark).sort((one, other) => Number(one.seq) - Number(other.seq));
  };
  const forget = async (): Promise<void> => {
    mark = Math.max(mark, ...(await events()).map(({ seq }) => Number(seq)));
  };
  /** What a desk is told of it now: `topic: first line | second line`, or what became of the message; messages that are nothing are left out. */
  const told = async (edition = 'ru', to = endpoint(edition)): Promise<string[]> => {
    const round = source.begin();
    const lines: string[] = [];
    for (const event of await events()) {
      const topic = source.wants(event, to);
      if (topic === null) continue;
      const written = await round.write({ endpoint: to, event, sequence: 1 });
      if (typeof written === 'string') lines.push(...(written === 'NOTHING' ? [] : [`${topic}: ${written}`]));
      else lines.push(`${written.topic}: ${dataIn(written).headline}`);
    }
    return lines;
  };
  const dataIn = ({ bytes }: Body) => JSON.parse(bytes.toString()).data as Record<string, unknown> & { text: string };
  const firstBody = async (edition = 'ru'): Promise<{ event: EventRow; body: Body }> => {
    const round = source.begin();
    for (const event of await events()) {
      if (source.wants(event, endpoint(edition)) === null) continue;
      const body = await round.write({ endpoint: endpoint(edition), event, sequence: 1 });
      if (typeof body !== 'string') return { event, body };
    }
    throw new Error('nothing was told');
  };

  beforeAll(async () => {
    gateway = await openGateway();
    desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
    const { dataSource } = gateway;
    const wording = await loadWording(inPackage('locales'));
    const parts = {
      ...gatewayParts,
      dataSource,
      wording,
      clock: () => clock,
      findCaller: testFindCaller(dataSource, { clock: () => clock }),
    };
    source = deskSource({ manager: dataSource.manager, contextOf: contextOf(parts, 'webhooks') });
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    await gateway.dataSource.query('delete from timer');
    at(0);
  });

  describe('that has translated a story', () => {
    beforeEach(async () => {
      await create();
      await translated('ru', 'Мост открыт');
      await forget();
    });

    test('is told what it owes by a correction, and that it is overdue, until it has taken it over', async () => {
      await correct('en', 1, 'Bridge closed');
      expect(await told()).toEqual(['CORRECTION_OWED: Мост открыт']);
      const { body } = await firstBody();
      expect(dataIn(body)).toMatchObject({
        ...{ article, edition: 'ru', lang: 'ru', due_at: minutes(24 * 60).toISOString() },
        source: { edition: 'en', revision: 2, headline: 'Bridge closed' },
      });
      expect(JSON.parse(body.bytes.toString()).type).toBe('correction.owed');
      at(24 * 60);
      await pass();
      expect(await told()).toEqual(['CORRECTION_OWED: Мост открыт', 'CORRECTION_OVERDUE: Мост открыт']);
      await desk.confirmStillAccurate([`${article}.ru`]);
      expect(await told()).toEqual(['CORRECTION_OWED: SUPERSEDED', 'CORRECTION_OVERDUE: SUPERSEDED']);
      expect(await told('tt')).toEqual([]);
    });

    test('is told of a source that is taken back, without its words, and no more once it is back', async () => {
      await translated('tt', 'Күпер ачылды', ['ru']);
      await forget();
      await desk.retract({ article, edition: 'en', kind: 'WITHHOLD', cascade: 'NONE' });
      expect(await told()).toEqual(['SOURCE_RETRACTED: Мост открыт']);
      // By way of ru, which was made from it.
      expect(await told('tt')).toEqual(['SOURCE_RETRACTED: Күпер ачылды']);
      expect(await told('en')).toEqual([]);
      expect(await told('fa')).toEqual([]);
      const { body } = await firstBody();
      expect(body.bytes.toString()).not.toContain('Bridge');
      await desk.restore({ article, edition: 'en', reason: 'It was right.' });
      expect(await told()).toEqual(['SOURCE_RETRACTED: SUPERSEDED']);
    });

    test('is told of a revision that is taken back where its text was made from that one', async () => {
      await correct('en', 1, 'Bridge closed');
      await translated('tt', 'Күпер ябылды', ['en']);
      await forget();
      await desk.retract({ article, edition: 'en', revision: 2, kind: 'KILL', cascade: 'NONE' });
      expect((await told()).filter((each) => each.startsWith('SOURCE'))).toEqual([]);
      expect(await told('tt')).toEqual(['SOURCE_RETRACTED: Күпер ябылды']);
      expect(dataIn((await firstBody('tt')).body).source).toEqual({ edition: 'en', revision: 2, headline: 'Bridge opened' });
    });

    test('is told of a story that is taken back, by its id alone; its home edition knows', async () => {
      await desk.retract({ article, kind: 'KILL' });
      expect(await told()).toEqual(['SOURCE_RETRACTED: null']);
      expect(await told('en')).toEqual([]);
      expect(await told('fa')).toEqual([]);
      const data = dataIn((await firstBody()).body);
      expect(data.text.split('\n').slice(1)).toEqual([article]);
      expect(data.source).toBeNull();
    });

    test('is repeated what it was told while the words in it stand', async () => {
      await correct('en', 1, 'Bridge closed');
      const { event, body } = await firstBody();
      const delivery = { eventSeq: event.seq, texts: body.texts, writtenAt: clock } as DeliveryRow;
      const may = () => source.begin().mayRepeat({ endpoint: endpoint('ru'), delivery });
      expect(body.texts.map(({ editionCode, revision }) => [editionCode, revision])).toEqual([
        ['ru', 1],
        ['en', 2],
      ]);
      expect(await may()).toBe(true);
      await desk.setEmbargo(article, minutes(600).toISOString());
      expect(await may()).toBe(false);
      await desk.setEmbargo(article, null);
      expect(await may()).toBe(true);
      await desk.retract({ article, edition: 'en', revision: 2, kind: 'KILL', cascade: 'NONE' });
      expect(await may()).toBe(false);
    });
  });

  describe('that has not translated a story', () => {
    test('is told that it is wanted when it is urgent, and only then', async () => {
      await create({ urgency: 2 });
      expect(await told()).toEqual(['TRANSLATION_WANTED: Bridge opened']);
      expect(await told('en')).toEqual([]);
      expect(await told('ru', endpoint('ru', [WebhookTopic.CORRECTION_OWED]))).toEqual([]);
      await create({ urgency: 3 });
      expect(await told()).toEqual([]);
      await desk.ask('mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { __typename } }', {
        input: { article, expectedVersion: 1, kind: 'NEWS', urgency: 1, topics: [], people: [], places: [], agencies: [], credits: [] },
      });
      expect((await told()).slice(0, 1)).toEqual(['TRANSLATION_WANTED: Bridge opened']);
    });

    test('is not told so while somebody works on it, once it has a text, and for ever', async () => {
      await create({ urgency: 1 });
      await desk.translate({ article, edition: 'ru' });
      expect(await told()).toEqual([]);
      at(241);
      await pass();
      expect(await told()).toContain('TRANSLATION_WANTED: Bridge opened');
      at(31 * 24 * 60);
      expect((await told()).filter((each) => each.startsWith('TRANSLATION'))).toEqual([]);
      at(300);
      await translated('ru');
      expect((await told()).filter((each) => each.startsWith('TRANSLATION'))).toEqual([]);
    });

    test('is told once, although other editions follow', async () => {
      await create({ urgency: 1 });
      await translated('tt', 'Күпер ачылды');
      expect(await told()).toEqual(['TRANSLATION_WANTED: Bridge opened', 'TRANSLATION_WANTED: Күпер ачылды']);
      const [first] = await events();
      await gateway.dataSource.query(
        `insert into endpoint (uuid, edition_code, url, description, topics, editions, payload, secret, state, concurrency, version, created_at)
         values ($1, 'ru', 'https://chat.example/', '', '{}', '{}', 'THIN', '', 'ACTIVE', 1, 1, now())`,
        [uuid],
      );
      await gateway.dataSource.query(
        `insert into delivery (endpoint_uuid, message_id, event_seq, article_uuid, topic, sequence, state, next_at, created_at)
         values ($1, $2, $3, $4, 'TRANSLATION_WANTED', 1, 'DELIVERED', now(), now())`,
        [uuid, first!.uuid, first!.seq, first!.articleUuid],
      );
      expect(await told()).toEqual(['TRANSLATION_WANTED: Bridge opened']);
    });

    test('is told nothing of what is under embargo, in whatever words, before that ends', async () => {
      await create({ urgency: 1, embargoUntil: minutes(60).toISOString() });
      expect(await told()).toEqual([]);
      at(60);
      await pass();
      expect((await told()).at(-1)).toBe('TRANSLATION_WANTED: Bridge opened');
    });

    test('is told that its claim ends, of what is under embargo by its id', async () => {
      await create({ embargoUntil: minutes(600).toISOString() });
      await desk.translate({ article, edition: 'ru' });
      at(225);
      await pass();
      expect(await told()).toEqual(['CLAIM_EXPIRING: null']);
      const { body } = await firstBody();
      expect(dataIn(body)).toMatchObject({ holder: 'Anna', until: minutes(240).toISOString() });
      expect(body.bytes.toString()).not.toContain('Bridge');
      await desk.translate({ article, edition: 'ru' });
      expect(await told()).toEqual(['CLAIM_EXPIRING: SUPERSEDED']);
    });
  });
});
