import type { GraphiQLProps } from 'graphiql';

/** Posts one operation to our own `/graphql` and gives its JSON; an answer that is not JSON becomes an error with its status and text. */
export const ask: GraphiQLProps['fetcher'] = async ({ query, variables, operationName }, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...options?.headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`HTTP ${response.status} ${response.statusText}\n${text.slice(0, 1000)}`.trim());
  }
};
