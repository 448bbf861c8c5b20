import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { articleUrn } from '../../src/articles/urn.js';
import { insertKey } from '../../src/desks/api-key.queries.js';
import { makeKey } from '../../src/desks/make-key.js';
import { Role } from '../../src/desks/role.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { readSampleRegistry, seedRegistry } from '../../src/ingest/seed.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { makeStory, paragraph } from './make-story.js';

/** The secret of the processes that a fault test starts. */
export const writersSecret = 'a secret of the fault tests, long enough';

/** One story of a writer's own: how far it has come as its writer was told. */
export interface Written {
  urn: string;
  uuid: string;
  /** The newest revision that was acknowledged. */
  revision: number;
}

/** Stories that are out in English, one for each writer, and a key to revise them with. */
export async function storiesFor(dataSource: DataSource, count: number): Promise<{ stories: Written[]; authorization: string }> {
  await seedRegistry(dataSource.manager, await readSampleRegistry());
  const publishedAt = '2026-10-01T10:00:00.000Z';
  const ids = Array.from({ length: count }, (_, index) => `fault-${index}`);
  const given = ids.map((id) =>
    makeStory({ id, publishedAt, editions: { en: { slug: id, headline: 'A bridge opens', blocks: [paragraph('On Monday.')] } } }),
  );
  await writeStories(dataSource.manager, given, { domain: 'meridian.example', now: new Date() });
  const { key, row } = makeKey(
    Buffer.from(writersSecret),
    { name: 'Anna', operator: false, roles: { en: Role.EDITOR }, partnerCode: null, test: false, expiresAt: null },
    new Date(),
  );
  await insertKey(dataSource.manager, row);
  const stories = ids.map((id) => {
    const uuid = articleUuid(id);
    return { uuid, revision: 1, urn: articleUrn({ domain: 'meridian.example', issuedOn: '20261001', uuid }) };
  });
  return { stories, authorization: `Bearer ${key}` };
}

const document = `mutation($input: ReviseInput!) { editMinor(input: $input) { __typename ... on Published { revision } ... on Problem { code message } } }`;

/** What a writer met on its way. */
export interface Met {
  acknowledged: number;
  /** Requests sent again under the same key, because no answer or no good one came. */
  repeated: number;
  /** When each acknowledgement came. */
  times: number[];
}

/**
 * Publishes revisions of one story, one behind the other, until `more` says no. Each is sent again under its key until it is acknowledged;
 * `urlOf` may change on the way. Throws when the gateway refuses what it should take, or acknowledges another revision than the next.
 */
export async function keepPublishing(
  story: Written,
  { urlOf, authorization, more, met }: { urlOf: () => string; authorization: string; more: () => boolean; met: Met },
): Promise<void> {
  while (more()) {
    const input = {
      ...{ article: story.urn, edition: 'en', expectedRevision: story.revision, idempotencyKey: randomUUID() },
      text: { headline: 'A bridge opens', blocks: [paragraph(`On Monday, as of revision ${story.revision + 1}.`)] },
    };
    for (;;) {
      const answer = await send(urlOf(), authorization, input);
      if (answer?.__typename === 'Published') {
        if (answer.revision !== story.revision + 1) throw new Error(`revision ${answer.revision} behind ${story.revision}`);
        story.revision = answer.revision;
        met.acknowledged++;
        met.times.push(performance.now());
        break;
      }
      if (answer) throw new Error(`refused: ${JSON.stringify(answer)}`);
      met.repeated++;
      await sleep(50);
    }
  }
}

/** The answer of the mutation; undefined when there is none, or one that says to try again. */
async function send(url: string, authorization: string, input: object): Promise<{ __typename: string; revision?: number } | undefined> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: document, variables: { input } }),
      signal: AbortSignal.timeout(15_000),
    });
    const { data, errors } = (await response.json()) as {
      data?: { editMinor: { __typename: string; revision?: number } };
      errors?: { message: string; extensions: { code: string } }[];
    };
    const code = errors?.[0]?.extensions.code;
    if (code !== undefined && !['SERVICE_UNAVAILABLE', 'REQUEST_TIMEOUT', 'INTERNAL_SERVER_ERROR'].includes(code))
      return { __typename: `${code}: ${errors![0]!.message}` };
    return data?.editMinor;
  } catch {
    return undefined;
  }
}

/** What the database holds of the stories, against what their writers were told. */
export interface Outcome {
  /** Revisions that were acknowledged and are not there. */
  lost: number;
  /** Revisions that are there and were not acknowledged, or are there twice over. */
  unasked: number;
  /** Revisions without exactly one event in the log. */
  withoutEvent: number;
  /** Events without their revision. */
  phantoms: number;
  /** Events of a story that are not in the order of its revisions. */
  inversions: number;
}

/** Compares; every event has its number by now. */
export async function outcomeOf(dataSource: DataSource, stories: readonly Written[]): Promise<Outcome> {
  const revisions: { uuid: string; number: number }[] = await dataSource.query('select article_uuid as uuid, number from revision');
  const events: { uuid: string; number: number }[] = await dataSource.query(
    `select article_uuid as uuid, revision as number from event where kind in ('PUBLISHED', 'REVISED') order by seq`,
  );
  const nameOf = ({ uuid, number }: { uuid: string; number: number }): string => `${uuid} ${number}`;
  const there = new Set(revisions.map(nameOf));
  const told = new Map<string, number>();
  for (const event of events) told.set(nameOf(event), (told.get(nameOf(event)) ?? 0) + 1);
  const last = new Map(stories.map(({ uuid, revision }) => [uuid, revision]));
  const upTo = ({ revision }: Written): number[] => Array.from({ length: revision }, (_, index) => index + 1);
  return {
    lost: stories.flatMap((story) => upTo(story).filter((number) => !there.has(nameOf({ uuid: story.uuid, number })))).length,
    unasked: revisions.filter(({ uuid, number }) => number > (last.get(uuid) ?? 0)).length,
    withoutEvent: revisions.filter((revision) => told.get(nameOf(revision)) !== 1).length,
    phantoms: events.filter((event) => !there.has(nameOf(event))).length,
    inversions: stories.filter(({ uuid }) => {
      const numbers = events.filter((event) => event.uuid === uuid).map(({ number }) => number);
      return numbers.some((number, index) => index > 0 && number < numbers[index - 1]!);
    }).length,
  };
}

export const nothingWrong: Outcome = { lost: 0, unasked: 0, withoutEvent: 0, phantoms: 0, inversions: 0 };
