import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { type Operator, operatorOf } from '../support/partners.js';

let gateway: TestGateway;
let operator: Operator;
let kremlin: string;
let saiga: string;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  kremlin = await urnOf('kremlin-dialogue');
  saiga = await urnOf('saiga-return');
});
afterAll(() => gateway.close());
beforeEach(() => gateway.at(testNow));

const rows = (statement: string, values: unknown[] = []) => gateway.dataSource.query(statement, values);
const later = (days: number): Date => new Date(testNow.getTime() + days * 86_400_000);

/** The URN of a sample story by its id. */
async function urnOf(sample: string): Promise<string> {
  const [{ domain, day, uuid }] = await rows('select domain, issued_on as day, uuid from article where foreign_id = $1', [
    `sample-${sample}`,
  ]);
  return `urn:newsml:${domain}:${day}:${uuid}`;
}

let count = 0;
/** A partner of the test’s own, with one entitlement for each of the terms. */
async function partnerWith(...all: object[]): Promise<{ partner: string; ids: string[] }> {
  const partner = `outlet-${++count}`;
  await operator.savePartner({ code: partner, name: 'An Outlet', expectedVersion: 0 });
  const ids = [];
  for (const terms of all) ids.push((await operator.saveEntitlement({ partner, expectedVersion: 0, terms })).id);
  return { partner, ids };
}

const explained = async (partner: string, translation: string, at?: Date) => {
  const { data, errors } = await operator.ask(
    `query($partner: String!, $translation: ID!, $at: DateTimeISO) { explainAccess(partner: $partner, translation: $translation, at: $at) {
       access { allowed level images territories reason omitted { part image reason } }
       trace { rule entitlement subject failed deciding }
     } }`,
    { partner, translation, at },
  );
  return data?.explainAccess ?? errors?.[0]?.extensions.code;
};
const accessTo = async (partner: string, translation: string, at?: Date) => (await explained(partner, translation, at)).access;

describe('what a partner may have of a story', () => {
  test('is told with every rule that was looked at, and the one that decided', async () => {
    const { partner, ids } = await partnerWith({ editions: ['ru', 'tt'], images: false });
    const { access, trace } = await explained(partner, `${kremlin}.tt`);
    expect(access).toEqual({
      ...{ allowed: true, level: 'FULL', images: false, territories: [], reason: 'ENTITLED' },
      omitted: [{ part: 'IMAGE', image: 'foreign-ministry', reason: 'IMAGES_NOT_INCLUDED' }],
    });
    const [id] = ids;
    expect(trace).toContainEqual({ rule: 'AGENCY', entitlement: id, subject: 'reuters', failed: null, deciding: false });
    expect(trace).toContainEqual({ rule: 'AGENCY', entitlement: id, subject: 'tass', failed: null, deciding: false });
    expect(trace.at(-1)).toEqual({
      rule: 'IMAGE',
      entitlement: id,
      subject: 'foreign-ministry',
      failed: 'IMAGES_NOT_INCLUDED',
      deciding: false,
    });
    expect(trace.filter((step: { deciding: boolean }) => step.deciding)).toEqual([
      { rule: 'LEVEL', entitlement: id, subject: 'FULL', failed: null, deciding: true },
    ]);
  });

  test('is nothing of another edition, nor before or after its time', async () => {
    const { partner } = await partnerWith({ editions: ['tt'], validUntil: later(1) });
    expect(await accessTo(partner, `${kremlin}.en`)).toMatchObject({ allowed: false, level: null, reason: 'EDITION_NOT_INCLUDED' });
    expect(await accessTo(partner, `${kremlin}.tt`, later(1))).toMatchObject({ allowed: false, reason: 'ENTITLEMENT_ENDED' });
    expect(await accessTo(partner, `${kremlin}.tt`, later(-1))).toMatchObject({ allowed: false, reason: 'ENTITLEMENT_NOT_BEGUN' });
    expect(await accessTo((await partnerWith()).partner, `${kremlin}.tt`)).toMatchObject({ allowed: false, reason: 'NO_ENTITLEMENT' });
  });

  test('depends on the story: its topics, form and embargo', async () => {
    const leap = await urnOf('embargoed-leap-year');
    const { partner } = await partnerWith({ topics: ['environment'], kinds: ['FEATURE'] });
    expect(await accessTo(partner, `${saiga}.kk`)).toMatchObject({ allowed: true });
    expect(await accessTo(partner, `${kremlin}.tt`)).toMatchObject({ reason: 'KIND_NOT_INCLUDED' });
    expect(await accessTo(partner, `${await urnOf('tatar-alphabets')}.tt`).catch(() => null)).toMatchObject({
      reason: 'TOPIC_NOT_INCLUDED',
    });
    expect(await accessTo((await partnerWith({})).partner, `${leap}.en`)).toMatchObject({ reason: 'EMBARGOED' });
    expect(await accessTo((await partnerWith({ early: true })).partner, `${leap}.en`)).toMatchObject({ allowed: true });
  });

  test('is nothing of what was taken back', async () => {
    const { partner } = await partnerWith({});
    expect(await accessTo(partner, `${await urnOf('caspian-level')}.en`)).toMatchObject({ reason: 'RETRACTED' });
  });

  test('is nothing of what has come to its end', async () => {
    const { partner } = await partnerWith({});
    const end = (at: Date | null) =>
      rows(`update translation set expires_at = $2 where article_uuid = $1 and edition_code = 'kk'`, [saiga.split(':').at(-1), at]);
    await end(testNow);
    expect(await accessTo(partner, `${saiga}.kk`)).toMatchObject({ allowed: false, reason: 'EXPIRED' });
    expect(await accessTo(partner, `${saiga}.en`)).toMatchObject({ allowed: true });
    await end(null);
  });

  test('cannot be asked of nobody, of no text, or of a draft', async () => {
    const { partner } = await partnerWith({});
    expect(await explained('nobody', `${kremlin}.tt`)).toBe('UNKNOWN_NAME');
    expect(await explained(partner, kremlin)).toBe('STORY_UNKNOWN');
    expect(await explained(partner, `${kremlin}.crh`)).toBe('NOT_PUBLISHED');
  });
});

describe('what an agency allows', () => {
  const rule = (agency: string, redistribution: string, territories: string[] = []) =>
    rows('update agency set redistribution = $2, redistribution_territories = $3 where code = $1', [agency, redistribution, territories]);
  beforeEach(() => rows(`update agency set redistribution = 'ENTITLED', redistribution_territories = '{}'`));

  test('holds for every edition of a story that credits it', async () => {
    const { partner } = await partnerWith({ excludedAgencies: ['tass'] });
    for (const edition of ['en', 'tt'])
      expect(await accessTo(partner, `${kremlin}.${edition}`)).toMatchObject({ reason: 'AGENCY_EXCLUDED' });
    await rule('tass', 'FREE');
    expect(await accessTo(partner, `${kremlin}.tt`)).toMatchObject({ allowed: true });
    await rule('tass', 'NONE');
    expect(await accessTo((await partnerWith({})).partner, `${kremlin}.tt`)).toMatchObject({ reason: 'REDISTRIBUTION_NONE' });
    await rule('tass', 'ENTITLED', ['RU']);
    expect(await accessTo((await partnerWith({})).partner, `${kremlin}.tt`)).toMatchObject({ reason: 'REDISTRIBUTION_TERRITORIES' });
    expect(await accessTo((await partnerWith({ territories: ['RU-TA', 'KZ'] })).partner, `${kremlin}.tt`)).toMatchObject({
      territories: ['RU-TA'],
    });
  });

  test('travels from an edition to what was made from it, over every step, and no further', async () => {
    const { partner } = await partnerWith({});
    const uuid = randomUUID();
    await rows(`insert into article values ($1, 'meridian.example', '20261101', 'en', 'NEWS', 5, null, $2)`, [uuid, later(-50)]);
    for (const edition of ['en', 'ru', 'tt', 'ba']) {
      await rows(`insert into translation values ($1, $2, $2 = 'en', 1, 'travels', $3, $3, null, '', '')`, [uuid, edition, later(-50)]);
      await rows(
        `insert into revision (article_uuid, edition_code, number, significance, origin, headline, body, word_count, published_at, content_hash)
         values ($1, $2, 1, 'UPDATE', 'HUMAN', 'x', '[]', 0, $3, '')`,
        [uuid, edition, later(-50)],
      );
    }
    await rows(`insert into revision_basis values ($1, 'tt', 1, 'ru', 1), ($1, 'ru', 1, 'en', 1), ($1, 'ba', 1, 'tt', 1)`, [uuid]);
    await rows(
      `insert into credit (uuid, article_uuid, edition_code, role, agency_code, position) values ($1, $2, 'ru', 'WIRE', 'afp', 0), ($3, $2, 'en', 'EDITOR', 'ap', 0)`,
      [randomUUID(), uuid, randomUUID()],
    );
    await rule('afp', 'NONE');
    await rule('ap', 'NONE');
    const urn = `urn:newsml:meridian.example:20261101:${uuid}`;
    const reasons = async () =>
      Promise.all(['en', 'ru', 'tt', 'ba'].map(async (edition) => (await accessTo(partner, `${urn}.${edition}`)).reason));
    expect(await reasons()).toEqual(['ENTITLED', 'REDISTRIBUTION_NONE', 'REDISTRIBUTION_NONE', 'REDISTRIBUTION_NONE']);
    // The Russian desk writes it anew without the agency: what was made from its former text still holds the copy.
    await rows(
      `insert into revision (article_uuid, edition_code, number, significance, origin, headline, body, word_count, published_at, content_hash)
       values ($1, 'ru', 2, 'UPDATE', 'MACHINE', 'y', '[]', 0, $2, '')`,
      [uuid, later(-49)],
    );
    await rows(`update translation set revision = 2 where article_uuid = $1 and edition_code = 'ru'`, [uuid]);
    await rows(`update credit set until = $2 where article_uuid = $1 and edition_code = 'ru'`, [uuid, later(-49)]);
    expect(await reasons()).toEqual(['ENTITLED', 'MACHINE_NOT_INCLUDED', 'REDISTRIBUTION_NONE', 'REDISTRIBUTION_NONE']);
    expect(await accessTo((await partnerWith({ machine: true })).partner, `${urn}.ru`)).toMatchObject({ allowed: true });
  });

  test('holds for the videos of a text that credits it for video, and of what was made from that, and for nothing else', async () => {
    const uuid = randomUUID();
    const url = 'https://video.example/flood.mp4';
    await rows(`insert into article values ($1, 'meridian.example', '20261101', 'en', 'NEWS', 5, null, $2)`, [uuid, later(-50)]);
    for (const [edition, shows] of [
      ['en', true],
      ['ru', true],
      ['tt', false],
      ['ba', true],
    ]) {
      await rows(`insert into translation values ($1, $2, $2 = 'en', 1, 'flood', $3, $3, null, '', '')`, [uuid, edition, later(-50)]);
      await rows(
        `insert into revision (article_uuid, edition_code, number, significance, origin, headline, body, word_count, published_at, content_hash)
         values ($1, $2, 1, 'UPDATE', 'HUMAN', 'x', $4, 0, $3, '')`,
        [uuid, edition, later(-50), JSON.stringify(shows ? [{ key: 'v1', type: 'video', url, title: 'Flood' }] : [])],
      );
    }
    await rows(`insert into revision_basis values ($1, 'ru', 1, 'en', 1), ($1, 'tt', 1, 'en', 1)`, [uuid]);
    await rows(
      `insert into credit (uuid, article_uuid, edition_code, role, agency_code, position) values ($1, $2, 'en', 'VIDEO', 'afp', 0)`,
      [randomUUID(), uuid],
    );
    const urn = `urn:newsml:meridian.example:20261101:${uuid}`;
    const omitted = async (partner: string) =>
      Promise.all(['en', 'ru', 'tt', 'ba'].map(async (edition) => (await accessTo(partner, `${urn}.${edition}`)).omitted));
    const left = (reason: string) => [{ part: 'VIDEO', image: url, reason }];
    const [pictured, excluding, without] = [
      (await partnerWith({ images: true })).partner,
      (await partnerWith({ images: true, excludedAgencies: ['afp'] })).partner,
      (await partnerWith({ images: false })).partner,
    ];
    expect(await omitted(pictured)).toEqual([[], [], [], []]);
    expect(await omitted(excluding)).toEqual([left('AGENCY_EXCLUDED'), left('AGENCY_EXCLUDED'), [], []]);
    expect(await omitted(without)).toEqual([left('IMAGES_NOT_INCLUDED'), left('IMAGES_NOT_INCLUDED'), [], []]);
    await rule('afp', 'NONE');
    expect(await omitted(pictured)).toEqual([left('REDISTRIBUTION_NONE'), left('REDISTRIBUTION_NONE'), [], []]);
    await rule('afp', 'FREE');
    expect(await omitted(without)).toEqual([[], [], [], []]);
  });

  test('and a picture, decides what is left out', async () => {
    const [{ agency }] = await rows(
      `select agency_code as agency from credit where image_code = 'saiga' and agency_code is not null union all select null limit 1`,
    );
    await rows(`update image set redistribution = 'NONE' where code = 'saiga'`);
    const { partner } = await partnerWith({ images: true });
    const left = (reason: string) => [{ part: 'IMAGE', image: 'saiga', reason }];
    expect(await accessTo(partner, `${saiga}.kk`)).toMatchObject({ allowed: true, omitted: left('REDISTRIBUTION_NONE') });
    await rows(`update image set redistribution = 'ENTITLED', redistribution_territories = '{KZ}' where code = 'saiga'`);
    expect(await accessTo(partner, `${saiga}.kk`)).toMatchObject({ omitted: left('REDISTRIBUTION_TERRITORIES') });
    await rows(`update image set redistribution = 'FREE', redistribution_territories = '{}' where code = 'saiga'`);
    await rows(`insert into credit (uuid, image_code, role, agency_code, position) values ($1, 'saiga', 'PHOTO', 'ap', 9)`, [randomUUID()]);
    expect(agency).not.toBe('ap');
    const without = (await partnerWith({ images: true, excludedAgencies: ['ap'] })).partner;
    expect(await accessTo(without, `${saiga}.kk`)).toMatchObject({ omitted: left('AGENCY_EXCLUDED') });
  });

  test('holds for pictures in the text, and for the frame a video waits with', async () => {
    const [{ uuid }] = await rows(`select uuid from article where foreign_id = 'sample-aral-gallery'`);
    const [{ images }] = await rows(
      `select array(select distinct v #>> '{}' from translation t join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision,
         jsonb_array_elements(pictures_of(r.body)) v where t.article_uuid = $1 and t.edition_code = 'en') as images`,
      [uuid],
    );
    const { partner } = await partnerWith({ images: false });
    const { omitted } = await accessTo(partner, `${await urnOf('aral-gallery')}.en`);
    expect(images).toContainEqual(expect.stringMatching(/^\/media\//u));
    const left = (part: string) => omitted.flatMap((each: Record<string, string>) => (each['part'] === part ? each['image'] : [])).sort();
    expect(left('IMAGE')).toEqual([...new Set([...images, 'aral-sea'])].sort());
    // The video itself is an agency’s.
    expect(left('VIDEO')).toEqual(['https://media.meridian.example/aral/north-aral.mp4']);
    await rows(`update image set redistribution = 'NONE' where code = 'aral-sea'`);
    const frame = images.find((each: string) => each.startsWith('/media/'));
    expect((await accessTo((await partnerWith({ images: true })).partner, `${await urnOf('aral-gallery')}.en`)).omitted).toEqual([
      { part: 'IMAGE', image: frame, reason: 'REDISTRIBUTION_NONE' },
      { part: 'IMAGE', image: 'aral-sea', reason: 'REDISTRIBUTION_NONE' },
    ]);
  });
});

describe('a change of what a partner may have', () => {
  const preview = async (partner: string, change: object, first = 2) => {
    const sides =
      'adds { count newest { translationId before { level images } after { level images reason } } } takesAway { count newest { translationId after { reason } } }';
    const { data, errors } = await operator.ask(
      `query($partner: String!, $change: EntitlementChangeInput!, $first: Int) {
         previewEntitlements(partner: $partner, change: $change, first: $first) { at examined complete ${sides} }
       }`,
      { partner, change, first },
    );
    return data?.previewEntitlements ?? errors?.[0]?.extensions.code;
  };
  /** Texts of the last 30 days that everybody may read, of an edition or of all, newest first. */
  const recent = async (edition?: string): Promise<string[]> =>
    (
      await rows(
        `select 'urn:newsml:' || a.domain || ':' || a.issued_on || ':' || a.uuid || '.' || t.edition_code as urn
         from translation t join article a on a.uuid = t.article_uuid
         where t.published_at > $1 and t.published_at <= $2 and t.retracted_at is null and a.retracted_at is null and a.embargo_until is null
           and ($3::text is null or t.edition_code = $3) order by t.published_at desc, t.article_uuid, t.edition_code`,
        [later(-30), testNow, edition ?? null],
      )
    ).map(({ urn }: { urn: string }) => urn);

  test('is seen before it is made: what it adds, newest first', async () => {
    const { partner } = await partnerWith();
    const [all, tatar] = [await recent(), await recent('tt')];
    expect(tatar.length).toBeGreaterThan(1);
    expect(await preview(partner, { terms: { editions: ['tt'] } })).toMatchObject({
      ...{ at: testNow.toISOString(), examined: all.length, complete: true, takesAway: { count: 0, newest: [] } },
      adds: {
        count: tatar.length,
        newest: tatar
          .slice(0, 2)
          .map((translationId) => ({ translationId, before: { level: null }, after: { level: 'FULL', reason: 'ENTITLED' } })),
      },
    });
    expect((await operator.ask(`{ partner(code: "${partner}") { entitlements { id } } }`)).data.partner.entitlements).toEqual([]);
  });

  test('is seen as it would be: a change of one beside the others, and its end', async () => {
    const { partner, ids } = await partnerWith({ editions: ['tt'] }, { editions: ['tt', 'ru'], level: 'HEADLINE' });
    const [tatar, russian] = [await recent('tt'), await recent('ru')];
    expect(await preview(partner, { entitlement: ids[0] })).toMatchObject({ adds: { count: 0 }, takesAway: { count: tatar.length } });
    expect(await preview(partner, { entitlement: ids[1] })).toMatchObject({
      takesAway: {
        count: russian.length,
        newest: russian.slice(0, 2).map((translationId) => ({ translationId, after: { reason: 'EDITION_NOT_INCLUDED' } })),
      },
    });
    expect(await preview(partner, { entitlement: ids[0], terms: { editions: ['ru'] } })).toMatchObject({
      adds: { count: russian.length },
      takesAway: { count: tatar.length },
    });
  });

  test('that begins later is seen as of then', async () => {
    const { partner, ids } = await partnerWith({ editions: ['tt'] });
    const terms = { editions: ['tt'], validFrom: later(2) };
    expect(await preview(partner, { terms: { ...terms, editions: ['ru'] } })).toMatchObject({
      ...{ at: later(2).toISOString(), adds: { count: (await recent('ru')).length } },
    });
    expect(await preview(partner, { entitlement: ids[0], terms })).toMatchObject({ adds: { count: 0 }, takesAway: { count: 0 } });
  });

  test('that cannot be made is refused as it would be', async () => {
    const { partner } = await partnerWith();
    expect(await preview('nobody', { terms: {} })).toBe('UNKNOWN_NAME');
    expect(await preview(partner, {})).toBe('BAD_USER_INPUT');
    expect(await preview(partner, { terms: { topics: ['nothing-of-the-kind'] } })).toBe('UNKNOWN_NAME');
    expect(await preview(partner, { entitlement: (await partnerWith({})).ids[0] })).toBe('UNKNOWN_NAME');
    expect(await preview(partner, { terms: {} }, 101)).toBe('PAGE_SIZE');
  });

  test('looks at the newest fifty of each edition, and says that there are more', async () => {
    const { partner } = await partnerWith();
    const uuids = Array.from({ length: 51 }, () => randomUUID());
    await rows(`insert into article select uuid, 'meridian.example', '20261101', 'ka', 'NEWS', 5, null, $2 from unnest($1::uuid[]) uuid`, [
      uuids,
      later(-5),
    ]);
    await rows(`insert into translation select uuid, 'ka', true, 1, uuid::text, $2, $2, null, '', '' from unnest($1::uuid[]) uuid`, [
      uuids,
      later(-5),
    ]);
    await rows(
      `insert into revision (article_uuid, edition_code, number, significance, origin, headline, body, word_count, published_at, content_hash)
       select uuid, 'ka', 1, 'UPDATE', 'HUMAN', 'x', '[]', 0, $2, '' from unnest($1::uuid[]) uuid`,
      [uuids, later(-5)],
    );
    expect(await preview(partner, { terms: { editions: ['ka'] } })).toMatchObject({ complete: false, adds: { count: 50 } });
  });
});
