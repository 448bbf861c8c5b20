import { Article } from './articles/article.js';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleRelated, ArticleTopic } from './articles/article-links.js';
import { TombstoneRow } from './articles/tombstone.js';
import { FormerSlug, Revision, RevisionBasis, TranslationRow } from './articles/translation.js';
import { CreditRow } from './credits/credit.js';
import { ApiKey } from './desks/api-key.js';
import { Edition } from './editions/edition.js';
import { FormerFile, Image, ImageRendition, ImageWording } from './images/image.js';
import { HoldingRow } from './ledger/holding.js';
import { NoticeDutyRow } from './ledger/notice-duty.js';
import { TakedownCauseRow, TakedownRow } from './ledger/takedown.js';
import { FormerVersion } from './lib/kept.js';
import { WordingVersion } from './lib/wording-version.js';
import { NoticeRow } from './notices/notice.js';
import { PartnerUsage } from './partners/usage.js';
import { AuditRow, IdempotencyRow } from './publishing/audit.js';
import { Claim } from './publishing/claim.js';
import { Draft } from './publishing/draft.js';
import { CacheDropRow, ConsumerRow, EventRow, OutboxRow, TimerRow } from './publishing/event.js';
import { Confirmation, Obligation } from './publishing/obligation.js';
import { Entitlement } from './rights/entitlement.js';
import { Partner } from './rights/partner.js';
import { Agency } from './topics/agency.js';
import { Person } from './topics/person.js';
import { Place } from './topics/place.js';
import { Topic } from './topics/topic.js';
import { DeliveryRow } from './webhooks/delivery.js';
import { EndpointRow } from './webhooks/endpoint.js';
import { HubIntentRow } from './websub/hub-intent.js';
import { HubSubscriptionRow } from './websub/hub-subscription.js';
import { HubTopicRow } from './websub/hub-topic.js';

/** Every row class, for the data source. */
export const entities = [
  Edition,
  Topic,
  Person,
  Place,
  Agency,
  CreditRow,
  Image,
  ImageRendition,
  FormerFile,
  ImageWording,
  NoticeRow,
  FormerVersion,
  WordingVersion,
  Article,
  ArticleTopic,
  ArticlePerson,
  ArticlePlace,
  ArticleAgency,
  ArticleRelated,
  TranslationRow,
  Revision,
  RevisionBasis,
  FormerSlug,
  TombstoneRow,
  Draft,
  Claim,
  Confirmation,
  Obligation,
  Partner,
  Entitlement,
  PartnerUsage,
  EndpointRow,
  DeliveryRow,
  HoldingRow,
  HubTopicRow,
  HubSubscriptionRow,
  HubIntentRow,
  TakedownCauseRow,
  TakedownRow,
  NoticeDutyRow,
  ApiKey,
  OutboxRow,
  EventRow,
  ConsumerRow,
  TimerRow,
  CacheDropRow,
  IdempotencyRow,
  AuditRow,
];
