import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readXml, type XmlRefusal, XmlRefused } from '../../src/lib/xml-reader.js';

const secret = 'a secret of this machine';
const folder = mkdtempSync(join(tmpdir(), 'dragoman-xml-'));
let server: Server;
let requests = 0;
let address = '';
const file = pathToFileURL(join(folder, 'secret.txt')).href;

beforeAll(async () => {
  writeFileSync(join(folder, 'secret.txt'), secret);
  server = createServer((_, response) => {
    requests += 1;
    response.end(secret);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  readXml('<a/>');
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const bytes = (...parts: (string | number[])[]): Uint8Array => Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const laughs = ['<!ENTITY l0 "ha">', ...Array.from({ length: 30 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`)].join('');

const hostile: [string, XmlRefusal, () => string | Uint8Array][] = [
  ['a billion laughs', 'DOCTYPE', () => `<!DOCTYPE a [${laughs}]><a>&l30;</a>`],
  ['entities that grow by the square', 'DOCTYPE', () => `<!DOCTYPE a [<!ENTITY b "${'b'.repeat(50_000)}">]><a>${'&b;'.repeat(50_000)}</a>`],
  ['an entity from a file', 'DOCTYPE', () => `<!DOCTYPE a [<!ENTITY x SYSTEM "${file}">]><a>&x;</a>`],
  ['an entity from the network', 'DOCTYPE', () => `<!DOCTYPE a [<!ENTITY x SYSTEM "${address}">]><a>&x;</a>`],
  ['a parameter entity', 'DOCTYPE', () => `<!DOCTYPE a [<!ENTITY % x SYSTEM "${address}"> %x;]><a/>`],
  ['a DTD elsewhere', 'DOCTYPE', () => `<?xml version="1.0"?>\n<!-- a --><?b c?>\n<!DOCTYPE a SYSTEM "${address}"><a/>`],
  ['a DTD of 1.9 MB', 'DOCTYPE', () => `<!DOCTYPE a [${'<!ENTITY a "aaaa">'.repeat(110_000)}]><a/>`],
  ['a DTD inside the root', 'NOT_WELL_FORMED', () => '<a><!DOCTYPE a [<!ENTITY x "y">]>&x;</a>'],
  ['an entity nobody declared', 'NOT_WELL_FORMED', () => '<a>&nbsp;</a>'],
  ['an entity named like a property', 'NOT_WELL_FORMED', () => '<a>&constructor;</a>'],
  ['an inclusion of a file', 'NOT_WELL_FORMED', () => `<a><xi:include href="${file}" parse="text"/></a>`],
  ['a depth of 100,000', 'TOO_DEEP', () => '<a>'.repeat(100_000)],
  ['a depth of 100,000 with all ends', 'TOO_DEEP', () => '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
  ['50 MB', 'TOO_LARGE', () => 'a'.repeat(50_000_000)],
  ['50 MB of bytes', 'TOO_LARGE', () => Buffer.alloc(50_000_000, 'a')],
  ['UTF-16, little end first', 'NOT_UTF8', () => bytes([0xff, 0xfe], [...utf16('<a/>')])],
  ['UTF-16, big end first', 'NOT_UTF8', () => bytes([0xfe, 0xff], [...utf16('<a/>').swap16()])],
  ['UTF-16 without a mark', 'NOT_WELL_FORMED', () => utf16('<a/>')],
  ['UTF-32', 'NOT_UTF8', () => bytes([0xff, 0xfe, 0, 0], [...utf16('<\0a\0/\0>\0')])],
  ['UTF-7, in name', 'NOT_UTF8', () => '<?xml version="1.0" encoding="UTF-7"?><a>+ADw-script+AD4-</a>'],
  ['Windows-1251, in bytes', 'NOT_UTF8', () => bytes('<a>', [0xcf, 0xf0, 0xe8], '</a>')],
  ['Windows-1251, in name', 'NOT_UTF8', () => '<?xml version="1.0" encoding="windows-1251"?><a/>'],
  ['bytes cut in the middle of a character', 'NOT_UTF8', () => bytes('<a>', [0xd0])],
  ['a byte written too long', 'NOT_UTF8', () => bytes([0xc0, 0xbc], 'a/>')],
  ['nothing', 'NOT_WELL_FORMED', () => ''],
  ['no XML', 'NOT_WELL_FORMED', () => '{"a": 1}'],
  ['two roots', 'NOT_WELL_FORMED', () => '<a/><b/>'],
  ['a comment without an end', 'NOT_WELL_FORMED', () => `<!--${'-'.repeat(100_000)}`],
  ['comments without end', 'NOT_WELL_FORMED', () => '<!--'.repeat(100_000)],
  ['an attribute twice', 'NOT_WELL_FORMED', () => '<a b="" b=""/>'],
  ['a prefix without a namespace', 'NOT_WELL_FORMED', () => '<x:a/>'],
  ['a reference that is no character, in an attribute', 'NOT_WELL_FORMED', () => '<a b="&#0;"/>'],
];

describe.each(hostile)('%s', (_, reason, make) => {
  test(`is refused as ${reason} in 20 ms`, () => {
    const document = make();
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      expect(() => readXml(document)).toThrow(expect.objectContaining({ name: 'XmlRefused', reason }) as unknown as Error);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });
});

test('no file is read and nothing is asked of the network', async () => {
  for (const [, , make] of hostile) {
    try {
      readXml(make());
    } catch (error) {
      expect(`${(error as XmlRefused).message}`).not.toContain(secret);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(requests).toBe(0);
});

test('reading ends at its time', () => {
  let now = 0;
  const clock = () => (now += 500);
  const document = `<a>${'b'.repeat(1_000_000)}</a>`;
  expect(() => readXml(document, { now: clock })).toThrow(expect.objectContaining({ reason: 'TOO_SLOW' }) as unknown as Error);
  expect(readXml(document).children.join('')).toHaveLength(1_000_000);
});

test('what is not hostile is read: a mark at the start, a declaration, comments, CDATA, a DTD in words', () => {
  const document =
    '\ufeff<?xml version="1.0" encoding="utf-8"?><!-- <!DOCTYPE --><a xmlns="urn:a" xml:space="preserve" b="&lt;&#x41;">1&amp;<![CDATA[<!DOCTYPE b>&#0;]]></a>\n<!-- end -->';
  for (const each of [document, Buffer.from(document)]) {
    const { name, attributes, children } = readXml(each);
    expect(name).toBe('{urn:a}a');
    expect([...attributes].slice(1)).toEqual([
      ['{http://www.w3.org/XML/1998/namespace}space', 'preserve'],
      ['b', '<A'],
    ]);
    expect(children.join('')).toBe('1&<!DOCTYPE b>&#0;');
  }
});

test('a character XML forbids stays in its text, to be found, and only there', () => {
  const { children } = readXml('<a><b>1\u0001</b><b>2&#1;</b><b>3\ud800</b><b>4\ufffe</b><b>5</b></a>');
  expect(children.map((each) => (each as { children: string[] }).children.join(''))).toEqual([
    '1\u0001',
    '2&#1;\ufffe',
    '3\ufffe',
    '4\ufffe',
    '5',
  ]);
});
