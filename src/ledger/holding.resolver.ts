import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { articleUrn, parseUrn, translationUrn } from '../articles/urn.js';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import type { Read } from '../lib/load.js';
import { cursorOf, type PageInfo, pageOf, placeOf } from '../lib/relay.js';
import { EditionCode } from '../lib/scalars.js';
import { may, mustBeAllowedAnywhere } from '../publishing/policy.js';
import { Partner } from '../rights/partner.js';
import type { HoldingChannel } from './hold.js';
import type { HoldingLoaders } from './holding.loaders.js';
import { type HeldText, type HoldingsPage, holdersOf, storyNamed } from './holding.queries.js';
import { HolderConnection, type Holding, HoldingConnection } from './holding.type.js';

/** What the ledger asks of a request. */
export interface LedgerContext {
  read: Read;
  caller: Caller;
  load: HoldingLoaders;
}

const firstArgument = { nullable: true, description: 'How many at most, from 1 to 100; 20 when left out.' } as const;
const afterArgument = { nullable: true, description: 'Cursor of the item the page starts behind.' } as const;

@Resolver()
export class HoldingResolver {
  @Query(() => HolderConnection, {
    description:
      'Which partners were given a text, and which revisions of it, whether or not it is still there. For operators, and for CHIEFs of its edition or of its story’s home. Fails with STORY_UNKNOWN for no URN of a translation.',
  })
  async holders(
    @Arg('translation', () => ID, { description: 'URN of the translation.' }) translation: string,
    @Arg('olderThan', () => Int, { nullable: true, description: 'Only holdings of revisions below this number.' }) olderThan: number | null,
    @Arg('first', () => Int, firstArgument) first: number | null,
    @Arg('after', () => String, afterArgument) after: string | null,
    @Ctx() { read, caller }: LedgerContext,
  ): Promise<HolderConnection> {
    const text = await textNamed(translation, { read, caller });
    const { size } = pageOf(first == null ? {} : { first });
    const list = `holders ${text.articleUuid}.${text.editionCode} ${olderThan ?? ''}`;
    const from = after == null ? '' : placeOf(after, list, partnerCode).id;
    const found = await holdersOf(read, { text, olderThan: olderThan ?? null, after: from, size: size + 1 });
    const edges = found.slice(0, size).map(({ partner, holdings }) => ({
      cursor: cursorOf({ list, at: new Date(0), id: partner.code }),
      node: {
        ...{ code: partner.code, name: partner.name, holdings: holdings.map(shown) },
        partner: may(caller, 'READ_PARTNERS') ? partner : null,
      },
    }));
    return { edges, pageInfo: pageInfoOf(edges, { hasNextPage: found.length > size, after }) };
  }
}

@Resolver(() => Partner)
export class HoldingsOfPartnerResolver {
  @FieldResolver(() => HoldingConnection, {
    description:
      'What it was given, by whatever channel: each revision of a text and each channel once, in the order in which they were last given, so that who reads on from `endCursor` follows. What is given again moves to the end. Written down about a second after it was given.',
  })
  async holdings(
    @Arg('first', () => Int, firstArgument) first: number | null,
    @Arg('after', () => String, afterArgument) after: string | null,
    @Arg('edition', () => EditionCode, { nullable: true, description: 'Only texts of this edition.' }) edition: string | null,
    @Arg('article', () => ID, { nullable: true, description: 'Only texts of this story: its URN, or that of one of its texts.' }) article:
      | string
      | null,
    @Root() { code }: Partner,
    @Ctx() { load }: LedgerContext,
  ): Promise<HoldingConnection> {
    const { size } = pageOf(first == null ? {} : { first });
    const uuid = article == null ? null : parseUrn(article)?.uuid;
    if (uuid === undefined) throw new Refusal('STORY_UNKNOWN', {});
    const list = ['holdings', code, edition ?? '', uuid ?? ''].join(' ');
    const page = { edition: edition ?? null, article: uuid, after: after == null ? null : holdingAt(after, list), size: size + 1 };
    const found = await load.holdingsOfPartner.load({ partner: code, page });
    const edges = found.slice(0, size).map((each) => ({ cursor: cursorTo(each, list), node: shown(each) }));
    return { edges, pageInfo: pageInfoOf(edges, { hasNextPage: found.length > size, after }) };
  }
}

/** The text a URN names. Throws FORBIDDEN for who may not know its holders, then STORY_UNKNOWN. */
async function textNamed(urn: string, { read, caller }: Pick<LedgerContext, 'read' | 'caller'>) {
  mustBeAllowedAnywhere(caller, 'READ_HOLDERS');
  const { uuid, edition, domain, issuedOn } = parseUrn(urn) ?? {};
  if (uuid === undefined || edition === undefined) throw new Refusal('STORY_UNKNOWN', {});
  const story = await storyNamed(read, uuid);
  const where = [edition, ...(story ? [story.home] : [])];
  if (!where.some((each) => may(caller, 'READ_HOLDERS', { edition: each }))) throw new Refusal('FORBIDDEN', {});
  if (story?.domain !== domain || story?.issuedOn !== issuedOn) throw new Refusal('STORY_UNKNOWN', {});
  return { articleUuid: uuid, editionCode: edition };
}

const shown = ({ story, editionCode, revision, channel, firstAt, lastAt, notices }: HeldText): Holding => ({
  ...{ translationId: translationUrn(story, editionCode), articleId: articleUrn(story), editionCode, revision, channel, firstAt, lastAt },
  notices: Object.entries(notices)
    .map(([code, version]) => ({ code, version }))
    .sort((one, other) => (one.code < other.code ? -1 : 1)),
});

function pageInfoOf(
  edges: readonly { cursor: string }[],
  { hasNextPage, after }: { hasNextPage: boolean; after: string | null },
): PageInfo {
  return { hasNextPage, hasPreviousPage: after != null, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null };
}

const partnerCode = /^[a-z0-9-]{1,64}$/u;
const heldText = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z0-9-]{1,64})\.([1-9]\d{0,8})\.([A-Z]{1,20})$/u;

const cursorTo = ({ lastAt, articleUuid, editionCode, revision, channel }: HeldText, list: string): string =>
  cursorOf({ list, at: lastAt, id: [articleUuid, editionCode, revision, channel].join('.') });

function holdingAt(cursor: string, list: string): NonNullable<HoldingsPage['after']> {
  const { at, id } = placeOf(cursor, list, heldText);
  const [, articleUuid, editionCode, revision, channel] = heldText.exec(id)!;
  return {
    lastAt: at,
    articleUuid: articleUuid!,
    editionCode: editionCode!,
    revision: Number(revision),
    channel: channel as HoldingChannel,
  };
}
