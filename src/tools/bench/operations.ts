/** The work that is measured: one document, sent with each of its sets of variables in turn. */
export interface Operation {
  name: 'Q1' | 'Q1b' | 'Q2' | 'Q3';
  what: string;
  query: string;
  variants: Record<string, string | number>[];
}

const page = (name: string, body: string): string => `query ${name}($edition: EditionCode!, $first: Int) {
  articles(edition: $edition, first: $first) {
    edges {
      node {
        id
        kind
        topics { code name(edition: $edition) { text lang } }
        people { code name(edition: $edition) { text lang } }
        translations { edition { code } }
      }
      served {
        resolution { reason served { code } }
        translation { id revision headline dek url lang direction publishedAt creditLine ${body} }
        notices { kind text lang direction }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

const article = `query Q2($edition: EditionCode!, $of: EditionCode!, $slug: String!) {
  articleBySlug(edition: $of, slug: $slug) {
    ... on Article {
      id
      kind
      topics { code name(edition: $edition) { text lang } }
      people { code name(edition: $edition) { text lang } }
      alternates { hreflang url }
      served(edition: $edition, policy: CHAIN) {
        resolution { requested reason served { code } tried }
        translation {
          id revision headline dek url lang direction publishedAt wordCount
          body { html }
          byline creditLine
          credits { role name lang }
        }
        notices { kind text lang direction }
      }
    }
  }
}`;

/** The operations over the stories that are there; each is asked of every edition, or for every slug, in turn. */
export function operationsOver(editions: readonly string[], slugs: readonly { of: string; slug: string }[]): Operation[] {
  const pages = (first: number) => editions.map((edition) => ({ edition, first }));
  return [
    { name: 'Q1', what: 'front page, 20 stories', query: page('Q1', ''), variants: pages(20) },
    { name: 'Q1b', what: 'the same with bodies', query: page('Q1b', 'body { html }'), variants: pages(20) },
    // An edition that has nothing itself: its fallback answers.
    {
      name: 'Q2',
      what: 'one story by slug, served by a fallback',
      query: article,
      variants: slugs.map(({ of, slug }) => ({ edition: 'ba', of, slug })),
    },
    { name: 'Q3', what: 'front page, 100 stories', query: page('Q3', ''), variants: pages(100) },
  ];
}

/** The request body of each variant. */
export const bodiesOf = ({ name, query, variants }: Operation): string[] =>
  variants.map((variables) => JSON.stringify({ operationName: name, query, variables }));
