import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, specifiedDirectives } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ArticleConnectionResolver, ArticleResolver } from '../articles/article.resolver.js';
import { BodyResolver } from '../articles/body.resolver.js';
import { ServedResolver } from '../articles/served.resolver.js';
import { TombstoneResolver } from '../articles/tombstone.resolver.js';
import { TranslationResolver } from '../articles/translation.resolver.js';
import { ViewerResolver } from '../desks/viewer.resolver.js';
import { EditionResolver } from '../editions/edition.resolver.js';
import { ImageResolver, RenditionResolver } from '../images/image.resolver.js';
import { HoldingResolver, HoldingsOfPartnerResolver } from '../ledger/holding.resolver.js';
import { noteAnswers } from '../ledger/note-answers.js';
import { NoticeDutiesOfPartnerResolver, NoticeDutyResolver } from '../ledger/notice-duty.resolver.js';
import { TakedownResolver, TakedownsOfPartnerResolver } from '../ledger/takedown.resolver.js';
import { SubscriptionResolver } from '../live/subscription.resolver.js';
import { TextNewsResolver } from '../live/text-news.resolver.js';
import { AccessResolver } from '../partners/access.resolver.js';
import { EntitlementResolver } from '../partners/entitlement.resolver.js';
import { PartnerOfViewerResolver, PartnerResolver } from '../partners/partner.resolver.js';
import { PartnerKeysResolver } from '../partners/partner-keys.resolver.js';
import { UsageResolver } from '../partners/usage.resolver.js';
import { ArticleFactsResolver } from '../publishing/article-facts.resolver.js';
import { AuditResolver } from '../publishing/audit.resolver.js';
import { DraftResolver } from '../publishing/draft.resolver.js';
import { EventResolver } from '../publishing/event.resolver.js';
import { HistoryResolver, RevisionTextResolver } from '../publishing/history.resolver.js';
import { PreviewResolver } from '../publishing/preview.resolver.js';
import { PublishResolver } from '../publishing/publish.resolver.js';
import { RetractResolver } from '../publishing/retract.resolver.js';
import { SetExpiryResolver } from '../publishing/set-expiry.resolver.js';
import { MissedRevisionResolver, StalenessOfTranslationResolver } from '../publishing/staleness-of-translation.resolver.js';
import { XliffResolver } from '../publishing/xliff.resolver.js';
import { EditionRegistryResolver } from '../registry/edition-registry.resolver.js';
import { ImageRegistryResolver } from '../registry/image-registry.resolver.js';
import { namedRegistryResolvers } from '../registry/named.resolver.js';
import { NoticeRegistryResolver } from '../registry/notice-registry.resolver.js';
import { topicResolvers } from '../topics/topic.resolver.js';
import { EndpointResolver } from '../webhooks/endpoint.resolver.js';
import { PartnerEndpointsResolver } from '../webhooks/partner-endpoints.resolver.js';
import { asOfDirective } from './as-of.js';
import { NodeResolver } from './node.resolver.js';

/** The executable schema, sorted; `schema/schema.graphql` is its print. */
export const makeSchema = (): GraphQLSchema => noteAnswers(sortedSchema());

const sortedSchema = (): GraphQLSchema =>
  lexicographicSortSchema(
    buildSchemaSync({
      resolvers: [
        EditionResolver,
        ArticleResolver,
        ArticleConnectionResolver,
        TranslationResolver,
        StalenessOfTranslationResolver,
        MissedRevisionResolver,
        HistoryResolver,
        RevisionTextResolver,
        BodyResolver,
        ServedResolver,
        TombstoneResolver,
        ImageResolver,
        RenditionResolver,
        NodeResolver,
        DraftResolver,
        ArticleFactsResolver,
        PublishResolver,
        PreviewResolver,
        RetractResolver,
        SetExpiryResolver,
        XliffResolver,
        EventResolver,
        AuditResolver,
        PartnerResolver,
        EntitlementResolver,
        UsageResolver,
        HoldingResolver,
        HoldingsOfPartnerResolver,
        TakedownResolver,
        TakedownsOfPartnerResolver,
        NoticeDutyResolver,
        NoticeDutiesOfPartnerResolver,
        AccessResolver,
        ViewerResolver,
        PartnerOfViewerResolver,
        PartnerKeysResolver,
        EndpointResolver,
        PartnerEndpointsResolver,
        ...topicResolvers,
        EditionRegistryResolver,
        NoticeRegistryResolver,
        ImageRegistryResolver,
        ...namedRegistryResolvers,
        SubscriptionResolver,
        TextNewsResolver,
      ],
      // The library asks for one, and none is used: the hub runs subscriptions.
      pubSub: {
        publish: () => {},
        subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) }),
      },
      directives: [...specifiedDirectives, asOfDirective],
      // Arguments are scalars of our own, which check themselves.
      validate: false,
    }),
  );
