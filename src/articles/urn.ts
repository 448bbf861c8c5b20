const pattern = /^urn:newsml:([a-z0-9.-]{1,253}):(\d{8}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.([a-z0-9][a-z0-9-]{0,63}))?$/u;

/** The parts of a story's URN (RFC 3085 shape: provider, day, item id), with the edition's code for a translation's. */
export interface UrnParts {
  domain: string;
  issuedOn: string;
  uuid: string;
}

/** `urn:newsml:{domain}:{yyyymmdd}:{uuid}`. */
export const articleUrn = ({ domain, issuedOn, uuid }: UrnParts): string => `urn:newsml:${domain}:${issuedOn}:${uuid}`;

/** The article's URN with a dot and the edition's code behind it. */
export const translationUrn = (parts: UrnParts, edition: string): string => `${articleUrn(parts)}.${edition}`;

/** The parts of a story's or translation's URN; undefined when it is neither. */
export function parseUrn(id: string): (UrnParts & { edition: string | undefined }) | undefined {
  const match = pattern.exec(id);
  return match ? { domain: match[1]!, issuedOn: match[2]!, uuid: match[3]!, edition: match[4] } : undefined;
}
