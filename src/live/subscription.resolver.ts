import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import { EditionCode } from '../lib/scalars.js';
import { NewsEvent, NewsFilterInput } from './news.type.js';

// The hub runs subscriptions: it executes equal ones once for all who hold them, which a stream of each one's own could not be.
const subscribe = (): never => {
  throw new Error('subscriptions are run by the hub');
};

const filterArgument = { nullable: true, description: 'Which news; all that the reader may have when left out.' };

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => NewsEvent, {
    subscribe,
    description:
      'What happens to texts, event by event in the order of the log: what was missed behind `after`, then what comes, with nothing left out and nothing twice. A partner is told of what it is entitled to when it is told.',
  })
  events(
    @Root() news: NewsEvent,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor of an earlier event; `start` for the whole log, `now` (as when left out) for what comes.',
    })
    _after: string | null,
    @Arg('filter', () => NewsFilterInput, filterArgument) _filter: NewsFilterInput | null,
  ): NewsEvent {
    return news;
  }

  @Subscription(() => NewsEvent, { subscribe, description: 'Texts that come out from now on: of `events`, those of kind PUBLISHED.' })
  articlePublished(
    @Root() news: NewsEvent,
    @Arg('filter', () => NewsFilterInput, filterArgument) _filter: NewsFilterInput | null,
  ): NewsEvent {
    return news;
  }

  @Subscription(() => NewsEvent, { subscribe, description: 'What happens to one story’s texts from now on, or to that of one edition.' })
  translationChanged(
    @Root() news: NewsEvent,
    @Arg('article', () => ID, { description: 'URN of the story.' }) _article: string,
    @Arg('edition', () => EditionCode, { nullable: true, description: 'The edition; all when left out.' }) _edition: string | null,
  ): NewsEvent {
    return news;
  }
}
