import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const bound = (issue: Issue & { origin: string }, limit: number | bigint, [fewer, less]: [string, string]): string => {
  if (issue.origin === 'string') return `has ${fewer} than ${limit} characters`;
  return issue.origin === 'array' ? `has ${fewer} than ${limit}` : `is ${less} than ${limit}`;
};

/** What a value is that its shape does not take, in few words for whoever sent it; a shape's own words come before these. */
export function shapeWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'too_small':
      return issue.origin !== 'number' && issue.minimum === 1 ? 'is empty' : bound(issue, issue.minimum, ['fewer', 'less']);
    case 'too_big':
      return bound(issue, issue.maximum, ['more', 'more']);
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return Array.isArray(issue.options) ? `expected one of ${issue.options.join(', ')}` : 'is none of what it may be';
    case 'invalid_type':
      return issue.expected === 'int' ? 'expected a whole number' : `expected ${named[issue.expected] ?? issue.expected}`;
    case 'invalid_format':
      return `is not written as it is to be${issue.format === 'regex' ? '' : `: ${issue.format}`}`;
    case 'unrecognized_keys':
      return `has no ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

const named: Partial<Record<string, string>> = {
  ...{ string: 'text', number: 'a number', boolean: 'true or false', array: 'a list', object: 'an object', date: 'a time' },
};

/** One line of text with something to see in it: bidi marks, joiners and spaces alone show nothing. */
export const shownLine = (longest: number): z.ZodString =>
  z
    .string()
    .max(longest)
    .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'is empty');
