import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { RetractionKind } from '../articles/tombstone.js';
import { RetractionScope } from '../articles/tombstone.type.js';
import { Significance } from '../articles/translation.js';
import { articleUrn, translationUrn } from '../articles/urn.js';
import type { Caller } from '../desks/role.js';
import type { Read } from '../lib/load.js';
import { largestPage, pageOf } from '../lib/relay.js';
import { logCursor, seqOfCursor } from './cursor.js';
import { EventKind, type EventRow } from './event.js';
import { Event, EventFilter, EventPage } from './event.type.js';
import { type LoggedEvent, readLog } from './event-log.queries.js';
import { mustBeAllowed } from './policy.js';

/** What the log asks of a request. */
export interface EventContext {
  read: Read;
  caller: Caller;
}

@Resolver()
export class EventResolver {
  @Query(() => EventPage, {
    description:
      'The publication log: every published fact once, in order, each story’s in the order in which they became true. For desks and operators.',
  })
  async events(
    @Arg('after', () => String, { nullable: true, description: 'The place to go on from; the beginning of the log when left out.' })
    after: string | null,
    @Arg('first', () => Int, { nullable: true, description: `How many events at most; 1 to ${largestPage}, 20 when left out.` })
    first: number | null,
    @Arg('filter', () => EventFilter, { nullable: true, description: 'Which events; the cursor counts through all.' })
    filter: EventFilter | null,
    @Ctx() { read, caller }: EventContext,
  ): Promise<EventPage> {
    mustBeAllowed(caller, 'READ_EVENTS');
    const { size } = pageOf(first == null ? {} : { first });
    const from = after == null ? 0 : seqOfCursor(after, read.now);
    const { events, seq, hasMore } = await readLog(read, from, size, filter ?? {});
    return { events: events.map((each) => present(each, read.now)), endCursor: logCursor({ seq, at: read.now }), hasMore };
  }
}

/** An event as it is shown: what its data says, by the names of the schema. */
function present({ row, story }: LoggedEvent, now: Date): Event {
  const { data } = row;
  const text = (name: string): string | null => (typeof data[name] === 'string' ? data[name] : null);
  const time = (name: string): Date | null => (typeof data[name] === 'string' ? new Date(data[name]) : null);
  return {
    id: row.uuid,
    seq: row.seq,
    cursor: logCursor({ seq: Number(row.seq), at: now }),
    kind: row.kind,
    at: row.at,
    articleId: story && articleUrn(story),
    editionCode: row.editionCode,
    translationId: story && row.editionCode !== null ? translationUrn(story, row.editionCode) : null,
    revision: row.revision,
    significance: Significance[data.significance as Significance] ?? null,
    retraction: RetractionKind[data.kind as RetractionKind] ?? null,
    scope: scopeOf(row),
    image: text('image'),
    reason: text('reason'),
    sourceEditionCode: text('source'),
    sourceRevision: typeof data.sourceRevision === 'number' ? data.sourceRevision : null,
    dueAt: time('dueAt'),
    embargoUntil: row.kind === EventKind.EMBARGO_SET ? time('until') : null,
    expiresAt: row.kind === EventKind.EXPIRY_SET ? time('until') : null,
    holder: text('holder'),
    claimedUntil: row.kind === EventKind.CLAIM_EXPIRING ? time('until') : null,
    notice: text('notice'),
    takedown: text('takedown'),
    registryId: row.kind === EventKind.REGISTRY_CHANGED ? `${text('kind')}:${text('code')}` : null,
    registryVersion: typeof data.version === 'number' ? data.version : null,
    partner: text('partner'),
  };
}

/** How much an event tells to be taken or brought back; null where it tells of neither. */
function scopeOf({ kind, editionCode, revision, data }: EventRow): RetractionScope | null {
  if (kind !== EventKind.RETRACTED && kind !== EventKind.RESTORED) return null;
  if (typeof data.image === 'string') return RetractionScope.IMAGE;
  if (revision !== null) return RetractionScope.REVISION;
  return editionCode === null ? RetractionScope.STORY : RetractionScope.TRANSLATION;
}
