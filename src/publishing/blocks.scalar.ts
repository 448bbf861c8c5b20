import { GraphQLScalarType, type ValueNode, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import { type BlockData, block } from '../articles/body.js';
import { Refusal } from '../lib/errors.js';
import { shapeWords } from '../lib/shape-words.js';

const mostBlocks = 500;
const blocks = z.array(block).max(mostBlocks);

function parse(value: unknown): BlockData[] {
  const parsed = blocks.safeParse(value, { error: shapeWords });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Refusal('BAD_USER_INPUT', { detail: `${['blocks', ...path].join('.')}: ${message}` });
  }
  const keys = parsed.data.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Refusal('BAD_USER_INPUT', { detail: `blocks: the key ${twice} is given twice` });
  return parsed.data;
}

/** A body as desks send and get it back: the JSON of its blocks, checked. */
export const Blocks = new GraphQLScalarType<BlockData[], unknown>({
  name: 'Blocks',
  description: `The blocks of a body as JSON, at most ${mostBlocks}: \`{"key","type","spans":[{"text","strong","em","href","lang"}]}\` and so on, one shape for each type of \`Block\`. Keys are stable over revisions and languages.`,
  serialize: (value) => value,
  parseValue: parse,
  parseLiteral: (node: ValueNode) => parse(valueFromASTUntyped(node)),
});

/** One block of a body, as desks get it. */
export const Block = new GraphQLScalarType<BlockData, unknown>({
  name: 'BlockData',
  description: 'One block of a body as JSON, of the shape that `Blocks` has.',
  serialize: (value) => value,
});
