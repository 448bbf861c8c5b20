import { readFileSync } from 'node:fs';

const blocks = /blocks \{[\s\S]*?\n {12}\}/u.exec(readFileSync('schema/operations/blocks.graphql', 'utf8'))![0];

/** Selects everything there is to ask of a `Translation`, with fragments that the document must have (`wholeTextFragments`). */
export const wholeText = '...wholeText';

export const wholeTextFragments = `
  fragment Spans on Span { text strong em href lang direction }
  fragment picture on Image { alt caption creditLine lang direction focalX focalY renditions { ratio width height url contentType } rendition { url } }
  fragment wholeText on Translation {
    id edition { code } revision isOriginal slug url lang script direction headline dek kicker significance origin wordCount readingMinutes
    publishedAt publishedAtText expiresAt updatedAt updatedAtText byline creditLine staleness missed { edition { code } revision significance publishedAt note }
    credits { role scope name lang person { code } agency { code } } image { ...picture } related { id headline } omitted { part image reason }
    body { html markdown text ${blocks} }
  }
  fragment wholeNotice on Notice { code kind placement mustCarry version text lang direction link { url text } image { ...picture } }`;
