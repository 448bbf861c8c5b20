import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { transformFile } from '@swc/core';

const run = promisify(execFile);
const cache = resolve('node_modules/.cache/dragoman-tests'); // why: below node_modules, so that packages are found
const locales = { C: 'en', 'en_US.UTF-8': 'en', 'ru_RU.UTF-8': 'ru', 'ar_EG.UTF-8': 'ar', 'de_DE.UTF-8': 'de' };
const timeZones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns'];
const settings = Object.entries(locales).flatMap(([locale, language]) => timeZones.map((timeZone) => ({ locale, language, timeZone })));

let folder: string;

async function compile(...files: string[]): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const file of files) {
    const { code } = await transformFile(file, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } });
    const target = join(folder, file.replace(/\.ts$/u, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
}

/** What a process in this setting says: its own locale and zone, how it would count Tatar, and every wording of every edition. */
async function spoken(locale: string, timeZone: string): Promise<{ setting: string; tatar: string; said: string[] }> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: locale, TZ: timeZone };
  const { stdout } = await run(process.execPath, [join(folder, 'tests/support/say-everything.js'), process.cwd()], {
    env,
    maxBuffer: 2 ** 24,
  });
  const [setting = '', tatar = '', ...said] = stdout.split('\n');
  return { setting, tatar, said };
}

describe('a gateway started in any system locale and time zone', () => {
  let expected: Awaited<ReturnType<typeof spoken>>;
  const heard: Awaited<ReturnType<typeof spoken>>[] = [];

  beforeAll(async () => {
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(join(cache, 'say-'));
    await compile('src/lib/wording.ts', 'tests/support/say-everything.ts');
    expected = await spoken('C', 'UTC');
    // Two at a time: a process is mostly start-up.
    for (let index = 0; index < settings.length; index += 2) {
      heard.push(...(await Promise.all(settings.slice(index, index + 2).map(({ locale, timeZone }) => spoken(locale, timeZone)))));
    }
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('says something in every edition', () => {
    expect(expected.said.length).toBeGreaterThan(4000);
    expect(expected.said.filter((line) => /\bundefined\b|\{\{|\[object/u.test(line))).toEqual([]);
  });

  test.each(settings.map((setting, index) => [setting.locale, setting.timeZone, setting.language, index] as const))(
    'says the same under LC_ALL=%s TZ=%s',
    (_locale, timeZone, language, index) => {
      const { setting, said } = heard[index]!;
      // The process really was where it should have been, else this would show nothing.
      expect(setting.split(/[- ]/u)[0]).toBe(language);
      expect(new Intl.DateTimeFormat('en', { timeZone: setting.split(' ')[1] }).resolvedOptions().timeZone).toBe(
        new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone,
      );
      const differing = said.flatMap((line, at) => (line === expected.said[at] ? [] : [[line, expected.said[at]]]));
      expect(differing).toEqual([]);
      expect(said.length).toBe(expected.said.length);
    },
  );

  test('where Intl alone would have counted Tatar by the rules of the system', () => {
    expect(new Set(heard.map(({ tatar }) => tatar)).size).toBeGreaterThan(1);
  });
});
