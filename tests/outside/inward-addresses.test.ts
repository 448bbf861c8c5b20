import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Refusal } from '../../src/lib/errors.js';
import { OutsideFailure } from '../../src/lib/outside/call.js';
import { makeCallOutside } from '../../src/lib/outside/call-outside.js';
import { isPublicAddress } from '../../src/lib/outside/is-public-address.js';
import { checkedOutsideUrl } from '../../src/lib/outside/outside-url.js';

let connections = 0;
let canary: Server;
let port: number;
beforeAll(async () => {
  canary = createServer((_, response) => response.end('inside'));
  canary.on('connection', () => connections++);
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  port = (canary.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => canary.close(resolve)));

const ask = { method: 'GET', headers: {}, timeoutMs: 2_000, mostBytes: 100 } as const;
const closed = { allowHttp: true, allowInward: false };
const refusedCall = (url: string, options: Partial<Parameters<typeof makeCallOutside>[0]> = {}) =>
  makeCallOutside({ ...closed, ...options })({ ...ask, url }).then(
    () => 'answered',
    (error: unknown) => (error instanceof OutsideFailure ? error.problem : String(error)),
  );

/** Hosts that are, or stand for, an address of this machine, its networks or its cloud; or are none. */
const hosts =
  `127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0x7F.1 017700000001 0177.0.0.1 0177.0x0.0.1 127.0.0.01 127.0.0.1.
127.1. １２７.0.0.1 127。0。0。1 ①②⑦.⓪.⓪.① ⑫7.⓪.1 %31%32%37.0.0.1 127.0.0.%31 0 0.0.0.0 0.0.0.1 0x0 00 localhost LOCALHOST localhost. Localhost.. ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
lo%63alhost api.localhost a.localhost. printer.local db.internal metadata.google.internal router.home.arpa intranet redis [::1] [0:0:0:0:0:0:0:1]
[::0001] [::] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0:127.0.0.1] [::ffff:10.0.0.1]
[::ffff:169.254.169.254] [::ffff:8.8.8.8] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::8.8.8.8] [64:ff9b:1::7f00:1] [64:ff9b:1:ffff::10.0.0.1] [2002:7f00:1::]
[2002:7f00:0001::1] [2002:a9fe:a9fe::] [2001:0:7f00:1::] [2001::1] [2001:db8::1] [2001:470:1::5efe:127.0.0.1] [2606:4700::200:5efe:10.0.0.1] [fe80::1] [fe80::1%25lo]
[fe80::1%lo] [::1%25lo] [fec0::1] [fc00::1] [fd00:ec2::254] [fd12:3456:789a::1] [ff02::1] [100::1] [5f00::1] [4000::1] [3fff::1] 10.0.0.1 10.255.255.255 012.0.0.1
0xa.0.0.1 167772161 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 0xc0a80001 3232235521 169.254.169.254 169.254.43518 0xa9fea9fe 2852039166 0251.0376.0251.0376
169.254.169.254. 169.254.170.2 100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255 168.63.129.16 0xa83f8110 user@127.0.0.1 example.com@127.0.0.1 127.0.0.1#@example.com`.split(/\s+/u);

test(`none of ${hosts.length} spellings of an inward address is called or kept`, async () => {
  expect(hosts.length).toBeGreaterThan(100);
  const opened: string[] = [];
  for (const host of hosts) {
    const authority = host.replace(/^([^#]*)/u, `$1:${port}`);
    for (const url of [`http://${authority}/`, `http://${host}/`, `https://${host}/`, `http:\\\\${authority}\\`, ` http:/${authority}/ `]) {
      const found = await refusedCall(url);
      if (found !== 'ADDRESS_REFUSED') opened.push(`${url}: ${found}`);
      try {
        opened.push(`${url} is kept as ${checkedOutsideUrl(url, { ...closed, field: 'url' })}`);
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'FIELD_REFUSED') throw error;
      }
    }
  }
  expect(opened).toEqual([]);
  expect(connections).toBe(0);
});

test('the spellings of loopback reach the canary where the development switch is set', async () => {
  const reach = makeCallOutside({ allowHttp: true, allowInward: true });
  const spellings = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1.',
    '127。0。0。1',
    '[::ffff:127.0.0.1]',
    'localhost',
    'api.localhost.',
  ];
  const before = connections;
  for (const host of spellings) {
    const { status, body } = await reach({ ...ask, url: `http://${host}:${port}/` });
    expect([host, status, body.toString()]).toEqual([host, 200, 'inside']);
  }
  expect(connections - before).toBe(spellings.length);
});

describe('names', () => {
  const addresses = [
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '169.254.169.254',
    'fe80::1%lo',
    '0.0.0.0',
    'nonsense',
    '',
  ];
  test.each(addresses)('one that stands for %p is not called, alone or beside a public one', async (address) => {
    const before = connections;
    const inward = { address, family: address.includes(':') ? 6 : 4 };
    const open = { address: '93.184.215.14', family: 4 };
    for (const found of [[inward], [open, inward], [inward, open]])
      expect(await refusedCall(`http://receiver.example:${port}/`, { find: async () => found })).toBe('ADDRESS_REFUSED');
    expect(connections).toBe(before);
  });

  test('one that changes after it was checked is not asked for again', async () => {
    const checked = createServer((_, response) => response.end('checked'));
    await new Promise<void>((resolve) => checked.listen(port, '127.0.0.2', resolve));
    const before = connections;
    let asked = 0;
    const find = async () => [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }];
    const url = `http://rebound.example:${port}/`;
    const { body } = await makeCallOutside({ allowHttp: true, allowInward: true, find })({ ...ask, url });
    expect([body.toString(), asked]).toEqual(['checked', 1]);
    // And the next call checks what it is by then.
    expect(await refusedCall(url, { find })).toBe('ADDRESS_REFUSED');
    expect(connections).toBe(before);
    await new Promise((resolve) => checked.close(resolve));
  });
});

test('addresses of the open internet are public', () => {
  const open = [
    '8.8.8.8',
    '93.184.215.14',
    '1.1.1.1',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
    '2001:4860:4860::8888',
    '172.32.0.1',
    '100.128.0.1',
  ];
  expect(open.filter((each) => !isPublicAddress(each))).toEqual([]);
});

test('an address that is kept is written as URL writes it, and refused for what it must not have', () => {
  const keep = (url: string) => checkedOutsideUrl(url, { field: 'url', allowHttp: false, allowInward: false });
  expect(keep('HTTPS://Пример.рф/Путь?a=1&b=%20')).toBe('https://xn--e1afmkfd.xn--p1ai/%D0%9F%D1%83%D1%82%D1%8C?a=1&b=%20');
  expect(keep('https://hooks.partner.example:8443/in')).toBe('https://hooks.partner.example:8443/in');
  const refused = {
    'http://receiver.example/': 'https',
    'ftp://receiver.example/': 'https',
    'file:///etc/passwd': 'https',
    'javascript:alert(1)': 'https',
    'no address': 'https',
    'https://': 'https',
    'https://a:b@receiver.example/': 'password',
    'https://receiver.example/#there': 'fragment',
    'https://receiver.example:25/': 'port',
    'https://receiver.example:6667/': 'port',
    'https://10.0.0.1/': 'open internet',
  };
  for (const [url, reason] of Object.entries({ ...refused, [`https://receiver.example/${'a'.repeat(2000)}`]: '2000' })) {
    const thrown = (() => {
      try {
        return keep(url);
      } catch (error) {
        return (error as Refusal<'FIELD_REFUSED'>).values;
      }
    })();
    expect([url, thrown]).toEqual([url, { field: 'url', detail: expect.stringContaining(reason) }]);
  }
});
