import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Socket, type Server as SocketServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { OutsideFailure, type OutsideRequest } from '../../src/lib/outside/call.js';
import { makeCallOutside } from '../../src/lib/outside/call-outside.js';
import { receiverCertificate, receiverKey } from '../support/receiver-certificate.js';

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

const listen = async (server: Server | SocketServer): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket))));
  running.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const receiver = async (answer: RequestListener): Promise<string> => `http://127.0.0.1:${await listen(createServer(answer))}/in?a=1`;
const rawReceiver = async (answer: (socket: Socket) => void): Promise<string> =>
  `http://127.0.0.1:${await listen(createSocketServer(answer))}/`;

const call = makeCallOutside({ allowHttp: true, allowInward: true });
const asked = {
  method: 'POST',
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('said'),
  timeoutMs: 1_500,
  mostBytes: 2_048,
} as const;
const timed = async (request: Partial<OutsideRequest> & { url: string }, by = call) => {
  const began = performance.now();
  const problem = await by({ ...asked, ...request }).then(
    ({ status }) => status,
    (error: unknown) => (error instanceof OutsideFailure ? error.problem : error),
  );
  return { problem, milliseconds: performance.now() - began };
};

test('a request arrives as it was made, and its answer is given with its headers', async () => {
  const url = await receiver((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('x-many', ['a', 'b']);
      const { host, connection, 'content-length': length, 'content-type': type } = request.headers;
      response.end(
        JSON.stringify({
          ...{ method: request.method, url: request.url, host, connection, length, type },
          body: String(Buffer.concat(chunks)),
        }),
      );
    });
  });
  const { status, headers, body } = await call({ ...asked, url });
  expect(status).toBe(200);
  expect(headers['x-many']).toBe('a, b');
  expect(JSON.parse(body.toString())).toEqual({
    ...{ method: 'POST', url: '/in?a=1', host: new URL(url).host, connection: 'close', length: '4', type: 'text/plain', body: 'said' },
  });
});

test.each([301, 302, 303, 307, 308])('a redirect inward (%i) is an answer, and not followed', async (status) => {
  let reached = 0;
  const inside = await receiver((_, response) => {
    reached++;
    response.end();
  });
  const url = await receiver((_, response) => response.writeHead(status, { location: inside }).end());
  expect((await timed({ url })).problem).toBe(status);
  expect(reached).toBe(0);
});

test('no more of an answer is read than was said, and no more of its time is waited for', async () => {
  const url = await receiver((_, response) => void response.writeHead(200).write('x'.repeat(5_000)));
  const { body, milliseconds } = await call({ ...asked, url });
  expect(body.length).toBe(2_048);
  expect(milliseconds).toBeLessThan(1_000);
  expect((await call({ ...asked, url, mostBytes: 0 })).body.length).toBe(0);
});

const slow: Record<string, () => Promise<string>> = {
  'says nothing': () => rawReceiver(() => {}),
  'hangs after its headers': () => receiver((_, response) => void response.writeHead(200, { 'content-length': '10' }).flushHeaders()),
  'sends a byte a second': () =>
    receiver((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 1_000);
      response.on('close', () => clearInterval(timer));
    }),
  'sends a header a second': () =>
    rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-more: 1\r\n'), 1_000);
      socket.on('close', () => clearInterval(timer));
    }),
  'says for ever that it goes on': () =>
    rawReceiver((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    }),
};
test.each(Object.entries(slow))('one that %s is given up in time', async (_, open) => {
  const { problem, milliseconds } = await timed({ url: await open() });
  expect(problem).toBe('TIMEOUT');
  expect(milliseconds).toBeGreaterThan(1_400);
  expect(milliseconds).toBeLessThan(2_500);
});

test('name servers that are silent are given up in time as well', async () => {
  const silent = makeCallOutside({ allowHttp: true, allowInward: false, find: () => new Promise(() => {}) });
  const { problem, milliseconds } = await timed({ url: 'https://receiver.example/' }, silent);
  expect([problem, milliseconds < 2_500]).toEqual(['TIMEOUT', true]);
});

test('a name that nobody knows is no connection', async () => {
  const unknown = makeCallOutside({ allowHttp: true, allowInward: true, find: () => Promise.reject(new Error('ENOTFOUND')) });
  expect((await timed({ url: 'https://receiver.example/' }, unknown)).problem).toBe('NAME_UNKNOWN');
  const { problem, milliseconds } = await timed({ url: 'http://nobody.invalid.example.com.invalid/' });
  expect(['NAME_UNKNOWN', 'TIMEOUT']).toContain(problem);
  expect(milliseconds).toBeLessThan(2_500);
});

const broken: Record<string, () => Promise<string>> = {
  'resets the connection': () => rawReceiver((socket) => socket.resetAndDestroy()),
  'hangs up without an answer': () => rawReceiver((socket) => socket.end()),
  'resets after half an answer': () =>
    rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
      setTimeout(() => socket.resetAndDestroy(), 50);
    }),
  'speaks no HTTP': () => rawReceiver((socket) => void socket.write('220 mail.example ESMTP\r\n')),
  'sends headers without end': () => rawReceiver((socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}`)),
  'changes protocols': () =>
    rawReceiver((socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')),
  'is not there': async () => {
    const gone = createServer();
    const port = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    return `http://127.0.0.1:${port}/`;
  },
};
test.each(Object.entries(broken))('one that %s is a failed connection', async (_, open) => {
  const { problem, milliseconds } = await timed({ url: await open() });
  expect([problem, milliseconds < 1_000]).toEqual(['CONNECTION_FAILED', true]);
});

test('a gigabyte is not read: memory stays, and it is over at once', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  let sent = 0;
  const url = await rawReceiver((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n');
    const pour = (): void => {
      while (sent < 1024 && !socket.destroyed) {
        sent++;
        if (!socket.write(megabyte)) return void socket.once('drain', pour);
      }
    };
    pour();
  });
  await call({ ...asked, url });
  const before = process.memoryUsage().rss;
  const began = performance.now();
  for (let count = 0; count < 10; count++) {
    sent = 0;
    expect((await call({ ...asked, url })).body.length).toBe(2_048);
    expect(sent).toBeLessThan(50);
  }
  const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
  process.stdout.write(`ten answers of a gigabyte: ${Math.round(performance.now() - began)} ms, ${grown.toFixed(1)} MiB more\n`);
  expect(grown).toBeLessThan(20);
});

test('who calls may give up, before and while it waits', async () => {
  const url = await rawReceiver(() => {});
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  for (let count = 0; count < 2; count++) {
    const { problem, milliseconds } = await timed({ url, signal: controller.signal });
    expect([problem, milliseconds < 1_000]).toEqual(['CONNECTION_FAILED', true]);
  }
});

test('nothing is left open after a call', async () => {
  const server = createServer((_, response) => response.end('done'));
  const url = `http://127.0.0.1:${await listen(server)}/`;
  for (let count = 0; count < 20; count++) await call({ ...asked, url });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(
    await new Promise<number>((resolve, reject) => server.getConnections((error, open) => (error ? reject(error) : resolve(open)))),
  ).toBe(0);
});

test('a certificate must be trusted, and be of the name that was called', async () => {
  const port = await listen(createTlsServer({ key: receiverKey, cert: receiverCertificate }, (_, response) => response.end('safe')));
  const here = { allowHttp: false, allowInward: true, find: async () => [{ address: '127.0.0.1', family: 4 }] };
  const trusting = makeCallOutside({ ...here, ca: receiverCertificate });
  expect((await timed({ url: `https://receiver.example:${port}/` }, trusting)).problem).toBe(200);
  expect((await timed({ url: `https://another.example:${port}/` }, trusting)).problem).toBe('CONNECTION_FAILED');
  expect((await timed({ url: `https://127.0.0.1:${port}/` }, trusting)).problem).toBe('CONNECTION_FAILED');
  expect((await timed({ url: `https://receiver.example:${port}/` }, makeCallOutside(here))).problem).toBe('CONNECTION_FAILED');
});
