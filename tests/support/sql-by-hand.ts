import { getMetadataArgsStorage } from 'typeorm';
import ts from 'typescript';
import { entities } from '../../src/entities.js';
import { PostgresNames } from '../../src/lib/postgres-names.js';

const names = new PostgresNames();
const { tables, columns } = getMetadataArgsStorage();
const tableNames = new Set(
  tables
    .filter(({ target }) => (entities as unknown[]).includes(target))
    .map(({ target, name }) => names.tableName((target as { name: string }).name, name)),
);
const columnNames = new Set(columns.map(({ propertyName, options }) => names.columnName(propertyName, options.name ?? '')));

/** The names of tables and columns that the string and template literals of a source write out in SQL, instead of asking the row class. */
export function sqlByHand(source: string): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    // Checks of row classes are SQL, and compared with the migrations' by themselves; descriptions are prose.
    if (ts.isDecorator(node)) return;
    if (ts.isStringLiteralLike(node)) for (const name of namesIn(node.text)) found.add(name);
    if (ts.isTemplateExpression(node))
      for (const name of namesIn([node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('"?"')))
        found.add(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', source, ts.ScriptTarget.ESNext));
  return [...found];
}

const statement = /\b(?:select\b[\s\S]*\bfrom|insert into|update [^ ]+ set|delete from)\b/u;
const words = new Set(['set', 'select', 'lateral', 'only']);
// What PostgreSQL brings along.
const theirs = /^(pg|information)_/u;

function namesIn(literal: string): string[] {
  const every = (pattern: RegExp): string[] => [...literal.matchAll(pattern)].map((match) => match[1] ?? '');
  const isStatement = statement.test(literal);
  // A part of a statement is known by the alias behind the table; without one it may be prose.
  const read = isStatement
    ? every(/\b(?:from|join|into|update) ([a-z_]+)\b(?! ?[(.])/gu).filter((name) => !words.has(name) && !theirs.test(name))
    : every(/\b(?:from|join|into|update) ([a-z_]+)(?: as)? [a-z]\b/gu).filter((name) => tableNames.has(name));
  const behindAliases = every(/(?<![\w.])(?:[a-z]|excluded)\.([a-z_]+)\b/gu);
  const snake = every(/\b([a-z]+(?:_[a-z]+)+)\b/gu);
  const bare = isStatement ? every(/\b(?:select|where|and|or|by|on) ([a-z]+)\b(?! ?[(.])/gu) : [];
  return [...read, ...[...behindAliases, ...snake, ...bare].filter((name) => columnNames.has(name))];
}
