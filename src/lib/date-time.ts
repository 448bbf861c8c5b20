import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO as anyDateTime } from 'graphql-scalars';
import { Refusal } from './errors.js';

const { parseValue, parseLiteral, ...config } = anyDateTime.toConfig();

/** A time as callers give it and are given it, in the years that a four-digit year names: the database and dates in answers know no others. Throws BAD_USER_INPUT. */
export const GraphQLDateTimeISO = new GraphQLScalarType<Date, string>({
  ...config,
  description: 'A time with a date (RFC 3339), such as `2007-12-03T10:15:30Z`, of the years 1 to 9999 in UTC; given back in UTC.',
  parseValue: (value) => inYears(parseValue(value)),
  parseLiteral: (node, variables) => inYears(parseLiteral(node, variables)),
});

function inYears(time: Date): Date {
  const year = time.getUTCFullYear();
  if (year < 1 || year > 9999) throw new Refusal('BAD_USER_INPUT', { detail: 'DateTimeISO: the year is from 1 to 9999 in UTC' });
  return time;
}
