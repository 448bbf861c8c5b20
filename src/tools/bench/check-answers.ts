import assert from 'node:assert/strict';
import { bodiesOf, type Operation } from './operations.js';
import { countStatements } from './statement-counter.js';
import { pathOf, startTarget, type TargetName } from './targets.js';

/** What the servers answer to one operation, all holding the same data. */
export interface CheckedAnswers {
  /** The text each gives to each variant. */
  texts: Record<'gateway' | 'batches' | 'single', string[]>;
  /** The most statements one request of each cost. */
  statements: Record<'gateway' | 'batches' | 'single', number>;
}

const asked = ['gateway', 'batches', 'single'] as const satisfies TargetName[];

/** Asks gateway and floors everything once and once more, counting statements. Throws where an answer holds other data than the gateway's. */
export async function checkAnswers(operations: readonly Operation[], database: string): Promise<Map<string, CheckedAnswers>> {
  const checked = new Map(
    operations.map(({ name }): [string, CheckedAnswers] => [
      name,
      { texts: { gateway: [], batches: [], single: [] }, statements: { gateway: 0, batches: 0, single: 0 } },
    ]),
  );
  await Promise.all(asked.map((name) => askAll(name, operations, database, checked)));
  for (const { name, variants } of operations) {
    const { texts } = checked.get(name)!;
    for (const [index, variables] of variants.entries()) {
      for (const floor of ['batches', 'single'] as const) {
        const where = `${name} ${JSON.stringify(variables)}: gateway (actual) and ${floor} (expected) differ`;
        same(dataOf(texts.gateway[index]!, name), dataOf(texts[floor][index]!, name), where);
      }
    }
  }
  return checked;
}

/** Side by side with the other servers: only what is answered counts here, and how many statements it takes. */
async function askAll(
  name: (typeof asked)[number],
  operations: readonly Operation[],
  database: string,
  checked: ReadonlyMap<string, CheckedAnswers>,
): Promise<void> {
  const counter = await countStatements(database);
  const server = await startTarget(name, counter.url, undefined).catch((error) => {
    counter.close();
    throw error;
  });
  try {
    for (const operation of operations) {
      const { texts, statements } = checked.get(operation.name)!;
      for (const [index, body] of bodiesOf(operation).entries()) {
        const url = server.url + pathOf(name, operation.name, index);
        const text = await ask(url, body);
        const before = counter.count();
        // Not the first one: only now is everything a process does once behind it.
        assert.equal((await ask(url, body)).length, text.length, `${name} answers ${operation.name} differently the second time`);
        statements[name] = Math.max(statements[name], counter.count() - before);
        texts[name].push(text);
      }
    }
  } finally {
    await server.stop();
    counter.close();
  }
}

async function ask(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 1000)}`);
  return text;
}

interface Credited {
  articleBySlug: { served: { translation: { credits: { role: string; name: string }[] } } };
}

/** The data of an answer; credits of one position have no order among themselves. */
function dataOf(text: string, operation: string): unknown {
  const { data, errors } = JSON.parse(text) as { data: unknown; errors?: unknown };
  if (errors || !data) throw new Error(`${operation} was answered with errors: ${text.slice(0, 1000)}`);
  if (operation === 'Q2') {
    const story = (data as Partial<Credited>).articleBySlug;
    if (!story) throw new Error(`${operation} found no story`);
    story.served.translation.credits.sort((a, b) => (a.role + a.name < b.role + b.name ? -1 : 1));
  }
  return data;
}

function same(actual: unknown, expected: unknown, where: string): void {
  try {
    assert.deepEqual(actual, expected);
  } catch (error) {
    throw new Error(`${where}\n${(error as Error).message}`);
  }
}
