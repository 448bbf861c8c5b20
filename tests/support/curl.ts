/** A command line of `curl`, as far as the samples of our documents go. */
export interface CurlCommand {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** What the shell makes of a line: words, quotes taken off, variables put in. Throws for one that is not known. */
export function shellWords(line: string, variables: Readonly<Record<string, string>>): string[] {
  const put = (text: string): string =>
    text.replace(/\$(\w+)/gu, (_, name: string) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`$${name} is not set where a sample uses it`);
      return value;
    });
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/gu)].map(([word]) =>
    word.replace(
      /"([^"]*)"|'([^']*)'|([^"']+)/gu,
      (_, double?: string, single?: string, bare?: string) => single ?? put(double ?? bare ?? ''),
    ),
  );
}

const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`;

/** Reads a `curl` of a sample. Throws for a flag it does not know, so that none is passed over. */
export function parseCurl(words: readonly string[]): CurlCommand {
  const [name, ...rest] = words;
  if (name !== 'curl') throw new Error(`${name} is not curl`);
  const headers: Record<string, string> = {};
  let [url, method, body]: (string | undefined)[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]!;
    const value = (): string => {
      at += 1;
      return rest[at] ?? '';
    };
    if (word === '-i' || word === '-s') continue;
    else if (word === '-H') {
      const [header = '', ...text] = value().split(': ');
      headers[header.toLowerCase()] = text.join(': ');
    } else if (word === '-u') headers['authorization'] = basic(value());
    else if (word === '-X') method = value();
    else if (word === '-d' || word === '--data-binary') body = value();
    else if (word.startsWith('-')) throw new Error(`the samples' curl has no ${word}`);
    else url = word;
  }
  if (url === undefined) throw new Error('a curl without an address');
  return { url, method: method ?? (body === undefined ? 'GET' : 'POST'), headers, body };
}
