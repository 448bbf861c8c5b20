import { streamJson, writeJson } from '../../lib/json.js';
import type { Format } from '../format.js';
import type { Entry, FeedHead } from '../item.js';
import { type Ninjs, ninjsOf } from './ninjs.js';

const mediaType = 'application/json';

/** ninjs 1.x, which most systems still read: made of the 3.1 object, so that both say the same. */
export const ninjs1: Format = {
  name: 'ninjs 1.x',
  extension: 'ninjs1',
  feed: { mediaType, write },
  item: { mediaType, write: (entry) => `${writeJson(older(ninjsOf(entry)))}\n` },
};

function* write({ nextUrl }: FeedHead, entries: Iterable<Entry>): Iterable<string> {
  yield* streamJson({ next: nextUrl }, 'items', objects(entries));
}

function* objects(entries: Iterable<Entry>): Iterable<object> {
  for (const entry of entries) yield older(ninjsOf(entry));
}

// What 1.x has in lower case or in the singular under another shape is made below; `standard` and what it lacks go.
const renamed: Readonly<Record<string, string>> = {
  uri: 'uri',
  type: 'type',
  representationType: 'representationtype',
  version: 'version',
  firstCreated: 'firstcreated',
  versionCreated: 'versioncreated',
  pubStatus: 'pubstatus',
  urgency: 'urgency',
  language: 'language',
  copyrightHolder: 'copyrightholder',
  copyrightNotice: 'copyrightnotice',
  usageTerms: 'usageterms',
  expires: 'expires',
  edNote: 'ednote',
  by: 'byline',
  people: 'person',
  places: 'place',
  subjects: 'subject',
  infoSources: 'infosource',
};

/** Texts by role become properties whose names begin with `description_` and `body_`; lists of named things become maps. */
function older(object: Partial<Ninjs>): object {
  const { headlines = [], descriptions = [], bodies = [], renditions = [], associations = [] } = object;
  const texts = (role: string): string | undefined => {
    const found = descriptions.filter((each) => each.role === role || each.role.startsWith(`${role}:`)).map(({ value }) => value);
    return found.length === 0 ? undefined : found.join('\n\n');
  };
  const altIds = (object['altIds'] ?? []) as { role: string; value: string }[];
  const made = {
    headline: headlines.find(({ role }) => role === 'main')?.value,
    description_text: texts('summary') ?? texts('caption'),
    description_kicker: headlines.find(({ role }) => role === 'kicker')?.value,
    description_creditline: texts('creditLine'),
    description_alt: texts('alt'),
    description_mustcarrynotice: texts('mustCarryNotice'),
    description_notice: texts('notice'),
    description_note: texts('note'),
    body_html: bodies.find(({ contentType }) => contentType === 'text/html')?.value,
    body_text: bodies.find(({ contentType }) => contentType === 'text/plain')?.value,
    wordcount: bodies[0]?.wordCount,
    altids: altIds.length === 0 ? undefined : Object.fromEntries(altIds.map(({ role, value }) => [role, value])),
    renditions:
      renditions.length === 0
        ? undefined
        : Object.fromEntries(
            renditions.map(({ name, href, contentType, width, height }) => [name, { href, mimetype: contentType, width, height }]),
          ),
    associations:
      associations.length === 0 ? undefined : Object.fromEntries(associations.map(({ name, rel: _, ...rest }) => [name, older(rest)])),
  };
  const same = Object.entries(renamed).map(([name, before]) => [before, object[name]]);
  return { ...Object.fromEntries(same), ...made };
}
