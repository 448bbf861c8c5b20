/** The encodings that answers are sent in, the best first. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

const longestHeader = 1000;

/**
 * The encoding an `Accept-Encoding` asks for (RFC 9110 §12.5.3); null for none. Of what is liked equally well, the best; what is not named is as
 * welcome as `*`, and without that not at all. Who accepts nothing is sent the text as it is: that can be read sooner than a refusal.
 */
export function encodingFor(acceptEncoding: string | undefined): Encoding | null {
  const weights = weightsIn((acceptEncoding ?? '').slice(0, longestHeader));
  const others = weights.get('*') ?? 0;
  const plain = weights.get('identity') ?? 0;
  const wanted = encodings
    .map((encoding) => ({ encoding, weight: weights.get(encoding) ?? others }))
    .filter(({ weight }) => weight > 0 && weight >= plain)
    .sort((a, b) => b.weight - a.weight);
  return wanted[0]?.encoding ?? null;
}

function weightsIn(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim());
    const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/u.test(quality) ? Number(quality) : 0;
    if (name !== '') weights.set(name === 'x-gzip' ? 'gzip' : name, weight);
  }
  return weights;
}
