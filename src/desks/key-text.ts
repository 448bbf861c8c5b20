const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const length = 43;
const shape = /^dgm_(live|test)_[0-9A-Za-z]{43}$/u;

/** A key as its owner holds it: what it is for, and 256 bits of chance in base 62. `chance` is 32 random bytes. */
export function keyText(chance: Uint8Array, { test }: { test: boolean }): string {
  let rest = BigInt(`0x${Buffer.from(chance).toString('hex')}`);
  let text = '';
  while (text.length < length) {
    text = digits[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return `${prefix(test)}${text}`;
}

/** What a key says of itself; undefined when it cannot be one. */
export function parseKey(text: string): { test: boolean } | undefined {
  const kind = shape.exec(text)?.[1];
  return kind === undefined ? undefined : { test: kind === 'test' };
}

/** A key as it may be shown to anyone. */
export const maskedKey = ({ test, ending }: { test: boolean; ending: string }): string => `${prefix(test)}…${ending}`;

const prefix = (test: boolean): string => (test ? 'dgm_test_' : 'dgm_live_');
