/** What GraphiQL needs of a storage; the browser's own and our stripped one both satisfy it. */
type KeyValue = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/**
 * The given storage, except that request headers never reach it: they may hold an API key.
 * `shouldPersistHeaders={false}` alone is not enough, the history keeps the headers of every query it remembers.
 */
export function withoutHeaders(storage: KeyValue): KeyValue {
  return {
    getItem: (key) => storage.getItem(key),
    setItem: (key, value) => {
      if (key !== 'graphiql:headers') storage.setItem(key, stripped(value));
    },
    removeItem: (key) => storage.removeItem(key),
    clear: () => storage.clear(),
    get length() {
      return storage.length;
    },
  };
}

/** The same JSON without any `headers` member; text that is not JSON (a query, a width) comes back as it was. */
function stripped(value: string): string {
  if (!value.includes('"headers"')) return value;
  try {
    return JSON.stringify(JSON.parse(value, (name, member) => (name === 'headers' ? null : member)));
  } catch {
    return value;
  }
}
