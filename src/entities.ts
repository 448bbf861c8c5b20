import { Article } from './articles/article.js';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleRelated, ArticleTopic } from './articles/article-links.js';
import { TombstoneRow } from './articles/tombstone.js';
import { FormerSlug, Revision, RevisionBasis, TranslationRow } from './articles/translation.js';
import { CreditRow } from './credits/credit.js';
import { Edition } from './editions/edition.js';
import { Image, ImageRendition, ImageWording } from './images/image.js';
import { NoticeRow } from './notices/notice.js';
import { Agency } from './topics/agency.js';
import { Person } from './topics/person.js';
import { Place } from './topics/place.js';
import { Topic } from './topics/topic.js';

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
  ImageWording,
  NoticeRow,
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
];
