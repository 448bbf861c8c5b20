import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { makeSchema } from '../src/server/schema.js';

const folder = join(import.meta.dirname, '..', 'schema');
const schema = makeSchema();

test('schema/schema.graphql is what the program serves: run "npm run emit-schema" and name what changed in schema/CHANGES.md', () => {
  expect(readFileSync(join(folder, 'schema.graphql'), 'utf8')).toBe(`${printSchema(schema)}\n`);
});

/** Everything without a description; partners have no other documentation. */
function undescribed(of: GraphQLSchema): string[] {
  const missing: string[] = [];
  const check = (name: string, described: { description?: string | null | undefined }): void => {
    if (!described.description?.trim()) missing.push(name);
  };
  for (const type of Object.values(of.getTypeMap())) {
    if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)) continue;
    // The roots are no types of the domain: their fields are described.
    if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field);
        if ('args' in field) for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument);
      }
    }
  }
  return missing;
}

test('every type, field, argument and value is described', () => {
  expect(undescribed(schema)).toEqual([]);
});

test('a field without a description is found', () => {
  expect(undescribed(buildSchema('"""q""" type Query { a: Int } "b" type B { c(d: Int): Int }'))).toEqual(['Query.a', 'B.c', 'B.c(d)']);
});

/** The schema as it was committed last before the present text; undefined while there is only one. */
function committedBefore(present: string): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const commits = git('log', '-5', '--format=%H', '--', 'schema.graphql').split('\n').filter(Boolean);
  return commits.map((commit) => git('show', `${commit}:./schema.graphql`)).find((text) => text !== present);
}

/** Breaking changes that schema/CHANGES.md does not name by their type or field. */
const unexplained = (before: GraphQLSchema, after: GraphQLSchema, changes: string): string[] =>
  findBreakingChanges(before, after)
    .map((change) => change.description)
    .filter(
      (description) =>
        !(/[A-Z]\w+(\.\w+)?/u.exec(description.replace(/^(An?|The) /u, '')) ?? [description])
          .slice(0, 1)
          .every((name) => changes.includes(name)),
    );

test('breaking changes since the last committed schema are named in schema/CHANGES.md', () => {
  const before = committedBefore(`${printSchema(schema)}\n`);
  const changes = readFileSync(join(folder, 'CHANGES.md'), 'utf8');
  expect(before === undefined ? [] : unexplained(buildSchema(before), schema, changes)).toEqual([]);
});

test('a breaking change that is not named is found', () => {
  const [before, after] = ['type Query { a: Int b: Int }', 'type Query { a: Int }'].map((sdl) => buildSchema(sdl)) as [
    GraphQLSchema,
    GraphQLSchema,
  ];
  expect(unexplained(before, after, 'nothing')).toEqual(['Query.b was removed.']);
  expect(unexplained(before, after, '`Query.b` is gone')).toEqual([]);
});

describe('operations', () => {
  test.each(readdirSync(join(folder, 'operations')).filter((name) => name.endsWith('.graphql')))('%s fits the schema', (name) => {
    expect(validate(schema, parse(readFileSync(join(folder, 'operations', name), 'utf8')))).toEqual([]);
  });
});
