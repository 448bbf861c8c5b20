import { Role } from '../../src/desks/role.js';
import type { Story } from '../../src/ingest/story.js';
import { deskOf } from './desk.js';
import { type TestGateway, testNow } from './gateway.js';
import { makeStory, paragraph, urnOf, write } from './make-story.js';
import { newImage, savesOf } from './registry.js';
import { numberAll } from './rights-matrix/fixture.js';

/** A word of every secret story, which nothing else has. */
export const secretWord = 'zqsecret';

const inDays = (days: number): string => new Date(testNow.getTime() + days * 86_400_000).toISOString();
const count = (length: number): number[] => Array.from({ length }, (_, index) => index);
const home = (index: number): string => ['ru', 'tt', 'hy'][index % 3]!;

function secret(kind: string, index: number, parts: Partial<Omit<Parameters<typeof makeStory>[0], 'id' | 'editions'>>): Story {
  const id = `${secretWord}-${kind}-${index}`;
  const text = { headline: `${id} headline`, slug: id, blocks: [paragraph(`The text: ${secretWord}.`)] };
  return makeStory({
    ...{ id, urgency: 1, topics: ['politics', 'culture'], people: ['joe-biden'], image: `${secretWord}-picture` },
    credits: [{ role: 'AUTHOR', person: 'anna-marsh' }],
    ...parts,
    editions: { [home(index)]: text, ...(index % 2 === 0 && { ka: { ...text, slug: `${id}-ka` } }) },
  });
}

/** Stories that only desks know of: under embargo, to come, in the making, and taken back before anybody read them. */
const nobodys: readonly Story[] = [
  ...count(60).map((index) => secret('embargoed', index, { publishedAt: inDays(-1), embargoUntil: inDays(20) })),
  ...count(40).map((index) => secret('to-come', index, { publishedAt: inDays(3) })),
  ...count(40).map((index) => secret('draft', index, { publishedAt: null })),
  ...count(40).map((index) =>
    secret('killed', index, {
      ...{ publishedAt: inDays(-2), embargoUntil: inDays(20) },
      retracted: { kind: 'KILL', at: inDays(-1), note: { en: `Never ${secretWord}.` } },
    }),
  ),
];

/** The ids that some of each kind will have: they are made of the importer’s, and so known before. */
export const idsToCome: readonly string[] = [0, 1, 60, 61, 100, 101, 140, 141].map((index) => urnOf(nobodys[index]!));

/**
 * Writes 190 stories of the past and of the present of which only desks know, and has desks work on them, and on what is public, as far as
 * readers are not told: drafts in every state, claims, reviews, schedules, a link to a preview, a correction under embargo that others owe, a picture.
 */
export async function writeSecrets(gateway: TestGateway, publicStory: string): Promise<void> {
  const roles = Object.fromEntries(['ru', 'tt', 'hy', 'ka', 'en'].map((edition) => [edition, Role.CHIEF]));
  const desk = await deskOf(gateway, secretWord, roles);
  const save = savesOf(desk.ask);
  const files = [{ ratio: 'RATIO_16X9', width: 1600, height: 900, url: `/media/${secretWord}-16x9.svg`, contentType: 'image/svg+xml' }];
  must(await save('saveImage', { ...newImage, code: `${secretWord}-picture`, renditions: files }));
  for (const edition of ['ru', 'tt', 'hy', 'ka'])
    must(
      await save('saveImageWording', { image: `${secretWord}-picture`, edition, expectedVersion: 0, alt: secretWord, caption: secretWord }),
    );
  const { failed } = { failed: [], ...(await write(gateway, nobodys)) } as { failed: unknown[] };
  if (failed.length > 0) throw new Error(JSON.stringify(failed));
  const text = (more: string) => ({ headline: `${secretWord} ${more}`, blocks: [paragraph(`${secretWord} ${more}.`)] });
  const embargoed = urnOf(nobodys[0]!);
  must(
    await desk.correct({
      ...{ article: embargoed, edition: 'ru', expectedRevision: 1, text: text('corrected') },
      meaning: { note: `Wrong: ${secretWord}.` },
    }),
  );
  must(await desk.retract({ article: urnOf(nobodys[2]!), kind: 'WITHHOLD' }));
  for (const index of count(10)) {
    const { draft } = must(await desk.createArticle({ edition: 'en', text: text(`made ${index}`), topics: ['politics'] }));
    const of = { article: draft.articleId, edition: 'en', expectedVersion: draft.version };
    if (index % 3 === 0) must(await desk.submitDraft(of));
    if (index % 3 === 1) must(await desk.scheduleDraft({ ...of, at: inDays(2) }));
  }
  must(await desk.saveDraft({ article: publicStory, edition: 'en', expectedVersion: 0, text: text('next') }));
  must(await desk.translate({ article: publicStory, edition: 'ka' }));
  const link = 'mutation($input: PreviewLinkInput!) { previewLink(input: $input) { ... on Problem { code message } } }';
  const { data, errors } = await desk.ask(link, { input: { article: publicStory, edition: 'en' } });
  must({ ...data?.previewLink, ...(errors && { error: errors }) });
  await numberAll(gateway);
}

/** Stories that everybody may read, but for partners to whom their agency’s copy may not be passed on. */
export async function writeWithheld(gateway: TestGateway): Promise<void> {
  const withheld = count(20).map((index) =>
    secret('withheld', index, { publishedAt: inDays(-1), credits: [{ role: 'WIRE', agency: 'tass' }] }),
  );
  await write(gateway, withheld);
  await numberAll(gateway);
}

/** Writes a story whose embargo ends in four seconds. */
export async function writeSoonOut(gateway: TestGateway): Promise<void> {
  await write(gateway, [secret('soon', 0, { publishedAt: inDays(-1), embargoUntil: new Date(testNow.getTime() + 4000).toISOString() })]);
  await numberAll(gateway);
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
function must(result: any): any {
  if (result?.error || result?.message || result?.problem) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result;
}
