import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ArticleConnectionResolver, ArticleResolver } from '../articles/article.resolver.js';
import { BodyResolver } from '../articles/body.resolver.js';
import { ServedResolver } from '../articles/served.resolver.js';
import { TombstoneResolver } from '../articles/tombstone.resolver.js';
import { TranslationResolver } from '../articles/translation.resolver.js';
import { ViewerResolver } from '../desks/viewer.resolver.js';
import { EditionResolver } from '../editions/edition.resolver.js';
import { ImageResolver, RenditionResolver } from '../images/image.resolver.js';
import { AccessResolver } from '../partners/access.resolver.js';
import { EntitlementResolver } from '../partners/entitlement.resolver.js';
import { PartnerOfViewerResolver, PartnerResolver } from '../partners/partner.resolver.js';
import { DraftResolver } from '../publishing/draft.resolver.js';
import { EventResolver } from '../publishing/event.resolver.js';
import { PublishResolver } from '../publishing/publish.resolver.js';
import { RetractResolver } from '../publishing/retract.resolver.js';
import { StalenessOfTranslationResolver } from '../publishing/staleness-of-translation.resolver.js';
import { XliffResolver } from '../publishing/xliff.resolver.js';
import { topicResolvers } from '../topics/topic.resolver.js';
import { NodeResolver } from './node.resolver.js';

/** The executable schema, sorted; `schema/schema.graphql` is its print. */
export const makeSchema = (): GraphQLSchema =>
  lexicographicSortSchema(
    buildSchemaSync({
      resolvers: [
        EditionResolver,
        ArticleResolver,
        ArticleConnectionResolver,
        TranslationResolver,
        StalenessOfTranslationResolver,
        BodyResolver,
        ServedResolver,
        TombstoneResolver,
        ImageResolver,
        RenditionResolver,
        NodeResolver,
        DraftResolver,
        PublishResolver,
        RetractResolver,
        XliffResolver,
        EventResolver,
        PartnerResolver,
        EntitlementResolver,
        AccessResolver,
        ViewerResolver,
        PartnerOfViewerResolver,
        ...topicResolvers,
      ],
      // Arguments are scalars of our own, which check themselves.
      validate: false,
    }),
  );
