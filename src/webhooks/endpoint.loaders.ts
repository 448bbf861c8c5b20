import DataLoader from 'dataloader';
import { manyBy, type Read } from '../lib/load.js';
import { countDeliveries } from './deliveries.queries.js';
import { EndpointRow } from './endpoint.js';
import type { EndpointLoaders } from './endpoint-context.js';

export const endpointLoaders = (read: Read): EndpointLoaders => ({
  endpointsOfPartner: manyBy(read, EndpointRow, 'partnerCode', 'createdAt'),
  endpointsOfEdition: manyBy(read, EndpointRow, 'editionCode', 'createdAt'),
  deliveryCounts: new DataLoader(async (uuids) => {
    const counts = await countDeliveries(read, uuids);
    return uuids.map((uuid) => counts.get(uuid)!);
  }),
});
