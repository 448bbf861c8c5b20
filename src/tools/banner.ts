/** What a first start tells: where to look, and three queries to try. */
export const banner = (url: string): string => `
Dragoman is ready.
${places(url)}
Three queries to try:

  # the newest stories as the Tatar edition has them, its fallbacks where it has none
  { articles(edition: "tt", policy: CHAIN, first: 3) { edges { served { resolution { reason } translation { headline lang url } } } } }

  # one story in Russian: who wrote it, which agencies helped, what the reader must be told
  { articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { served(edition: "ru") {
      translation { headline byline creditLine } notices(territory: "RU") { kind text } } } } }

  # which edition would a browser's languages be given?
  { negotiateEdition(acceptLanguage: "sr-ME, sr-Latn;q=0.8, en;q=0.5") { reason served { code nativeName } tried } }
`;

/** Where the operator finds the key that was made for them; the key itself is never printed. */
export const operatorKeyMade = (path: string): string => `
A key for the operator was made: it is in ${path}, for you alone to read.
`;

/** What a start tells whose database cannot be served from yet. */
export const notReady = (url: string, reason: string): string => `
Dragoman listens, but is not ready: ${reason}.
${places(url)}`;

const places = (url: string): string => `
  GraphQL    ${url}/graphql
  Explorer   ${url}/explorer/
  Health     ${url}/health/ready
`;
