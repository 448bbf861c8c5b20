import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFile } from '@swc/core';

const cache = join(process.cwd(), 'node_modules/.cache/dragoman-tests'); // why: below node_modules, so that packages are found
const compiled = /^(lib\/(embedded|data)-|tools\/(control|command)-)/u;

/** Compiles the files that the children of one test file import, and gives the way to start a child from a script. */
export async function childProcesses(): Promise<{ start: (script: string) => Child; clean: () => Promise<void> }> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'child-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const file of await readdir('src', { recursive: true })) {
    if (!compiled.test(file)) continue;
    const { code } = await transformFile(join('src', file), {
      jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
      module: { type: 'es6' },
    });
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file.replace(/\.ts$/u, '.js')), code);
  }
  const children: Child[] = [];
  return {
    start: (script) => {
      const child = new Child(folder, script);
      children.push(child);
      return child;
    },
    clean: async () => {
      for (const child of children) await child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A process of its own that runs an ES module text and is read line by line. */
export class Child {
  private readonly process: ChildProcess;
  private readonly exited: Promise<unknown>;
  readonly lines: AsyncIterator<string>;

  constructor(cwd: string, script: string) {
    this.process = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    this.exited = once(this.process, 'exit');
    if (!this.process.stdout) throw new Error('no stdout');
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** The next line it prints; undefined when it has ended. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.lines.next();
    return done ? undefined : value;
  }

  /** Ends it as a power switch would. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}
