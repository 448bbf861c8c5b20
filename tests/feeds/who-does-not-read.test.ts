import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeSpool } from '../../src/feeds/spool.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, paragraph, write } from '../support/make-story.js';
import { until } from '../support/until.js';

const url = '/feeds/tt.json';
const idleMs = 1_000;
let gateway: TestGateway;
let port: number;
beforeAll(async () => {
  gateway = await openGateway({ readerPatience: { idleMs, wholeMs: 60_000 } });
  // Some 20 MB: more than the kernel takes of an answer that nobody reads.
  const text = 'As long as it is dull. '.repeat(20_000);
  await write(
    gateway,
    Array.from({ length: 45 }, (_, index) =>
      makeStory({ id: `long-${index}`, editions: { tt: { blocks: [paragraph(`${index} ${text}`)] } } }),
    ),
  );
  await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  port = (gateway.app.server.address() as AddressInfo).port;
});
afterAll(() => gateway.close());

/** The nameless files this process has open. */
async function spooled(): Promise<number> {
  const links = await Promise.all((await readdir('/proc/self/fd')).map((each) => readlink(`/proc/self/fd/${each}`).catch(() => '')));
  return links.filter((each) => /\/dragoman-[\w-]+ \(deleted\)$/u.test(each)).length;
}

/** Asks, and reads nothing until it is told to. */
function ask(method = 'GET'): Socket {
  const socket = connect({ port, host: '127.0.0.1' }).pause();
  socket.write(`${method} ${url} HTTP/1.1\r\nhost: gateway.test\r\n\r\n`);
  return socket;
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a large answer that nobody takes is let go of, with its file', async () => {
  const socket = ask();
  await until('its file', async () => (await spooled()) === 1);
  const began = performance.now();
  await until('its end', async () => (await spooled()) === 0);
  expect(performance.now() - began).toBeGreaterThan(idleMs / 2);
  // What the kernel had taken still comes, and is not all.
  socket.resume();
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  await once(socket, 'close');
  expect(bytes).toBeLessThan(15_000_000);
});

onLinux('who reads slowly is waited for: what counts is that something is taken', async () => {
  const socket = ask();
  let [bytes, length] = [0, 0];
  const began = performance.now();
  for await (const chunk of socket) {
    bytes += chunk.length;
    length ||= Number(/content-length: (\d+)/iu.exec(chunk.toString('latin1'))![1]);
    if (bytes >= length) break;
    // For longer than somebody idle is waited for.
    if (performance.now() - began < 2.5 * idleMs) await sleep(10);
  }
  expect(bytes).toBeGreaterThanOrEqual(length);
  expect(performance.now() - began).toBeGreaterThan(2 * idleMs);
  await until('its end', async () => (await spooled()) === 0);
});

onLinux('neither HEAD nor a 304 leaves a file behind', async () => {
  const { headers } = await gateway.app.inject({ method: 'HEAD', url });
  const known = { 'if-none-match': String(headers['etag']) };
  const gzipped = await gateway.app.inject({ method: 'HEAD', url, headers: { 'accept-encoding': 'gzip' } });
  const kept = await gateway.get(url, known);
  expect([Number(headers['content-length']) > 15_000_000, gzipped.headers['content-encoding'], kept.statusCode]).toEqual([
    true,
    'gzip',
    304,
  ]);
  await until('their end', async () => (await spooled()) === 0);
});

test('so many files wait at once, and so many bytes in them', async () => {
  const mebibyte = 1024 * 1024;
  const document = (size: number): string[] => Array.from({ length: size }, () => randomBytes(mebibyte / 2).toString('hex'));
  const spool = makeSpool({ files: 2, bytes: 16 * mebibyte });
  const [one, two] = [await spool(document(6), '|', ''), await spool(document(5), '|', '')];
  await expect(spool(document(5), '|', '')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  // What is held in memory needs no file.
  expect((await spool(document(1), '|', '')).length).toBe(mebibyte);
  if (Buffer.isBuffer(one.body) || Buffer.isBuffer(two.body)) throw new Error('Expected files.');
  one.body.destroy();
  await once(one.body, 'close');
  await expect(spool(document(13), '|', '')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  const three = await spool(document(11), '|', '');
  expect((await buffer(three.body as NodeJS.ReadableStream)).length).toBe(11 * mebibyte);
  expect((await buffer(two.body)).length).toBe(5 * mebibyte);
  expect((await spool(document(16), '|', '')).length).toBe(16 * mebibyte);
});
