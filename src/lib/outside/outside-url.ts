import { Refusal } from '../errors.js';
import { isPublicAddress } from './is-public-address.js';

/** What is allowed beside https to the open internet; in development only. */
export interface OutsideAllowance {
  allowHttp: boolean;
  /** Addresses of this machine and its networks. */
  allowInward: boolean;
}

const longestUrl = 2_000;

/** Names that never stand for a machine of the open internet (RFC 6761, 6762, 7686, 8375, 9476, and ICANN's for private use). */
const inwardNames = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|home\.arpa|onion|alt|test|invalid)$/u;

/** Where other protocols are spoken, which could be made to read a request as theirs ("bad ports" of the Fetch standard). */
const otherProtocols = new Set(
  `1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161 179 389 427
  465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665
  6666 6667 6668 6669 6679 6697 10080`.split(/\s+/u),
);

/** An address that somebody else gives, as `URL` reads it, or why it may not be called; what its name stands for is asked at each call. */
export function readOutsideUrl(text: string, { allowHttp, allowInward }: OutsideAllowance): URL | string {
  if (text.length > longestUrl) return `expected an address of at most ${longestUrl} characters`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && !(allowHttp && url?.protocol === 'http:'))
    return allowHttp ? 'expected an https or http address' : 'expected an https address';
  if (url.username + url.password !== '') return 'expected no name or password in the address';
  if (text.includes('#')) return 'expected no fragment in the address';
  if (otherProtocols.has(url.port)) return `expected a port of HTTP, not ${url.port}`;
  if (!allowInward && leadsInward(url.hostname)) return 'expected an address of the open internet';
  return url;
}

/** The host without the brackets of IPv6, as sockets and resolvers take it. */
export const hostOf = ({ hostname }: URL): string => (hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);

/** Whether a host, as `URL` writes it, is an address: it has read decimal, octal, hexadecimal and short spellings of IPv4 by then. */
export const isAddress = (host: string): boolean => host.includes(':') || /^\d+(\.\d+){3}$/u.test(host);

function leadsInward(hostname: string): boolean {
  if (hostname.startsWith('[')) return !isPublicAddress(hostname.slice(1, -1));
  if (isAddress(hostname)) return !isPublicAddress(hostname);
  // A name of one label is completed by the networks of this machine.
  const name = hostname.replace(/\.+$/u, '');
  return !name.includes('.') || inwardNames.test(name);
}

/** An address that is to be kept, as `URL` writes it. Throws FIELD_REFUSED with the reason. */
export function checkedOutsideUrl(text: string, { field, ...allowance }: OutsideAllowance & { field: string }): string {
  const read = readOutsideUrl(text, allowance);
  if (typeof read === 'string') throw new Refusal('FIELD_REFUSED', { field, detail: read });
  return read.href;
}
