import { z } from 'zod';
import { digestOfDay, type LocalText } from './local-holdings.js';

const dayMs = 86_400_000;
const usualDays = 30;
const longestAnswerMs = 120_000;
const mostAtOnce = 100_000;

const digests = z.object({
  since: z.string(),
  until: z.string(),
  days: z.array(z.object({ day: z.string(), count: z.number(), digest: z.string() })),
});
const told = z.object({
  id: z.string(),
  version: z.number().optional(),
  url: z.string().optional(),
  kind: z.string().optional(),
  reason: z.string().optional(),
});
const answer = z.object({
  ...{ missing: z.array(told), outdated: z.array(told), retracted: z.array(told) },
  ...{ noticeChanged: z.array(told), notEntitled: z.array(told), unknown: z.array(told) },
});
const problem = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });

/** One text of which something is to be done. */
export type Told = z.infer<typeof told>;
/** What is to be done of the texts of an edition, by class. */
export type Differences = z.infer<typeof answer>;

/** The gateway that is asked, and by which key. */
export interface Gateway {
  url: string;
  key: string;
  signal: AbortSignal;
}

/** What a partner holds of an edition, by the day it came out, and which days of it are compared. */
export interface LocalEdition {
  edition: string;
  days: ReadonlyMap<string, readonly LocalText[]>;
  since?: Date | undefined;
  until?: Date | undefined;
}

/**
 * How what a partner holds of an edition differs: first its days by their digests, then the texts of those that differ, days that follow each other together.
 * Without `since`, from the oldest text held, and of thirty days at least. `aside` are texts of other days, which were not compared.
 */
export async function reconcileEdition(
  gateway: Gateway,
  { edition, days: local, since, until }: LocalEdition,
): Promise<{ differences: Differences; compared: number; aside: number }> {
  const texts = [...local.values()].flat();
  // With notices only where all texts say theirs: else those that do not would always differ.
  const notices = texts.length > 0 && texts.every((text) => text.notices !== undefined);
  const query = new URLSearchParams({ edition, notices: `${notices}`, ...span(since ?? oldest(local, until), until) });
  const theirs = digests.parse(await ask(gateway, `/partner/digest?${query}`));
  const [from, to] = [theirs.since.slice(0, 10), theirs.until.slice(0, 10)];
  const within = [...local.keys()].filter((day) => day >= from && day < to);
  const digestOf = new Map(theirs.days.map(({ day, digest }) => [day, digest]));
  const all = [...new Set([...within, ...digestOf.keys()])].sort();
  const differing = all.filter((day) => !local.has(day) || digestOf.get(day) !== digestOfDay(local.get(day)!, notices));
  const differences: Differences = { missing: [], outdated: [], retracted: [], noticeChanged: [], notEntitled: [], unknown: [] };
  for (const run of runsOf(differing, local)) {
    const named = run.flatMap((day) => local.get(day) ?? []).map(({ id, version, notices: shown }) => ({ id, version, notices: shown }));
    const asked = new URLSearchParams({ edition, since: run[0]!, until: dayAfter(run.at(-1)!) });
    const found = answer.parse(await ask(gateway, `/partner/reconcile?${asked}`, named));
    for (const name of Object.keys(differences) as (keyof Differences)[]) differences[name].push(...found[name]);
  }
  // What is held under another day is not missing.
  const held = new Map(texts.map(({ id, version }) => [id, version]));
  differences.missing = differences.missing.filter(({ id, version }) => held.get(id) !== version);
  const compared = within.reduce((sum, day) => sum + local.get(day)!.length, 0);
  return { differences, compared, aside: texts.length - compared };
}

/** The first day of which something is held, where that is longer ago than the gateway looks back by itself. */
function oldest(local: LocalEdition['days'], until = new Date()): Date | undefined {
  const [first] = [...local.keys()].sort();
  const at = first === undefined ? undefined : new Date(first);
  return at && at.getTime() < until.getTime() - usualDays * dayMs ? at : undefined;
}

const span = (since: Date | undefined, until: Date | undefined): Record<string, string> => ({
  ...(since && { since: since.toISOString() }),
  ...(until && { until: until.toISOString() }),
});

const dayAfter = (day: string): string => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);

/** Days that follow each other, no more of them together than one list may name texts. */
function runsOf(days: readonly string[], local: LocalEdition['days']): string[][] {
  const runs: string[][] = [];
  let size = 0;
  for (const day of days) {
    const count = local.get(day)?.length ?? 0;
    const run = runs.at(-1);
    const follows = run !== undefined && dayAfter(run.at(-1)!) === day && size + count <= mostAtOnce;
    if (follows) run.push(day);
    else runs.push([day]);
    size = follows ? size + count : count;
  }
  return runs;
}

async function ask({ url, key, signal }: Gateway, path: string, body?: readonly object[]): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${key}`, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    // The key is for this address and for none that it leads to.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(longestAnswerMs)]),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const { data } = problem.safeParse(readable(text));
  throw new Error(`The gateway answered ${response.status}${data ? `: ${data.errors[0]!.message}` : '.'}`);
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
