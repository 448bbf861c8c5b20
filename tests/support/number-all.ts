import { numberEvents } from '../../src/publishing/event.queries.js';
import type { TestGateway } from './gateway.js';
import { until } from './until.js';

/** Gives every event its number, once what else goes on in the server lets it. */
export const numberAll = ({ dataSource }: Pick<TestGateway, 'dataSource'>): Promise<number> =>
  until('the numbering', async () => {
    await numberEvents(dataSource.manager, 1000);
    const [{ waiting }] = await dataSource.query('select count(*)::int as waiting from outbox');
    return waiting === 0;
  });
