import { parseUrn } from '../articles/urn.js';
import { itemUrl } from '../feeds/addresses.js';
import type { FeedContext } from '../feeds/feed-context.js';
import type { Format } from '../feeds/format.js';
import { formats } from '../feeds/formats.js';
import type { Entry, Gone } from '../feeds/item.js';
import { noticesFor, presentItem } from '../feeds/present-item.js';
import type { News, NewsText } from '../push/news.js';
import type { DeliveredText } from './delivery.js';
import type { documentVariables } from './document-variables.js';
import { PayloadShape } from './endpoint.js';
import type { Body, Message } from './message-source.js';
import { partsOf } from './narrowed.js';
import type { RunDocument } from './run-document.js';
import type { WebhookTopic } from './webhook-topic.js';
import { fullBody, type MessageHead, type NamedText, type TextItem, thinBody } from './write-body.js';

interface Writing {
  context: FeedContext;
  runDocument: RunDocument;
}

/** A text in a body: what the body says of it, and what is kept beside the body. */
interface Line {
  says: NamedText & Partial<TextItem>;
  delivered: DeliveredText;
}

/** A body of the shape that the endpoint has chosen; a thin one, which says so, where that would be too large. */
export async function writeNews(news: News, message: Message & { topic: WebhookTopic }, writing: Writing): Promise<Body> {
  const { endpoint, event, sequence, topic } = message;
  const head: MessageHead = { topic, at: event.at, event: event.uuid, sequence, article: news.articleId };
  const written = endpoint.payload === PayloadShape.THIN ? null : await writeFull(news, head, { ...writing, message });
  if (written) return { topic, ...written };
  const lines = news.texts.map((text) => thinLine(text, endpoint.format, writing.context));
  const data = endpoint.payload === PayloadShape.THIN ? {} : { full: 'TOO_LARGE' };
  const { bytes, told } = thinBody(
    head,
    lines.map(({ says }) => says),
    data,
  );
  return { topic, bytes, texts: lines.slice(0, told).map(({ delivered }) => delivered) };
}

/** With the texts themselves in a feed format, or with the answer to the endpoint's document; null where it would be too large. */
async function writeFull(news: News, head: MessageHead, { context, runDocument, message: { endpoint } }: Writing & { message: Message }) {
  const format = formats.find(({ extension, item }) => item !== undefined && extension === endpoint.format);
  const isDocument = endpoint.payload === PayloadShape.DOCUMENT;
  const lines = await Promise.all(
    news.texts.map((text) => (isDocument ? givenLine(text, context) : itemLine(text, { format: format!, event: head.event }, context))),
  );
  const data = isDocument
    ? { result: JSON.parse(await runDocument(endpoint.document!, { ...endpoint.variables, ...variablesOf(news) }, context)) as unknown }
    : {};
  const bytes = fullBody(
    head,
    lines.map(({ says }) => says),
    data,
  );
  return bytes && { bytes, texts: lines.map(({ delivered }) => delivered) };
}

/** What a document is told: the event, its story, and the text with its edition where it is of one alone. */
const variablesOf = ({ event, articleId, texts }: News): Partial<Record<keyof typeof documentVariables, string>> => ({
  event: event.uuid,
  ...(articleId !== null && { article: articleId }),
  ...(texts.length === 1 && { translation: idOf(texts[0]!), edition: texts[0]!.edition.code }),
});

const idOf = ({ text, gone }: NewsText): string => text?.id ?? gone!.id;

function thinLine(news: NewsText, format: string | null, { publicUrl }: FeedContext): Line {
  const { edition, text, gone } = news;
  const [id, named] = [idOf(news), { edition: edition.code, lang: edition.tag }];
  const { uuid: articleUuid } = parseUrn(id)!;
  const delivered = { articleUuid, editionCode: edition.code, revision: text?.revision ?? null };
  if (!text) return { says: { id, ...named, revision: gone!.revision, url: null, gone: goneOf(gone!) }, delivered };
  const url = itemUrl(publicUrl, { id, extension: format ?? 'json' });
  return { says: { id, ...named, revision: text.revision, url, gone: null }, delivered };
}

const goneOf = ({ kind, retractedAt, replacedBy }: Gone): NonNullable<NamedText['gone']> => ({
  ...{ kind, at: retractedAt, replaced_by: replacedBy ?? null },
});

async function itemLine(news: NewsText, { format, event }: { format: Format; event: string }, context: FeedContext): Promise<Line> {
  const { says, delivered } = thinLine(news, format.extension, context);
  const { text, gone } = news;
  if (!text) return { says: { ...says, ...written({ ...gone!, event }, format) }, delivered };
  const [access, item] = await Promise.all([context.accessOf(text.row), presentItem(text, context)]);
  // What newsOf has given, the same context gives again.
  if (!access.allowed || !item) throw new Error(`${text.id} is told and not given`);
  const notices = item.notices.map(({ code, version }) => ({ code, version }));
  return { says: { ...says, ...written({ ...item, event }, format) }, delivered: { ...delivered, given: partsOf(access, notices) } };
}

function written(entry: Entry, { item }: Format): TextItem {
  const { mediaType, write } = item!;
  const document = write(entry);
  return mediaType.endsWith('json') ? { item: JSON.parse(document) as unknown } : { document, media_type: mediaType };
}

/** Of a text that a document reads. */
async function givenLine(news: NewsText, context: FeedContext): Promise<Line> {
  const { says, delivered } = thinLine(news, null, context);
  const { text } = news;
  const access = text && (await context.accessOf(text.row));
  if (!text || !access?.allowed) return { says, delivered };
  const notices = (await noticesFor(text, access, context)).map(({ code, version }) => ({ code, version }));
  return { says, delivered: { ...delivered, given: partsOf(access, notices) } };
}
