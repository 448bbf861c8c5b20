const documents = import.meta.glob<string>('../../../schema/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob<string>('../../../schema/operations/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** One opening tab for each `schema/operations/<name>.graphql`, in file order, with `<name>.variables.json` where there is one. */
export const examples = Object.entries(documents).map(([path, query]) => ({
  query,
  variables: variables[path.replace(/\.graphql$/, '.variables.json')] ?? null,
}));
