import type { BlockData } from '../../articles/body.js';
import type { Registry } from '../../ingest/registry.js';
import type { Story } from '../../ingest/story.js';
import { chance, pick, pickSome } from './chance.js';
import { type Writer, writerIn } from './words.js';

const kinds = ['NEWS', 'ANALYSIS', 'FEATURE', 'INTERVIEW'] as const;
// In the past of any clock, and one story after the other, so that "newest" is the same everywhere.
const newest = Date.UTC(2025, 5, 1);
const hour = 3_600_000;
const minute = 60_000;

/** The registry of the bench: the samples', without other notices than one LEGAL notice for everybody. */
export const benchRegistry = (registry: Registry): Registry => ({
  ...registry,
  notices: registry.notices.filter(({ code }) => code === 'undesirable'),
});

/** The editions the bench publishes in, at most 29; `ba` is never one: it has a fallback, which Q2 asks for. */
export const benchEditions = ({ editions }: Registry, count: number): Registry['editions'] => {
  const first = ['tt', 'en', 'fa', 'ka', 'ru'];
  const others = editions.filter(({ code, primary }) => primary && code !== 'ba' && code !== 'ur' && !first.includes(code));
  return [...first.map((code) => editions.find((each) => each.code === code)!), ...others].slice(0, count);
};

/** One story, the same for the same number: in every edition about 300 words, three credits, topics, people and a picture. */
export function makeStory(index: number, registry: Registry, editions: Registry['editions']): Story {
  const random = chance(index + 1);
  const codes = (rows: readonly { code: string }[], count: number): string[] => pickSome(random, rows, count).map(({ code }) => code);
  const homeEdition = editions[index % editions.length]!.code;
  const publishedAt = newest - index * hour;
  const [author, translator] = codes(registry.people, 2) as [string, string];
  return {
    id: `bench-${index}`,
    homeEdition,
    kind: pick(random, kinds),
    urgency: 3 + Math.floor(random() * 5),
    topics: codes(registry.topics, 1 + Math.floor(random() * 3)),
    people: codes(registry.people, 1 + Math.floor(random() * 3)),
    places: codes(registry.places, 1),
    agencies: [],
    image: pick(random, registry.images).code,
    related: [],
    publishedAt: new Date(publishedAt).toISOString(),
    credits: [
      { role: 'AUTHOR', person: author },
      { role: 'WIRE', agency: pick(random, registry.agencies).code },
    ],
    translations: editions.map(({ code, script }) => ({
      edition: code,
      formerSlugs: [],
      publishedAt: new Date(publishedAt + (code === homeEdition ? 0 : Math.floor(random() * 300) * minute)).toISOString(),
      credits: [{ role: code === homeEdition ? ('EDITOR' as const) : ('TRANSLATOR' as const), person: translator }],
      revisions: [textOf(writerIn(script, random))],
    })),
  };
}

function textOf(writer: Writer): Story['translations'][number]['revisions'][number] {
  const paragraph = (key: string, words: number): BlockData => ({ key, type: 'paragraph', spans: [{ text: writer.sentences(words) }] });
  return {
    significance: 'UPDATE',
    origin: 'HUMAN',
    headline: writer.words(8),
    dek: writer.sentences(14),
    blocks: [
      paragraph('lead', 48),
      {
        key: 'marks',
        type: 'paragraph',
        spans: [
          { text: `${writer.words(20)} ` },
          { text: writer.words(4), strong: true },
          { text: ` ${writer.words(18)} ` },
          { text: writer.words(5), href: 'https://example.org/' },
        ],
      },
      paragraph('third', 48),
      { key: 'heading', type: 'heading', level: 2, spans: [{ text: writer.words(5) }] },
      paragraph('fourth', 48),
      { key: 'quote', type: 'quote', spans: [{ text: writer.sentences(24) }], attribution: writer.words(2) },
      paragraph('fifth', 40),
      paragraph('last', 38),
    ],
    basis: [],
  };
}
