import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Partner } from '../rights/partner.js';
import { composeMessages } from './compose-messages.js';
import { Endpoint, PartnerMessage } from './endpoint.type.js';
import type { EndpointContext } from './endpoint-context.js';
import { endpointId } from './endpoint-id.js';
import { shownEndpoint } from './show-endpoint.js';

@Resolver(() => Partner)
export class PartnerEndpointsResolver {
  @FieldResolver(() => [Endpoint], { description: 'Where it is told of what it has asked for; the oldest first.' })
  async endpoints(@Root() { code }: Partner, @Ctx() { load, read }: EndpointContext): Promise<Endpoint[]> {
    return (await load.endpointsOfPartner.load(code)).map((row) => shownEndpoint(row, read.now));
  }

  @FieldResolver(() => [PartnerMessage], { description: 'What it must know and see to; empty when all is well.' })
  async messages(@Root() { code }: Partner, @Ctx() { load, read }: EndpointContext): Promise<PartnerMessage[]> {
    const rows = await load.endpointsOfPartner.load(code);
    const counts = await Promise.all(rows.map(({ uuid }) => load.deliveryCounts.load(uuid)));
    const composed = rows.flatMap((row, index) => composeMessages(row, counts[index]!.FAILED, read.now));
    return composed.map(({ endpointUuid, ...said }) => ({ ...said, endpointId: endpointId(endpointUuid) }));
  }
}
