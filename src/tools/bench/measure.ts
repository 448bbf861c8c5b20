import type { CheckedAnswers } from './check-answers.js';
import type { ChildServer } from './child-server.js';
import { type Load, load, type Shot } from './load-client.js';
import { bodiesOf, type Operation } from './operations.js';
import { type Cores, pinBackends } from './pin.js';
import { pathOf, startTarget, type TargetName, targetNames } from './targets.js';

const connections = 8;

/** How long and how often each row is measured. */
export interface Duration {
  rounds: number;
  seconds: number;
  warmSeconds: number;
}

/** One stretch of load on one server; `processorMs` is the server's own work for a request. */
export interface Stretch extends Load {
  processorMs: number | undefined;
}

/** What a run came to: of each operation a stretch per round and server. */
export interface Measured {
  rows: { operation: Operation['name']; loads: Record<TargetName, Stretch[]>; statements: CheckedAnswers['statements']; bytes: number }[];
  readyMs: number;
  memory: { idle: number; peak: number } | undefined;
  backends: { backends: number; pinned: number } | undefined;
}

/** Measures every operation on every server, turn by turn, so that what else the machine does meets all of them. */
export async function measure(
  database: string,
  operations: readonly Operation[],
  checked: ReadonlyMap<string, CheckedAnswers>,
  { rounds, seconds, warmSeconds }: Duration,
  cores: Cores | undefined,
  tell: (line: string) => void,
): Promise<Measured> {
  const servers = new Map<TargetName, ChildServer>();
  try {
    // Alone, because how long it takes is measured.
    const gateway = await startTarget('gateway', database, cores?.server);
    servers.set('gateway', gateway);
    for (const name of targetNames.slice(1)) servers.set(name, await startTarget(name, database, cores?.server));
    const idle = gateway.memory()?.now;
    await lend(servers.get('bare')!, operations, checked);
    const loads = new Map<string, Stretch[]>();
    let backends: Measured['backends'];
    for (let round = 1; round <= rounds; round++) {
      for (const operation of operations) {
        for (const name of targetNames) {
          const shots = shotsOf(name, operation, checked.get(operation.name)!);
          const server = servers.get(name)!;
          await load(server.url, shots, { connections, seconds: warmSeconds });
          // Connections come with the first load.
          if (cores) backends = await pinBackends(database, cores.client);
          const found = await stretch(server, shots, seconds);
          const key = `${operation.name} ${name}`;
          loads.set(key, [...(loads.get(key) ?? []), found]);
          tell(`${round}/${rounds} ${key}: ${found.perSecond.toFixed(0)}/s`);
        }
      }
    }
    const peak = gateway.memory()?.peak;
    return {
      rows: operations.map(({ name: operation }) => ({
        operation,
        loads: Object.fromEntries(targetNames.map((name) => [name, loads.get(`${operation} ${name}`)!])) as Record<TargetName, Stretch[]>,
        statements: checked.get(operation)!.statements,
        bytes: Math.round(mean(checked.get(operation)!.texts.gateway.map((text) => Buffer.byteLength(text)))),
      })),
      readyMs: gateway.readyMs,
      memory: idle === undefined || peak === undefined ? undefined : { idle, peak },
      backends,
    };
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
}

async function stretch({ url, processorMs }: ChildServer, shots: readonly Shot[], seconds: number): Promise<Stretch> {
  const before = processorMs();
  const found = await load(url, shots, { connections, seconds });
  const after = processorMs();
  return { ...found, processorMs: before === undefined || after === undefined ? undefined : (after - before) / found.requests };
}

/** Gives the bare server the bytes the gateway answers with. */
async function lend(bare: ChildServer, operations: readonly Operation[], checked: ReadonlyMap<string, CheckedAnswers>): Promise<void> {
  for (const { name } of operations) {
    for (const [index, body] of checked.get(name)!.texts.gateway.entries())
      await fetch(bare.url + pathOf('bare', name, index), { method: 'PUT', body });
  }
}

const shotsOf = (target: TargetName, operation: Operation, { texts }: CheckedAnswers): Shot[] =>
  bodiesOf(operation).map((body, index) => ({
    path: pathOf(target, operation.name, index),
    body,
    expected: Buffer.byteLength(texts[target === 'bare' ? 'gateway' : target][index]!),
  }));

const mean = (values: number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
