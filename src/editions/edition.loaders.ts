import { Refusal } from '../lib/errors.js';
import { aliased, asRow, columnsOf, query, type Read, rowsAsOf } from '../lib/load.js';
import { Edition } from './edition.js';
import type { Speaker } from './speaker.js';

/** The registry of editions as one request sees it, ordered by code. */
export class Editions {
  readonly active: readonly Edition[];
  private readonly byCode: ReadonlyMap<string, Edition>;

  constructor(readonly all: readonly Edition[]) {
    this.active = all.filter((edition) => edition.active);
    this.byCode = new Map(all.map((edition) => [edition.code, edition]));
  }

  find(code: string): Edition | undefined {
    return this.byCode.get(code);
  }

  /** The edition a caller names, open or closed. Throws UNKNOWN_EDITION. */
  named(code: string): Edition {
    const edition = this.byCode.get(code);
    if (!edition) throw new Refusal('UNKNOWN_EDITION', { value: code });
    return edition;
  }

  /** The edition a caller names for what it serves. Throws UNKNOWN_EDITION, and EDITION_CLOSED for one that is listed and serves nothing. */
  open(code: string): Edition {
    const edition = this.named(code);
    if (!edition.active) throw new Refusal('EDITION_CLOSED', { value: code });
    return edition;
  }

  /** An edition a foreign key names. */
  of(code: string): Edition {
    const edition = this.byCode.get(code);
    if (!edition) throw new Error(`no edition ${code}`);
    return edition;
  }

  /** The edition that speaks a language: the primary one of the tag, else any other in it, also one that has closed. */
  speaking(tag: string): Edition | undefined {
    return this.active.find((edition) => edition.primary && edition.tag === tag) ?? this.all.find((edition) => edition.tag === tag);
  }
}

// A text is found, and linked to, where it is now.
const addresses = ['articleUrl', 'formerArticleUrls'] as const;

/** All editions, in one statement. */
export async function loadEditions(read: Omit<Read, 'now'>): Promise<Editions> {
  const { manager } = read;
  const records: object[] = await query(
    read,
    `select ${columnsOf(manager, Edition, 'e')} from ${rowsAsOf(read, Edition, addresses)} e order by ${aliased(manager, Edition, 'e')('code')} collate "C"`,
  );
  return new Editions(records.map((record) => asRow(Edition, record)));
}

/** What resolvers of every slice may ask of editions. */
export interface EditionContext {
  /** The registry, read once for each request. */
  editions(): Promise<Editions>;
  speak(edition: Edition): Speaker;
}
