import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Territory } from '../../src/lib/scalars.js';
import { loadWording, type Wording } from '../../src/lib/wording.js';
import { type Audience, appliesTo } from '../../src/notices/applies-to.js';
import { composeNotices, type NoticeFacts, type NoticeRequest, type TextFacts } from '../../src/notices/compose-notices.js';
import { edition, editions, notices, type Speaker, speakerIn } from '../support/sample-registry.js';

const from = '2024-04-15T00:00:00Z';
const until = '2025-04-15T00:00:00Z';
const now = new Date('2024-10-01T12:00:00Z');

describe('a reader is told', () => {
  const everybody: Audience = {
    ...{ kind: 'LEGAL', territories: [], excludedTerritories: [], editions: [], channels: [] },
    ...{ effectiveFrom: new Date(from), effectiveUntil: null },
  };
  const reader = { territory: 'DE', channel: 'WEB', editions: ['tt'], now };
  type Row = [what: string, notice: Partial<Audience>, reader: Partial<typeof reader>, told: boolean];

  const rows: Record<string, Row[]> = {
    'by territory': [
      ['what is for everybody', {}, {}, true],
      ['what is for the country', { territories: ['RU'] }, { territory: 'RU' }, true],
      ['not what is for another country', { territories: ['RU'] }, { territory: 'UA' }, false],
      ['what is for one of several', { territories: ['BY', 'RU'] }, { territory: 'RU' }, true],
      ['in a part what is for the country', { territories: ['RU'] }, { territory: 'RU-TA' }, true],
      ['in a part what is for that part', { territories: ['UA-43'] }, { territory: 'UA-43' }, true],
      ['in a country what is for a part of it', { territories: ['UA-43'] }, { territory: 'UA' }, true],
      ['in a province what is for its region', { territories: ['ES-CT'] }, { territory: 'ES-B' }, true],
      ['in a region what is for a province of it', { territories: ['ES-B'] }, { territory: 'ES-CT' }, true],
      ['in a province not what is for another region', { territories: ['ES-AN'] }, { territory: 'ES-B' }, false],
      ['in a city what is for the nation it may lie in', { territories: ['GB-ENG'] }, { territory: 'GB-LND' }, true],
      ['in a nation not what is for another', { territories: ['GB-ENG'] }, { territory: 'GB-SCT' }, false],
      ['in a part not what is for another part', { territories: ['UA-43'] }, { territory: 'UA-30' }, false],
      ['in a country not what is for a part of another', { territories: ['UA-43'] }, { territory: 'RU' }, false],
    ],
    'in a part that no list knows': [
      ['what is for the country', { territories: ['UA'] }, { territory: 'UA-99' }, true],
      ['what is for any part of it', { kind: 'SAFETY', territories: ['UA-43'] }, { territory: 'UA-99' }, true],
      ['what is for that very part', { territories: ['UA-99'] }, { territory: 'UA-99' }, true],
      ['not what is for a part of another country', { territories: ['UA-43'] }, { territory: 'RU-99' }, false],
      ['in a listed part what is for such a one', { territories: ['UA-99'] }, { territory: 'UA-30' }, true],
      ['in spite of an excluded part', { excludedTerritories: ['UA-43'] }, { territory: 'UA-99' }, true],
      ['nothing the country is excluded from', { excludedTerritories: ['UA'] }, { territory: 'UA-99' }, false],
      ['in Kosovo, which has no listed parts, what is for it', { territories: ['XK'] }, { territory: 'XK' }, true],
    ],
    'when nobody knows where the reader is': [
      ['every legal notice, whoever it is for', { territories: ['RU'] }, { territory: 'UNKNOWN' }, true],
      ['every safety notice, whoever it is for', { kind: 'SAFETY', territories: ['UA-43'] }, { territory: 'UNKNOWN' }, true],
      ['no other notice that is for a territory', { kind: 'ABOUT', territories: ['RU'] }, { territory: 'UNKNOWN' }, false],
      ['no partner notice that is for a territory', { kind: 'PARTNER', territories: ['RU'] }, { territory: 'UNKNOWN' }, false],
      ['other notices for everybody', { kind: 'ABOUT' }, { territory: 'UNKNOWN' }, true],
      ['a legal notice in spite of exclusions', { excludedTerritories: ['RU'] }, { territory: 'UNKNOWN' }, true],
      ['another notice in spite of exclusions', { kind: 'ABOUT', excludedTerritories: ['RU'] }, { territory: 'UNKNOWN' }, true],
      ['but nothing past its time', { territories: ['RU'], effectiveUntil: new Date(from) }, { territory: 'UNKNOWN' }, false],
      ['but nothing for another channel', { territories: ['RU'], channels: ['FEED'] }, { territory: 'UNKNOWN' }, false],
      ['but nothing for another edition', { territories: ['RU'], editions: ['ru'] }, { territory: 'UNKNOWN' }, false],
    ],
    'unless certainly excluded': [
      ['nothing the country is excluded from', { excludedTerritories: ['RU'] }, { territory: 'RU' }, false],
      ['nothing in a part of an excluded country', { excludedTerritories: ['RU'] }, { territory: 'RU-TA' }, false],
      ['nothing in a province of an excluded region', { excludedTerritories: ['ES-CT'] }, { territory: 'ES-B' }, false],
      ['in a region of which a province is excluded', { excludedTerritories: ['ES-B'] }, { territory: 'ES-CT' }, true],
      ['nothing in an excluded part', { excludedTerritories: ['UA-43'] }, { territory: 'UA-43' }, false],
      ['in a country of which a part is excluded', { excludedTerritories: ['UA-43'] }, { territory: 'UA' }, true],
      ['in another part', { excludedTerritories: ['UA-43'] }, { territory: 'UA-30' }, true],
      ['in another country', { excludedTerritories: ['RU'] }, { territory: 'DE' }, true],
      ['in a country but an excluded part', { territories: ['UA'], excludedTerritories: ['UA-43'] }, { territory: 'UA-43' }, false],
      ['in the rest of that country', { territories: ['UA'], excludedTerritories: ['UA-43'] }, { territory: 'UA-30' }, true],
    ],
    'in its time': [
      ['from its first instant', {}, { now: new Date(from) }, true],
      ['not a millisecond earlier', {}, { now: new Date(Date.parse(from) - 1) }, false],
      ['to its last millisecond', { effectiveUntil: new Date(until) }, { now: new Date(Date.parse(until) - 1) }, true],
      ['not from the instant it ends', { effectiveUntil: new Date(until) }, { now: new Date(until) }, false],
      ['never when it ends as it begins', { effectiveUntil: new Date(from) }, { now: new Date(from) }, false],
      ['without an end for good', {}, { now: new Date('2124-01-01T00:00:00Z') }, true],
    ],
    'on its channels and in its editions': [
      ['on one of its channels', { channels: ['FEED', 'WEB'] }, { channel: 'WEB' }, true],
      ['on no other channel', { channels: ['FEED', 'EMAIL'] }, { channel: 'WEB' }, false],
      ['in its edition', { editions: ['tt', 'ba'] }, {}, true],
      ['in no other edition', { editions: ['ru'] }, {}, false],
      ['when only the text served is of its edition', { editions: ['ru'] }, { editions: ['tt', 'ru'] }, true],
      ['not for want of an edition', { editions: ['ru'] }, { editions: [] }, false],
      ['in its edition but not its territory', { editions: ['tt'], territories: ['RU'] }, {}, false],
    ],
  };
  describe.each(Object.entries(rows))('%s', (_title, table) => {
    test.each(table)('%s', (_what, notice, who, told) => {
      expect(appliesTo({ ...everybody, ...notice }, { ...reader, ...who })).toBe(told);
    });
  });
});

describe('where a reader may be said to be', () => {
  const places = Array.from({ length: 26 * 26 }, (_, index) => String.fromCharCode(65 + index / 26, 65 + (index % 26)));
  const isTaken = (value: string): boolean => {
    try {
      return Territory.parseValue(value) === value;
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_TERRITORY', values: { value } });
      return false;
    }
  };

  test('in one of the 249 countries of ISO 3166-1, or in Kosovo', () => {
    const taken = places.filter((place) => place !== 'XX' && place !== 'ZZ' && isTaken(place));
    expect(taken).toHaveLength(250);
    expect(taken).toEqual(expect.arrayContaining(['RU', 'BY', 'UA', 'GB', 'PS', 'TW', 'SS', 'XK']));
  });

  test.each(['UK', 'EU', 'UN', 'SU', 'YU', 'AN', 'QO', 'XA', 'XB', 'AC', 'EZ', 'AA', 'R', 'RUS', 'RU-', 'RU_TA', 'ZZ-1', 'T1', '419'])(
    'not in %s',
    (value) => {
      expect(isTaken(value)).toBe(false);
    },
  );

  test.each(['UNKNOWN', 'unknown', 'XX', 'xx', 'ZZ', 'T1'])('or nobody knows where: %s', (value) => {
    expect(Territory.parseValue(value)).toBe('UNKNOWN');
  });

  test('or in a part of a country, whether a list knows it or not', () => {
    expect(['ru-ta', 'UA-43', 'UA-99', 'MC-XYZ'].map((value) => Territory.parseValue(value))).toEqual([
      'RU-TA',
      'UA-43',
      'UA-99',
      'MC-XYZ',
    ]);
  });
});

describe('the notices of an answer', () => {
  let wording: Wording;
  const facts = notices.map(
    ({ image, effectiveFrom, effectiveUntil, ...row }): NoticeFacts => ({
      ...row,
      imageCode: image,
      effectiveFrom: new Date(effectiveFrom),
      effectiveUntil: effectiveUntil === null ? null : new Date(effectiveUntil),
    }),
  );
  const plain: TextFacts = { substitute: null, origin: 'HUMAN', correction: null, pendingCorrectionAt: null, staleSince: null };
  const primary = (tag: string) => editions.find((row) => row.primary && row.tag === tag);

  /** What a reader who asked for one edition is told with the text of another. */
  function told(
    asked: string,
    more: { served?: string; text?: TextFacts | null; request?: Partial<NoticeRequest>; registry?: NoticeFacts[]; words?: Wording } = {},
  ) {
    const { served = asked, text = plain, request = {}, registry = facts, words = wording } = more;
    const speaker = (code: string): Speaker => speakerIn(words, edition(code));
    return composeNotices(
      registry,
      text,
      { territory: 'UNKNOWN', channel: 'WEB', editions: [...new Set([asked, served])], now, ...request },
      {
        reader: speaker(asked),
        text: speaker(served),
        legal: (tag) => {
          const row = primary(tag);
          return row && words.tags.includes(row.tag) ? speakerIn(words, row) : undefined;
        },
      },
    );
  }
  const codes = (composed: { code: string }[]): string[] => composed.map((each) => each.code);

  beforeAll(async () => {
    wording = await loadWording('locales');
  });

  test('are those in force, in the order of the registry', () => {
    expect(codes(told('tt'))).toEqual(['about', 'undesirable', 'sharing-risk']);
    expect(codes(told('tt', { request: { territory: 'RU-TA' } }))).toEqual(['about', 'undesirable', 'sharing-risk']);
    expect(codes(told('tt', { request: { territory: 'UA' } }))).toEqual(['about', 'undesirable', 'sharing-risk']);
    expect(codes(told('tt', { request: { territory: 'UA-30' } }))).toEqual(['about', 'undesirable']);
    expect(codes(told('tt', { request: { territory: 'US' } }))).toEqual(['about', 'undesirable']);
  });

  test('change at the instant the registry names, with no moment without a legal notice', () => {
    const legalAt = (at: number) => codes(told('tt', { request: { now: new Date(at) } }).filter((each) => each.kind === 'LEGAL'));
    expect(legalAt(Date.parse(from) - 1)).toEqual(['undesirable-former']);
    expect(legalAt(Date.parse(from))).toEqual(['undesirable']);
  });

  test('are in the same order however the registry is read', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (registry) => {
        const request = { now: new Date(from) };
        const ties = registry.map((each) => ({ ...each, position: 1, effectiveUntil: null }));
        expect(codes(told('en', { registry }))).toEqual(codes(told('en', { registry: facts })));
        expect(codes(told('en', { registry: ties, request }))).toEqual(['about', 'sharing-risk', 'undesirable', 'undesirable-former']);
      }),
      { numRuns: 20 },
    );
  });

  test('speak the language of the edition asked for, with its name of the publisher, its digits and its link text', () => {
    const [about, undesirable, risk] = told('tt', { served: 'ru', text: plain });
    expect(about).toMatchObject({
      kind: 'ABOUT',
      placement: 'ABOUT_BOX',
      mustCarry: false,
      lang: 'tt',
      direction: 'LTR',
      link: null,
      imageCode: 'about-meridian',
    });
    expect(about!.text).toMatch(/^Меридиан 27 телдә эшли, хәбәрләрне 23 илдән җиткерә/u);
    expect(undesirable).toMatchObject({ mustCarry: true, placement: 'AFTER_BODY', version: 1, lang: 'tt' });
    expect(undesirable!.text).toContain('Меридиан');
    expect(risk!.link).toEqual({ url: 'https://meridian.example/safety', text: 'Канунда ни язылган һәм үзегезне ничек сакларга' });

    const [persian] = told('fa');
    expect(persian).toMatchObject({ lang: 'fa', direction: 'RTL' });
    expect(persian!.text).toMatch(/مریدین به ۲۷ زبان و از ۲۳ کشور/u);
    const [english] = told('en');
    expect(english!.text).toMatch(/^Meridian reports in 27 languages, from 23 countries where/u);
    expect(told('ru')[0]!.text).toContain('рассказывает на 27 языках о событиях в 23 странах');
    expect(told('ru', { registry: [{ ...facts[0]!, values: { languages: 1, countries: 1 } }] })[0]!.text).toContain(
      'на 1 языке о событиях в 1 стране',
    );
    expect(told('ar', { registry: [{ ...facts[0]!, values: { languages: 2, countries: 3 } }] })[0]).toMatchObject({
      lang: 'ar',
      direction: 'RTL',
    });
  });

  test.each(editions.map((row) => [row.code, row] as const))('are worded whole for readers of %s', (code, row) => {
    const text: TextFacts = {
      substitute: { edition: 'English', sameLanguage: false },
      origin: 'MACHINE',
      correction: { note: 'ABC', at: now, revision: 2 },
      pendingCorrectionAt: now,
      staleSince: now,
    };
    const composed = told(code, { text });
    expect(codes(composed)).toEqual([
      'fallback',
      'machineTranslation',
      'correction',
      'correctionPending',
      'about',
      'undesirable',
      'sharing-risk',
    ]);
    for (const notice of composed) {
      expect(notice).toMatchObject({ lang: row.tag, direction: row.direction });
      expect(notice.text).not.toMatch(/[{}]|undefined|\$t\(/u);
      expect(notice.text.length).toBeGreaterThan(20);
    }
    for (const notice of composed.slice(4, 6)) expect(notice.text).toContain(row.publisherName);
  });

  test('say that the text is in another language, in the language asked for, only when it is', () => {
    const [first, ...rest] = told('tt', { served: 'ru', text: { ...plain, substitute: { edition: 'русский', sameLanguage: false } } });
    expect(first).toMatchObject({ kind: 'FALLBACK', placement: 'ABOVE_HEADLINE', mustCarry: true, lang: 'tt' });
    expect(first!.text).toMatch(/башка телдә бирелә: русский\.$/u);
    expect(rest.map((each) => each.kind)).not.toContain('FALLBACK');
    expect(told('tt-regions', { served: 'tt-regions' }).map((each) => each.kind)).not.toContain('FALLBACK');
  });

  test.each(editions.map((row) => [row.code, row.tag] as const))(
    'say to readers of %s whose text in their own language it is',
    (code, lang) => {
      const [first, ...rest] = told(code, { text: { ...plain, substitute: { edition: 'ABC', sameLanguage: true } } });
      expect(first).toMatchObject({ code: 'fallbackEdition', kind: 'FALLBACK', placement: 'ABOVE_HEADLINE', mustCarry: true, lang });
      expect(first!.text).toMatch(/ABC[.։۔]$/u);
      expect(rest.map((each) => each.kind)).not.toContain('FALLBACK');
    },
  );

  test('word a correction in the language of the text, with its time there, and its note untouched', () => {
    const at = new Date('2024-05-01T21:30:00Z');
    const correction = (note: string) => told('tt', { served: 'fa', text: { ...plain, correction: { note, at, revision: 3 } } })[0]!;
    expect(correction('نام شهر')).toMatchObject({
      kind: 'CORRECTION',
      version: 3,
      placement: 'BEFORE_BODY',
      mustCarry: true,
      lang: 'fa',
      direction: 'RTL',
    });
    expect(correction('نام شهر').text).toBe('این مطلب در ۱۳ اردیبهشت ۱۴۰۳ ساعت ۱:۰۰ اصلاح شد: نام شهر');
    for (const note of ['{{date}}', '$t(notices:killed)', "$& $1 $' $$", '<b>&amp;</b>', '{{note}} {{publisher}}', '%s \\u0041']) {
      expect(correction(note).text.endsWith(`: ${note}`)).toBe(true);
    }
  });

  test('say that a correction is owed in the language asked for, with its time there', () => {
    const at = new Date('2024-05-01T21:30:00Z');
    const [owed] = told('fa', { served: 'tt', text: { ...plain, pendingCorrectionAt: at } });
    expect(owed).toMatchObject({ code: 'correctionPending', kind: 'CORRECTION', placement: 'BEFORE_BODY', mustCarry: true, lang: 'fa' });
    expect(owed!.text).toBe('متن اصلی در ۱۳ اردیبهشت ۱۴۰۳ ساعت ۱:۰۰ اصلاح شد، اما این متن هنوز به‌روز نشده است.');
    // Whoever holds the notice of an earlier correction sees that this is another.
    const [next] = told('fa', { served: 'tt', text: { ...plain, pendingCorrectionAt: new Date('2024-05-01T21:31:00Z') } });
    expect(next!.version).toBeGreaterThan(owed!.version);
    expect(next!.text).not.toBe(owed!.text);
    expect(codes(told('fa', { served: 'tt' }))).not.toContain('correctionPending');
  });

  test.each(editions.map((row) => [row.code, row] as const))('say to readers of %s that the original has gone on', (code, row) => {
    const at = new Date('2024-05-01T21:30:00Z');
    const [stale, ...rest] = told(code, { text: { ...plain, staleSince: at } });
    expect(stale).toMatchObject({
      code: 'stale',
      kind: 'STALE',
      placement: 'BEFORE_BODY',
      mustCarry: true,
      lang: row.tag,
      direction: row.direction,
    });
    expect(stale!.text).not.toMatch(/[{}]|undefined|\$t\(/u);
    // It names the time, and says another thing than that of a correction.
    const [later] = told(code, { text: { ...plain, staleSince: new Date('2024-05-02T20:31:00Z') } });
    expect(later!.version).toBeGreaterThan(stale!.version);
    expect(later!.text).not.toBe(stale!.text);
    expect(stale!.text).not.toBe(told(code, { text: { ...plain, pendingCorrectionAt: at } })[0]!.text);
    expect(rest.map(({ kind }) => kind)).not.toContain('STALE');
  });

  test('say of a machine translation whether an editor has checked it, to the reader', () => {
    const machine = (origin: TextFacts['origin']) =>
      told('ru', { served: 'tt', text: { ...plain, origin } }).find((each) => each.kind === 'MACHINE_TRANSLATION');
    expect(machine('MACHINE')).toMatchObject({ code: 'machineTranslation', lang: 'ru', mustCarry: true, placement: 'BEFORE_BODY' });
    expect(machine('MACHINE_REVIEWED')).toMatchObject({ code: 'machineTranslationReviewed', lang: 'ru' });
    expect(machine('HUMAN')).toBeUndefined();
  });

  test('are those of the registry alone where nothing is served', () => {
    expect(codes(told('tt', { text: null }))).toEqual(['about', 'undesirable', 'sharing-risk']);
  });

  describe('where a language lacks a wording', () => {
    let folder: string;
    /** The real wordings but for some keys of some languages. */
    async function wordingWithout(missing: Record<string, string[]>): Promise<Wording> {
      for (const tag of ['tt', 'fa', 'ru', 'en']) cpSync(join('locales', tag), join(folder, tag), { recursive: true });
      for (const [tag, keys] of Object.entries(missing)) {
        const file = join(folder, tag, 'notices.json');
        const lines = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as object).filter(([key]) => !keys.includes(key));
        writeFileSync(file, JSON.stringify(Object.fromEntries(lines)));
      }
      return loadWording(folder);
    }
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'dragoman-locales-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('the notice comes in its legal language, marked as such, and the others stay as they are', async () => {
      const words = await wordingWithout({ fa: ['undesirable'] });
      const [about, undesirable, risk] = told('fa', { words });
      expect([about, risk]).toMatchObject([
        { lang: 'fa', direction: 'RTL' },
        { lang: 'fa', direction: 'RTL' },
      ]);
      expect(undesirable).toMatchObject({ lang: 'ru', direction: 'LTR', mustCarry: true });
      expect(undesirable!.text).toBe('Российские власти внесли издание Меридиан в свой перечень «нежелательных организаций».');
    });

    test('so does a notice of which only the link text or a number is missing, whole', async () => {
      const words = await wordingWithout({ tt: ['sharingRiskLink', 'languages_other'] });
      const [about, , risk] = told('tt', { words });
      expect(risk).toMatchObject({ lang: 'ru', link: { text: 'Что говорит закон и как себя обезопасить' } });
      expect(risk!.text).toMatch(/^Вы находитесь в России/u);
      expect(about).toMatchObject({ lang: 'en' });
      expect(about!.text).toMatch(/^Meridian reports in 27 languages/u);
    });

    test('in its legal language too, the answer fails and names the notice: it is never dropped', async () => {
      const words = await wordingWithout({ tt: ['sharingRisk'], ru: ['sharingRisk'] });
      expect(() => told('tt', { words })).toThrow(/sharing-risk/u);
    });
  });
});
