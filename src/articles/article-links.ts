import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { Article } from './article.js';

/** Which rows of the registry a story names, in the desk's order. */
abstract class ArticleLink {
  @PrimaryColumn('uuid')
  @ForeignKey(() => Article)
  readonly articleUuid: string;

  @Column('smallint')
  readonly position: number;
}

@Entity()
@Index('article_topic_code', { synchronize: false })
export class ArticleTopic extends ArticleLink {
  @PrimaryColumn('text')
  @ForeignKey(() => Topic)
  readonly code: string;
}

@Entity()
@Index('article_person_code', { synchronize: false })
export class ArticlePerson extends ArticleLink {
  @PrimaryColumn('text')
  @ForeignKey(() => Person)
  readonly code: string;
}

@Entity()
@Index('article_place_code', { synchronize: false })
export class ArticlePlace extends ArticleLink {
  @PrimaryColumn('text')
  @ForeignKey(() => Place)
  readonly code: string;
}

@Entity()
@Index('article_agency_code', { synchronize: false })
export class ArticleAgency extends ArticleLink {
  @PrimaryColumn('text')
  @ForeignKey(() => Agency)
  readonly code: string;
}

/** A story that another recommends. */
@Entity()
export class ArticleRelated extends ArticleLink {
  /** No foreign key: a story may recommend one that arrives later. */
  @PrimaryColumn('uuid')
  readonly relatedUuid: string;
}
