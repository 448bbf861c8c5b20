import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { Refusal } from './errors.js';

export const largestPage = 100;
const usualPage = 20;

/** The arguments of every paged list (GraphQL Cursor Connections Specification). */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many items from the start of the list, or behind \`after\`; 1 to ${largestPage}, ${usualPage} when neither \`first\` nor \`last\` is given.`,
  })
  readonly first?: number;

  @Field(() => String, { nullable: true, description: 'Cursor of the item the page starts behind.' })
  readonly after?: string;

  @Field(() => Int, { nullable: true, description: `How many items from the end of the list, or before \`before\`; 1 to ${largestPage}.` })
  readonly last?: number;

  @Field(() => String, { nullable: true, description: 'Cursor of the item the page ends before.' })
  readonly before?: string;
}

@ObjectType({ description: 'Where a page stands in its list (Relay).' })
export class PageInfo {
  @Field({ description: 'Whether more items follow; for `last`, whether `before` was given: what follows it is not looked at.' })
  readonly hasNextPage: boolean;

  @Field({ description: 'Whether items come before; for `first`, whether `after` was given: what comes before it is not looked at.' })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last item; null on an empty page.' })
  readonly endCursor: string | null;
}

/** A page asked for, checked. */
export interface Page {
  size: number;
  backwards: boolean;
  after: string | undefined;
  before: string | undefined;
}

/** Throws FIRST_AND_LAST, PAGE_SIZE. */
export function pageOf({ first, after, last, before }: PageArgs): Page {
  if (first != null && last != null) throw new Refusal('FIRST_AND_LAST', {});
  const size = first ?? last ?? usualPage;
  if (size < 1 || size > largestPage) throw new Refusal('PAGE_SIZE', { max: largestPage });
  return { size, backwards: last != null, after: after ?? undefined, before: before ?? undefined };
}

/** A place in a total order: the sort key and the id that breaks ties; `list` names the order it belongs to. */
export interface Place {
  list: string;
  at: Date;
  id: string;
}

/** An opaque cursor; its parts may change, so nobody should read it. */
export const cursorOf = ({ list, at, id }: Place): string => Buffer.from(JSON.stringify([list, at.getTime(), id])).toString('base64url');

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
/** Ids that the database counts. */
export const counted = /^[1-9]\d{0,17}$/u;
// What ISO 8601 writes with four digits, as every time of a list is: PostgreSQL does not know all the others.
const [earliest, latest] = [Date.UTC(-1, 12), Date.UTC(10_000, 0)];

/**
 * The place a cursor names; `ids` is what ids of the list look like. Throws INVALID_CURSOR for anything that `cursorOf` did not make for this
 * list, down to the last character.
 */
export function placeOf(cursor: string, list: string, ids = uuid): Place {
  try {
    const [of, time, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown, unknown];
    const known = of === list && typeof id === 'string' && ids.test(id) && typeof time === 'number' && time >= earliest && time < latest;
    const place = known && { list, at: new Date(time), id };
    if (place && cursorOf(place) === cursor) return place;
  } catch {
    // Not even JSON: refused below like any other stranger's cursor.
  }
  throw new Refusal('INVALID_CURSOR', {});
}

/** As `cursorOf`, of an item that its list numbers. */
export const numberCursor = (list: string, number: number): string => Buffer.from(JSON.stringify([list, number])).toString('base64url');

/** The number a cursor names. Throws INVALID_CURSOR for anything that `numberCursor` did not make for this list. */
export function numberOf(cursor: string, list: string): number {
  const number = Number(/,(\d{1,9})\]$/u.exec(Buffer.from(cursor, 'base64url').toString())?.[1]);
  if (Number.isNaN(number) || numberCursor(list, number) !== cursor) throw new Refusal('INVALID_CURSOR', {});
  return number;
}
