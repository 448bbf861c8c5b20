import { type ExecutionResult, execute } from 'graphql';
import type { FeedContext } from '../feeds/feed-context.js';
import { noticesFor } from '../feeds/present-item.js';
import type { GivenText } from '../ledger/hold.js';
import { isUnavailable } from '../lib/unavailable.js';
import type { EventRow } from '../publishing/event.js';
import { type News, newsOf } from '../push/news.js';
import type { Asked } from './asked.js';
import { NewsEvent } from './news.type.js';
import { cursorBehind } from './place.js';

/** One event as it is told to all who asked the same. */
export interface Told {
  /** To go on behind it. */
  cursor: string;
  result: ExecutionResult;
  /** The result as it is sent where it has no errors, which are worded for each reader. */
  json: string | null;
  /** Texts that a partner is given by it. */
  given: readonly GivenText[];
}

/**
 * What some events tell those who asked something, by event and who asked: null where that is nothing. All are read together. Throws where the database
 * cannot answer, that nobody is told of half an event.
 */
export const tellAll = (
  events: readonly EventRow[],
  asked: readonly Asked[],
  { context, digest }: { context: FeedContext; digest: Buffer },
): Promise<(Told | null)[][]> => {
  const cursors = events.map(({ seq }) => cursorBehind(Number(seq), digest, context));
  return Promise.all(
    events.map((event, index) =>
      Promise.all(
        asked.map(async (each) => {
          const news = await newsOf(event, each.filter, context);
          return news && tell(news, each, cursors[index]!, context);
        }),
      ),
    ),
  );
};

async function tell(
  news: News,
  { schema, document, operation, variables, givesTexts }: Asked,
  cursor: string,
  context: FeedContext,
): Promise<Told> {
  const result = await execute({
    ...{ schema, document, rootValue: new NewsEvent(news, cursor), contextValue: context },
    ...{ variableValues: variables, operationName: operation.name?.value ?? null },
  });
  for (const { originalError } of result.errors ?? []) if (isUnavailable(originalError)) throw originalError;
  return {
    ...{ cursor, result },
    json: result.errors ? null : JSON.stringify({ data: result.data }),
    given: givesTexts && context.scope ? await givenIn(news, context) : [],
  };
}

const givenIn = ({ texts }: News, context: FeedContext): Promise<GivenText[]> =>
  Promise.all(
    texts
      .flatMap(({ text }) => (text ? [text] : []))
      .map(async (text) => {
        const { articleUuid, editionCode, revision } = text.row;
        const notices = (await noticesFor(text, await context.accessOf(text.row), context)).map(({ code, version }) => ({ code, version }));
        return { articleUuid, editionCode, revision, notices };
      }),
  );
