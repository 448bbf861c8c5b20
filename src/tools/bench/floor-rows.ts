/** A name as the statements of the floor give it: in the language asked for, else in the row's own. */
export interface NameRow {
  code: string;
  text: string;
  lang: string;
}

/** What list and single story have in common. */
interface StoryRow {
  uuid: string;
  domain: string;
  issued: string;
  kind: string;
  home: string;
  topics: NameRow[];
  people: NameRow[];
}

/** The text of one edition. */
export interface TextRow {
  slug: string;
  revision: number;
  published: Date | string;
  headline: string;
  dek: string | null;
  words: number;
  body: unknown;
}

/** A story in a list. */
export interface ListRow extends StoryRow, TextRow {
  editions: string[];
  wires: string[];
}

/** One story with all it is asked for. */
export interface ArticleRow extends StoryRow {
  translations: { edition: string; slug: string }[];
  served: string;
  text: TextRow;
  credits: { role: string; party: string; name: string; lang: string }[];
}

/** How many stories of which edition a list is asked for. */
export interface ListRequest {
  edition: string;
  tag: string;
  first: number;
  bodies: boolean;
}

/** Which story is asked for, through which edition, and which editions may answer, best first. */
export interface ArticleRequest {
  of: string;
  slug: string;
  tag: string;
  chain: string[];
}

/** A hand-written way to read: the rows of a list, one more than asked for, and of a story. */
export interface Floor {
  list(request: ListRequest): Promise<ListRow[]>;
  article(request: ArticleRequest): Promise<ArticleRow | undefined>;
}
