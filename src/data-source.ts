import { DataSource } from 'typeorm';
import { CreateGateway20261123000000 } from '../migrations/20261123-create-gateway.js';
import { CreatePublishing20261124000000 } from '../migrations/20261124-create-publishing.js';
import { CreditDrafts20261124020000 } from '../migrations/20261124-credit-drafts.js';
import { KeepFormerVersions20261124010000 } from '../migrations/20261124-keep-former-versions.js';
import { ReadAudit20261124040000 } from '../migrations/20261124-read-audit.js';
import { RetractRevisionsAndPictures20261124030000 } from '../migrations/20261124-retract-revisions-and-pictures.js';
import { CreatePartners20261125000000 } from '../migrations/20261125-create-partners.js';
import { KeepSlugsOfRevisions20261125020000 } from '../migrations/20261125-keep-slugs-of-revisions.js';
import { SettleRetractions20261125010000 } from '../migrations/20261125-settle-retractions.js';
import { CountUsage20261126030000 } from '../migrations/20261126-count-usage.js';
import { NameReplacements20261126010000 } from '../migrations/20261126-name-replacements.js';
import { WalkFeeds20261126000000 } from '../migrations/20261126-walk-feeds.js';
import { PurgeWhatIsDropped20261127000000 } from '../migrations/20261127-purge-what-is-dropped.js';
import { CreateHub20261128030000 } from '../migrations/20261128-create-hub.js';
import { CreateWebhooks20261128000000 } from '../migrations/20261128-create-webhooks.js';
import { IndexDeliveries20261128020000 } from '../migrations/20261128-index-deliveries.js';
import { KeepHoldings20261128040000 } from '../migrations/20261128-keep-holdings.js';
import { OrderTakedowns20261128060000 } from '../migrations/20261128-order-takedowns.js';
import { TimeWhatDesksOwe20261128070000 } from '../migrations/20261128-time-what-desks-owe.js';
import { entities } from './entities.js';
import { PostgresNames } from './lib/postgres-names.js';

/** Where the rows are: a PostgreSQL server's address, or the driver object of an embedded database. */
export type Database = { url: string; poolSize: number; statementTimeoutMs?: number } | { driver: object };

/** A data source over all row classes and migrations; `initialize` connects, nothing synchronises. */
export const makeDataSource = (database: Database): DataSource =>
  new DataSource({
    type: 'postgres',
    ...connection(database),
    applicationName: 'dragoman',
    entities,
    migrations: [
      CreateGateway20261123000000,
      CreatePublishing20261124000000,
      KeepFormerVersions20261124010000,
      CreditDrafts20261124020000,
      RetractRevisionsAndPictures20261124030000,
      ReadAudit20261124040000,
      CreatePartners20261125000000,
      SettleRetractions20261125010000,
      KeepSlugsOfRevisions20261125020000,
      WalkFeeds20261126000000,
      NameReplacements20261126010000,
      CountUsage20261126030000,
      PurgeWhatIsDropped20261127000000,
      CreateWebhooks20261128000000,
      IndexDeliveries20261128020000,
      CreateHub20261128030000,
      KeepHoldings20261128040000,
      OrderTakedowns20261128060000,
      TimeWhatDesksOwe20261128070000,
    ],
    migrationsTableName: 'migration',
    namingStrategy: new PostgresNames(),
    installExtensions: false,
    logging: false,
  });

function connection(database: Database) {
  if ('driver' in database) return database;
  const { url, poolSize, statementTimeoutMs } = database;
  return {
    ...{ url, poolSize, connectTimeoutMS: 5_000 },
    extra: { keepAlive: true, statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 60_000 },
  };
}
