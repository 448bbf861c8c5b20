import { readdir, readFile } from 'node:fs/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { CreditRole, CreditRow } from '../credits/credit.js';
import { Edition } from '../editions/edition.js';
import { Image, ImageRendition, ImageWording } from '../images/image.js';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { tableOf } from '../lib/load.js';
import { inPackage } from '../lib/root.js';
import { cleanDeep } from '../lib/text.js';
import { NoticeRow } from '../notices/notice.js';
import { setTimers } from '../publishing/event.queries.js';
import { noticeTimers } from '../publishing/timers.js';
import { writeOwnAudit } from '../publishing/write.queries.js';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { partUuid } from './ids.js';
import { type Registry, registry } from './registry.js';
import { type Story, story } from './story.js';
import { type WriteOptions, writeStories } from './write-stories.js';

// Any number but that of the migrations: what every process that seeds one database waits for.
const lock = 7_236_015_022;

/** Whether the database has editions: then it is somebody's, and is not seeded. */
export async function isSeeded(manager: EntityManager): Promise<boolean> {
  const [found] = await manager.query<[{ seeded: boolean }]>(`select exists (select from ${tableOf(manager, Edition)}) as seeded`);
  return found.seeded;
}

/** Loads the sample registry, and the sample stories if asked, into a database without editions; gives whether it did. All or nothing. */
export function seed(
  dataSource: DataSource,
  what: 'editions' | 'samples',
  { who = 'start', ...options }: WriteOptions & { who?: 'cli' | 'start' },
): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    await manager.query('select pg_advisory_xact_lock($1)', [lock]);
    if (await isSeeded(manager)) return false;
    const given = await readSampleRegistry();
    await seedRegistry(manager, given, options.now);
    await setTimers(manager, noticeTimersOf(given, options.now));
    if (what === 'samples') await writeStories(manager, await readSampleStories(), options);
    await writeOwnAudit(manager, who, { at: options.now, action: 'SEEDED', detail: { what } });
    return true;
  });
}

/** The registry of the samples, checked. */
export async function readSampleRegistry(): Promise<Registry> {
  const folder = inPackage('src', 'ingest', 'samples', 'registry');
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(`${folder}/${name}.json`, 'utf8'));
  return registry.parse(Object.fromEntries(await Promise.all(Object.keys(registry.shape).map(async (name) => [name, await read(name)]))));
}

/** The stories of the samples, checked. */
export async function readSampleStories(): Promise<Story[]> {
  const folder = inPackage('src', 'ingest', 'samples', 'stories');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return z.array(story).parse(await Promise.all(names.map(async (name) => JSON.parse(await readFile(`${folder}/${name}`, 'utf8')))));
}

/**
 * Inserts the rows that are not there yet; one that is there, and may be an operator's own, stays as it is. The notices are in the registry
 * since `now`, else since the database's present time.
 */
export async function seedRegistry(manager: EntityManager, given: Registry, now?: Date): Promise<void> {
  const { editions, topics, people, places, agencies, images, notices } = cleanDeep(given);
  await insertRows(manager, Edition, editions as Values<Edition>[]);
  await insertRows(manager, Topic, topics);
  await insertRows(manager, Person, people);
  await insertRows(manager, Place, places);
  await insertRows(manager, Agency, agencies);
  await insertRows(manager, Image, images.map(imageOf));
  await insertRows(manager, ImageRendition, images.flatMap(renditionsOf));
  await insertRows(manager, ImageWording, images.flatMap(wordingsOf));
  await insertRows(manager, CreditRow, images.flatMap(creditsOf));
  await insertRows(
    manager,
    NoticeRow,
    notices.map(({ image, ...notice }) => ({ ...notice, imageCode: image, changedAt: now }) as unknown as NoticeRow),
  );
}

const noticeTimersOf = ({ notices }: Registry, now: Date) =>
  notices.flatMap(({ code, effectiveFrom, effectiveUntil }) =>
    noticeTimers(
      { code, effectiveFrom: new Date(effectiveFrom), effectiveUntil: effectiveUntil === null ? null : new Date(effectiveUntil) },
      now,
    ).filter(({ at }) => at !== null),
  );

type SampleImage = Registry['images'][number];

const imageOf = ({ code, focalX, focalY, retractedAt, redistribution, redistributionTerritories }: SampleImage): Image => ({
  ...{ code, focalX, focalY, redistribution, redistributionTerritories },
  retractedAt: retractedAt === undefined ? null : new Date(retractedAt),
});

const renditionsOf = ({ code, renditions }: SampleImage): ImageRendition[] =>
  renditions.map((rendition) => ({ ...rendition, imageCode: code }) as ImageRendition);

const wordingsOf = ({ code, wordings }: SampleImage): ImageWording[] =>
  Object.entries(wordings).map(([editionCode, { alt, caption }]) => ({ imageCode: code, editionCode, alt, caption: caption ?? null }));

const creditsOf = ({ code, credits }: SampleImage): CreditRow[] =>
  credits.map((credit, position) => {
    const personCode = 'person' in credit ? credit.person : null;
    const agencyCode = 'agency' in credit ? credit.agency : null;
    const uuid = partUuid('credit', 'image', code, credit.role, personCode, agencyCode);
    return { uuid, articleUuid: null, editionCode: null, imageCode: code, role: CreditRole[credit.role], personCode, agencyCode, position };
  });
