import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CreditFacts,
  composeByline,
  composeCreditLine,
  composeImageCredit,
  creditsOfEdition,
  type RoleName,
} from '../../src/credits/compose-credits.js';
import type { Say } from '../../src/lib/wording.js';
import { agencies, edition, editions, voices } from '../support/sample-registry.js';

const golden = 'tests/golden/credit-lines.json';
const credit = (role: RoleName, party: string, name: string, of: string | null = null): CreditFacts => ({ role, party, name, edition: of });

/** The wires of a story as an edition names them. */
function wires(tag: string, ...codes: string[]): CreditFacts[] {
  return codes.map((code) => {
    const agency = agencies.find((each) => each.code === code)!;
    return credit('WIRE', code, agency.names[tag] ?? agency.names[agency.language]!);
  });
}

let say: Map<string, Say>;
const voice = (code: string): Say => say.get(edition(code).code)!;
beforeAll(async () => {
  say = await voices();
});

describe('the credits of an edition', () => {
  const story = [
    credit('AUTHOR', 'aygul', 'Айгөл'),
    credit('WIRE', 'reuters', 'Рейтер'),
    credit('TRANSLATOR', 'aygul', 'Айгөл', 'tt'),
    credit('TRANSLATOR', 'ivan', 'Иван', 'ru'),
    credit('EDITOR', 'marat', 'Марат', 'tt'),
  ];

  test('are those of the story and its own, in their order', () => {
    expect(creditsOfEdition(story, 'ru').map((each) => each.party)).toEqual(['aygul', 'reuters', 'ivan']);
    expect(creditsOfEdition(story, 'en').map((each) => each.party)).toEqual(['aygul', 'reuters']);
  });

  test('name a translator only on the edition translated', () => {
    const byline = (code: string) => composeByline(creditsOfEdition(story, code), 'WEB', voice(code));
    expect(byline('ru')).toBe('Текст: Айгөл · Перевод: Иван');
    expect(byline('en')).toBe('By Айгөл');
    expect(byline('uk')).toBe('Текст: Айгөл');
  });

  test('do not name a translator who is the author a second time', () => {
    expect(creditsOfEdition(story, 'tt').map((each) => each.role)).toEqual(['AUTHOR', 'WIRE', 'EDITOR']);
    expect(composeByline(creditsOfEdition(story, 'tt'), 'WEB', voice('tt'))).toBe('Текст: Айгөл');
  });

  test('name one author of several who also translated among the authors, and the other translators as such', () => {
    const credits = [
      ...[credit('AUTHOR', 'a', 'A. A.'), credit('AUTHOR', 'b', 'B. B.')],
      ...[credit('TRANSLATOR', 'b', 'B. B.', 'en'), credit('TRANSLATOR', 'c', 'C. C.', 'en')],
    ];
    expect(composeByline(creditsOfEdition(credits, 'en'), 'WEB', voice('en'))).toBe('By A. A. and B. B. · Translated by C. C.');
  });

  test('name an author of another edition as its translator where that is what they did', () => {
    const credits = [credit('AUTHOR', 'a', 'A. A.', 'ru'), credit('TRANSLATOR', 'a', 'A. A.', 'en')];
    expect(composeByline(creditsOfEdition(credits, 'en'), 'WEB', voice('en'))).toBe('Translated by A. A.');
  });
});

describe('a line', () => {
  test('is null where nobody is named', () => {
    expect(composeByline([], 'WEB', voice('en'))).toBeNull();
    expect(composeByline(wires('en', 'reuters'), 'WEB', voice('en'))).toBeNull();
    expect(composeCreditLine([credit('AUTHOR', 'a', 'A')], 'PRINT', voice('en'))).toBeNull();
    expect(composeImageCredit([], voice('en'))).toBeNull();
  });

  test('names a party once', () => {
    const twice = [...wires('en', 'reuters', 'tass'), ...wires('en', 'reuters')];
    expect(composeCreditLine(twice, 'WEB', voice('en'))).toBe('With reporting by Reuters and TASS');
  });

  test('names two parties of one name twice: they are two', () => {
    expect(composeByline([credit('AUTHOR', 'a', 'Anna'), credit('AUTHOR', 'b', 'Anna')], 'WEB', voice('en'))).toBe('By Anna and Anna');
  });

  test('in print has names alone', () => {
    expect(composeCreditLine(wires('ru', 'reuters', 'tass'), 'PRINT', voice('ru'))).toBe('Рейтер/ТАСС');
    const credits = [credit('AUTHOR', 'a', 'A. A.'), credit('AUTHOR', 'b', 'B. B.'), credit('TRANSLATOR', 'c', 'C. C.')];
    expect(composeByline(credits, 'PRINT', voice('fa'))).toBe('A. A./B. B. · C. C.');
  });

  test('of a picture names who took it and who filmed it', () => {
    expect(composeImageCredit([credit('PHOTO', 'a', 'A. A.')], voice('tt'))).toBe('Фото: A. A.');
    expect(composeImageCredit([credit('VIDEO', 'b', 'B. B.'), credit('PHOTO', 'a', 'A. A.')], voice('en'))).toBe(
      'Photo: A. A. · Video: B. B.',
    );
  });

  test('keeps every name as it is, whatever is in it', () => {
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('{{names}}', '$t(wire)', '$&', "$'", '{0}', '{1}', '<b>', 'A · B'));
    fc.assert(
      fc.property(
        fc.constantFrom(...editions.map((row) => row.code)),
        fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
        (code, all) => {
          const credits = all.map((each, index) => credit('WIRE', String(index), each));
          const line = composeCreditLine(credits, 'WEB', voice(code))!;
          let from = 0;
          for (const each of all) {
            const at = line.indexOf(each, from);
            expect(at).toBeGreaterThanOrEqual(from);
            from = at + each.length;
          }
          expect(composeCreditLine(credits, 'PRINT', voice(code))).toBe(all.join('/'));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('in every edition', () => {
  const lines = (): Record<string, Record<string, string | null>> =>
    Object.fromEntries(
      editions.map(({ code, tag }) => {
        const people = [credit('AUTHOR', 'a', 'A. A.'), credit('AUTHOR', 'b', 'B. B.'), credit('TRANSLATOR', 'c', 'C. C.')];
        const all = ['reuters', 'tass', 'afp'] as const;
        const wire = (count: number) => composeCreditLine(wires(tag, ...all.slice(0, count)), 'WEB', voice(code));
        return [
          code,
          {
            one: wire(1),
            two: wire(2),
            three: wire(3),
            print: composeCreditLine(wires(tag, ...all), 'PRINT', voice(code)),
            byline: composeByline(people, 'WEB', voice(code)),
            picture: composeImageCredit([credit('PHOTO', 'd', 'D. D.')], voice(code)),
          },
        ];
      }),
    );

  // UPDATE_GOLDEN=1 writes the file anew: then read it, all of it.
  test('the lines are those a person has read', () => {
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(lines(), null, 2)}\n`);
    expect(lines()).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  test('the lines with one and with three names begin alike: nothing agrees in number with the names', () => {
    for (const [code, { one, three }] of Object.entries(lines())) {
      const [first] = wires(edition(code).tag, 'reuters');
      expect([code, three!.slice(0, three!.indexOf(first!.name))]).toEqual([code, one!.slice(0, one!.indexOf(first!.name))]);
    }
  });
});
