import { GraphQLScalarType, Kind } from 'graphql';
import { Refusal } from './errors.js';
import { isTerritory } from './territories.js';

/** A scalar carried as a string: `parse` returns the canonical value or throws a `Refusal`. */
function textScalar(
  name: string,
  description: string,
  parse: (value: string) => string,
  specifiedByURL?: string,
): GraphQLScalarType<string, string> {
  const parseText = (value: unknown): string => {
    if (typeof value !== 'string') throw new Refusal('BAD_USER_INPUT', { detail: `${name} is a string` });
    return parse(value);
  };
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL: specifiedByURL ?? null,
    serialize: String,
    parseValue: parseText,
    parseLiteral: (node) => parseText(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** The canonical form of a BCP 47 tag (RFC 5646 §4.5); prs gives fa-AF. Throws INVALID_LANGUAGE_TAG. */
export function canonicalTag(value: string): string {
  try {
    // Intl accepts no private-use-only or irregular grandfathered tags, and no underscores: nor do we.
    if (value.length > 100) throw new RangeError(value);
    return Intl.getCanonicalLocales(value)[0] ?? value;
  } catch {
    throw new Refusal('INVALID_LANGUAGE_TAG', { value: value.slice(0, 100) });
  }
}

export const LanguageTag = textScalar(
  'LanguageTag',
  'A language tag (BCP 47) such as `tt`, `sr-Latn` or `fa-AF`; given back in canonical form. In `locales`, `*` alone stands for any language.',
  (value) => (value === '*' ? value : canonicalTag(value)),
  'https://www.rfc-editor.org/rfc/rfc5646',
);

export const EditionCode = textScalar(
  'EditionCode',
  "The desk's own code of an edition, such as `tt` or `ru-regions`: lower-case and stable.",
  (value) => {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/u.test(value)) throw new Refusal('UNKNOWN_EDITION', { value: value.slice(0, 100) });
    return value;
  },
);

// What CDNs and address databases send when they do not know.
const nowhere = new Set(['UNKNOWN', 'XX', 'ZZ', 'T1']);

export const Territory = textScalar(
  'Territory',
  "Where the reader is: a country (ISO 3166-1 alpha-2, `UA`), a part of one (ISO 3166-2, `UA-43`), or `UNKNOWN`, for which `XX`, `ZZ` and `T1` (Tor), as CDNs send them, are taken too; `XK` is Kosovo. It is the caller's statement; the gateway never looks an address up.",
  (value) => {
    const code = value.toUpperCase();
    if (nowhere.has(code)) return 'UNKNOWN';
    if (!isTerritory(code)) throw new Refusal('INVALID_TERRITORY', { value: value.slice(0, 20) });
    return code;
  },
  'https://www.iso.org/iso-3166-country-codes.html',
);

export const WebAddress = textScalar(
  'URL',
  'An absolute web address (http or https).',
  (value) => {
    const url = value.length <= 2048 && URL.canParse(value) ? new URL(value) : undefined;
    if (!url || !/^https?:$/u.test(url.protocol)) throw new Refusal('INVALID_URL', { value: value.slice(0, 200) });
    return url.href;
  },
  'https://url.spec.whatwg.org/',
);
