import { createHash } from 'node:crypto';
import { articleUrn } from '../articles/urn.js';
import type { TakedownCauseRow } from '../ledger/takedown.js';
import type { TakedownReport } from '../ledger/takedown-report.queries.js';
import { escapeMarkup } from '../lib/text.js';

const style = [
  'body{font:10.5pt/1.45 "Noto Serif",Georgia,serif;color:#111;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}',
  'h1{font-size:1.6rem;line-height:1.2;margin-block:0 .5rem}h2{font-size:1.15rem;margin-block:2rem .5rem}h3{font-size:1rem;margin-block:1.25rem .25rem}',
  'table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:.25rem .5rem;text-align:start;vertical-align:top}th{background:#eee;font-weight:600}',
  'td.time{white-space:nowrap;font-variant-numeric:tabular-nums}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin-block:.5rem}',
  'dt{font-weight:600}dd{margin:0}.open{font-weight:700}.note{white-space:pre-line}thead{display:table-header-group}tr,section.order{break-inside:avoid}',
  'footer{margin-block-start:2rem;border-block-start:1px solid #888;padding-block-start:.5rem;font-size:.85rem}',
  '@page{margin:18mm}@media print{body{max-width:none;margin:0;padding:0;font-size:9.5pt}a{color:inherit;text-decoration:none}}',
].join('\n');
const styleHash = createHash('sha256').update(style).digest('base64');

/** The policy of the report: nothing active, nothing loaded, nothing framed. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The report of a story as a page to be printed; `by` is who asked for it. It tells none of the story's words. */
export function takedownReportHtml(report: TakedownReport, { now, by }: { now: Date; by: string }): string {
  const urn = articleUrn(report.story);
  return `<!doctype html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>Take-down report · ${escapeMarkup(urn)}</title><style>${style}</style></head>
<body><main>
<h1>Take-down report</h1>
${storyHtml(report, urn)}
<h2>What was taken away</h2>
${report.causes.length === 0 ? '<p>Nothing.</p>' : causesHtml(report.causes)}
<h2>Who was given what</h2>
${report.holdings.length === 0 ? '<p>Nobody, as far as the ledger shows.</p>' : holdingsHtml(report)}
<h2>Who was asked to take it down</h2>
${report.orders.length === 0 ? '<p>Nobody.</p>' : report.orders.map((order) => orderHtml(order, report, now)).join('\n')}
</main>
<footer>All times are UTC. What was given is as the ledger of the gateway shows it, to the minute for what was given again. What was done is as the partner says. Made ${time(now)} for ${escapeMarkup(by)}.</footer>
</body>
</html>
`;
}

const time = (at: Date | string): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
const facts = (pairs: readonly (readonly [string, string | null])[]): string =>
  `<dl>${pairs.map(([name, html]) => (html === null ? '' : `<dt>${name}</dt><dd>${html}</dd>`)).join('')}</dl>`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows
    .map((cells) => `<tr>${cells.map(cellHtml).join('')}</tr>`)
    .join('')}</tbody></table>`;
const cellHtml = (html: string): string => (/^\d{4}-\d\d-\d\d /u.test(html) ? `<td class="time">${html}</td>` : `<td>${html}</td>`);

function storyHtml({ story, orders }: TakedownReport, urn: string): string {
  const count = (state: string): number => orders.filter(({ row }) => row.state === state).length;
  return facts([
    ['Story', escapeMarkup(urn)],
    ['Home edition', escapeMarkup(story.home)],
    ['Published', story.publishedAt === null ? 'never' : time(story.publishedAt)],
    [
      'Orders',
      `${orders.length}: ${count('OPEN')} open, ${count('SETTLED')} answered, ${count('REFUSED')} refused, ${count('CANCELLED')} cancelled`,
    ],
  ]);
}

const happenings: Record<TakedownCauseRow['kind'], string> = {
  KILL: 'killed: must disappear everywhere at once',
  WITHHOLD: 'held back',
  WITHDRAW: 'withdrawn by the editors',
  REPLACE: 'replaced by another story',
  EXPIRED: 'came to its end',
  REMOVED: 'not to be shown any more',
  RECALLED: 'called back: a notice that must be carried was changed',
  CHANGED: 'a notice that must be carried was changed',
};

/** What a cause is about, in words; codes are escaped. */
function scopeOf({ editionCode, revision, imageCode, noticeCode, noticeVersion, partnerCode, kind }: TakedownCauseRow): string {
  if (noticeCode !== null) return `texts with the notice ${escapeMarkup(noticeCode)} before version ${noticeVersion}`;
  if (imageCode !== null) return `the picture ${escapeMarkup(imageCode)}, wherever the story shows it`;
  if (partnerCode !== null) return `what ${escapeMarkup(partnerCode)} is not entitled to any more`;
  if (revision !== null) return `revision ${revision} of the edition ${escapeMarkup(editionCode ?? '')}`;
  if (editionCode !== null) return `the edition ${escapeMarkup(editionCode)}`;
  return kind === 'REMOVED' ? 'the whole story, by an embargo' : 'the whole story';
}

const causesHtml = (causes: readonly TakedownCauseRow[]): string =>
  table(
    ['When', 'What', 'How', 'Undone', 'Event'],
    causes.map((cause) => [
      ...[time(cause.at), scopeOf(cause), happenings[cause.kind], cause.endedAt === null ? '' : time(cause.endedAt)],
      cause.eventUuid,
    ]),
  );

const partnerHtml = (code: string, { names }: TakedownReport): string => `${escapeMarkup(names.get(code) ?? code)} (${escapeMarkup(code)})`;

const holdingsHtml = (report: TakedownReport): string =>
  table(
    ['Partner', 'Edition', 'Revision', 'By', 'First', 'Last', 'With notices'],
    report.holdings.map(({ partner, editionCode, revision, channel, firstAt, lastAt, notices }) => [
      ...[partnerHtml(partner, report), escapeMarkup(editionCode), `${revision}`, escapeMarkup(channel), time(firstAt), time(lastAt)],
      Object.entries(notices)
        .map(([code, version]) => `${escapeMarkup(code)} ${version}`)
        .join(', '),
    ]),
  );

function orderHtml({ row, cause }: TakedownReport['orders'][number], report: TakedownReport, now: Date): string {
  const of = report.causes.find(({ eventUuid }) => eventUuid === row.eventUuid);
  return `<section class="order"><h3>${partnerHtml(row.partnerCode, report)}</h3>
${facts([
  ['Order', row.uuid],
  ['Because', of ? `${scopeOf(of)}: ${happenings[cause.kind]}` : happenings[cause.kind]],
  ['Asked', time(row.openedAt)],
  ['Answer due', time(row.dueAt)],
  ['Escalated', row.escalatedAt && time(row.escalatedAt)],
  ['State', stateHtml(row, now)],
  ['Done', row.action],
  ['Seen at', row.url && linkHtml(row.url)],
  ['Said', row.note && `<span class="note" dir="auto">${escapeMarkup(row.note)}</span>`],
  [row.state === 'CANCELLED' && row.action === null ? 'Cancelled' : 'Answered', row.settledAt && time(row.settledAt)],
  ['By', row.settledBy && escapeMarkup(row.settledBy)],
])}
${table(
  ['Held: edition', 'Revision', 'By', 'First', 'Last'],
  row.texts.map((text) => [
    escapeMarkup(text.edition),
    `${text.revision}`,
    escapeMarkup(text.channel),
    time(text.firstAt),
    time(text.lastAt),
  ]),
)}</section>`;
}

function stateHtml({ state, dueAt }: TakedownReport['orders'][number]['row'], now: Date): string {
  if (state !== 'OPEN') return { SETTLED: 'answered', REFUSED: '<span class="open">refused</span>', CANCELLED: 'cancelled' }[state];
  return `<span class="open">${dueAt <= now ? 'no answer, and the time has passed' : 'no answer yet'}</span>`;
}

/** An address that can be followed, where it is one of the web. */
const linkHtml = (url: string): string =>
  /^https?:\/\//u.test(url)
    ? `<a href="${escapeMarkup(url)}" rel="noopener noreferrer nofollow">${escapeMarkup(url)}</a>`
    : escapeMarkup(url);
