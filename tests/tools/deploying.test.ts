import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { inPackage } from '../../src/lib/root.js';

const read = (name: string): string => readFileSync(inPackage(name), 'utf8');
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string>; files: string[]; engines: { node: string } };
const stages = read('Containerfile')
  .split(/^FROM /mu)
  .slice(1)
  .map((stage) => stage.split('\n').filter(Boolean));
const [build = [], serving = []] = stages;
const argumentsOf = (stage: readonly string[], word: string): string[] =>
  stage.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const ignored = read('.dockerignore').trim().split('\n');

describe('the container file', () => {
  test('builds on a Node the package runs on, named without a registry', () => {
    expect(stages).toHaveLength(2);
    for (const [image] of stages) expect(image).toMatch(/^node:22-slim( AS build)?$/u);
    expect(manifest.engines.node).toContain('^22.');
  });

  test('copies only what there is, or what the build makes', () => {
    const copied = [...argumentsOf(build, 'COPY'), ...argumentsOf(serving, 'COPY')].map((line) =>
      line.replace('--from=build /app/', '').split(' ').slice(0, -1),
    );
    expect(copied.length).toBeGreaterThan(5);
    const made = ['node_modules', 'dist'];
    for (const path of copied.flat()) expect([path, made.includes(path) || existsSync(inPackage(path))]).toEqual([path, true]);
  });

  test('takes every file of the package along, and its modules', () => {
    const copied = argumentsOf(serving, 'COPY').map((line) => line.replace('--from=build /app/', '').split(' ')[0]);
    expect(copied.sort()).toEqual(['package.json', 'node_modules', ...manifest.files].sort());
  });

  test('leaves out what a checkout has besides, and nothing the build needs', () => {
    expect(ignored).toEqual(
      expect.arrayContaining([
        '.git',
        ...read('.gitignore')
          .trim()
          .split('\n')
          .map((line) => line.replace(/\/$/u, '')),
      ]),
    );
    for (const path of [
      'package.json',
      'package-lock.json',
      'src',
      'migrations',
      'tsconfig.json',
      ...manifest.files.filter((each) => each !== 'dist'),
    ])
      expect(ignored).not.toContain(path);
  });

  test('runs what npm start runs, without rights, with its data in a volume that user may write', () => {
    expect(JSON.parse(argumentsOf(serving, 'CMD')[0] ?? '[]').join(' ')).toBe(manifest.scripts['start']);
    expect(argumentsOf(serving, 'USER')).toEqual(['node']);
    const env = Object.fromEntries(argumentsOf(serving, 'ENV').flatMap((line) => line.split(' ').map((each) => each.split('='))));
    const config = readConfig(env);
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: Number(argumentsOf(serving, 'EXPOSE')[0]),
      dataDir: argumentsOf(serving, 'VOLUME')[0],
    });
    expect(argumentsOf(serving, 'RUN').join()).toContain(`mkdir ${config.dataDir} && chown node:node ${config.dataDir}`);
  });

  test('asks /health/ready whether it is healthy', async () => {
    const [command] = argumentsOf(serving, 'HEALTHCHECK').map((line) => JSON.parse(line.replace(/^.*?CMD /u, '')) as [string, ...string[]]);
    const [program, ...args] = command ?? [''];
    const healthy = (port: number): Promise<boolean> =>
      promisify(execFile)(program === 'node' ? process.execPath : program, args, { env: { PORT: String(port) } }).then(
        () => true,
        () => false,
      );
    let status = 200;
    const server = createServer(({ url }, response) => response.writeHead(url === '/health/ready' ? status : 404).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await healthy(port)).toBe(true);
    status = 503;
    expect(await healthy(port)).toBe(false);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    expect(await healthy(port)).toBe(false);
  });
});

test('an install without devDependencies builds nothing, and says how', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-'));
  try {
    copyFileSync(inPackage('package.json'), join(folder, 'package.json'));
    const said = execFileSync('npm', ['run', 'prepare', '--silent'], { cwd: folder, encoding: 'utf8' });
    expect(said).toBe('Nothing was built: the compilers are devDependencies. README.md, Deploying, says how.\n');
    expect(read('README.md')).toContain('**Deploying.**');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
