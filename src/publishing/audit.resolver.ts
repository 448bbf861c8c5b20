import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { articleUrn } from '../articles/urn.js';
import { PageArgs, pageOf } from '../lib/relay.js';
import { type Audited, readAudit } from './audit.queries.js';
import { AuditConnection, type AuditEntry, AuditFilter } from './audit.type.js';
import type { EventContext } from './event.resolver.js';
import { auditOf } from './policy.js';

@Resolver()
export class AuditResolver {
  @Query(() => AuditConnection, {
    description:
      'Who did what and when, newest first. For operators; for CHIEFs what was done in their editions and with the stories whose home they are. Names and pictures are no edition’s: what was done to them operators read.',
  })
  async audit(
    @Args() pageArgs: PageArgs,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which entries.' }) filter: AuditFilter | null,
    @Ctx() { read, caller }: EventContext,
  ): Promise<AuditConnection> {
    const whose = auditOf(caller);
    const { items, hasNextPage, hasPreviousPage } = await readAudit(read, whose, filter ?? {}, pageOf(pageArgs));
    const edges = items.map((each) => ({ cursor: each.cursor, node: entryOf(each) }));
    const pageInfo = { hasNextPage, hasPreviousPage, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null };
    return { edges, pageInfo };
  }
}

const entryOf = ({ row, story }: Audited): AuditEntry => ({
  ...{ at: row.at, caller: row.caller, callerId: row.callerId, action: row.action },
  ...{ articleId: story && articleUrn(story), editionCode: row.editionCode, requestId: row.requestId, detail: row.detail },
});
