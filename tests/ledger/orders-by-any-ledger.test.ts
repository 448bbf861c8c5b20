import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleUuid } from '../../src/ingest/ids.js';
import { takedownConsumer } from '../../src/ledger/takedown-consumer.js';
import { sweepTakedowns } from '../../src/ledger/takedown-sweep.js';
import { deliverEvents } from '../../src/publishing/consumer.queries.js';
import { EventKind } from '../../src/publishing/event.js';
import { lockArticles, writeEvents } from '../../src/publishing/event.queries.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, write } from '../support/make-story.js';
import { numberAll } from '../support/number-all.js';
import { operatorOf } from '../support/partners.js';
import { hold } from '../support/takedowns.js';

const partners = ['p1', 'p2', 'p3', 'p4'];
const editions = ['en', 'ru', 'tt'];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  const operator = await operatorOf(gateway);
  const story = (id: string) => makeStory({ id, editions: { en: {}, ru: {}, tt: {} } });
  await write(gateway, [story('any-killed'), story('any-other')]);
  for (const code of partners) await operator.savePartner({ code, name: code, expectedVersion: 0 });
});
afterAll(() => gateway.close());

const holding = fc.record({
  partner: fc.constantFrom(...partners),
  story: fc.constantFrom('killed', 'other'),
  edition: fc.constantFrom(...editions),
  revision: fc.integer({ min: 1, max: 3 }),
  channel: fc.constantFrom('FEED' as const, 'WEBHOOK' as const, 'GRAPHQL' as const),
  /** Whether it is written before the story is taken back, or after. */
  late: fc.boolean(),
});
const retraction = fc.record({
  edition: fc.option(fc.constantFrom(...editions)),
  revision: fc.option(fc.integer({ min: 1, max: 3 })),
});

const [killed, other] = [articleUuid('any-killed'), articleUuid('any-other')];
test('whatever partners hold and whatever is taken back: the orders are those that the ledger shows, each once, with what is held', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(holding, { maxLength: 12 }), retraction, async (holdings, { edition, revision: wished }) => {
      const revision = edition === null ? null : wished;
      for (const table of ['takedown_order', 'takedown_cause', 'holding']) await gateway.dataSource.query(`delete from ${table}`);
      const given = holdings.map(({ story: name, late, ...rest }) => ({
        late,
        given: { ...rest, article: name === 'killed' ? killed : other, at: testNow },
      }));
      const written = (late: boolean) => given.filter((each) => each.late === late).map((each) => each.given);
      await hold(gateway, ...written(false));
      await gateway.dataSource.transaction(async (manager) => {
        await lockArticles(manager, [killed]);
        await writeEvents(manager, [
          { kind: EventKind.RETRACTED, at: testNow, articleUuid: killed, editionCode: edition, revision, data: { kind: 'KILL' } },
        ]);
      });
      await numberAll(gateway);
      const { manager } = gateway.dataSource;
      while (
        (await deliverEvents(
          manager,
          takedownConsumer(() => testNow),
          100,
        )) > 0
      );
      await hold(gateway, ...written(true));

      const soon = new Date(testNow.getTime() + 2_000);
      while (await sweepTakedowns({ manager, clock: () => soon }));

      const expected = new Map<string, string[]>();
      for (const each of holdings) {
        if (each.story !== 'killed' || (edition !== null && each.edition !== edition) || (revision !== null && each.revision !== revision))
          continue;
        const texts = new Set([...(expected.get(each.partner) ?? []), `${each.edition} ${each.revision} ${each.channel}`]);
        expected.set(each.partner, [...texts].sort());
      }
      const rows: { partner: string; texts: { edition: string; revision: number; channel: string }[] }[] = await manager.query(
        'select partner_code as partner, texts from takedown_order where article_uuid in ($1, $2)',
        [killed, other],
      );
      const found = rows.map(({ partner, texts }) => [
        partner,
        texts.map((text) => `${text.edition} ${text.revision} ${text.channel}`).sort(),
      ]);
      expect(found.sort()).toEqual([...expected].sort());
    }),
    { numRuns: 40 },
  );
});
