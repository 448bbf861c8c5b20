import type { FastifyInstance } from 'fastify';
import { parseUrn } from '../articles/urn.js';
import { reportedStory, takedownReport } from '../ledger/takedown-report.queries.js';
import { Refusal } from '../lib/errors.js';
import { may, mustBeAllowedAnywhere } from '../publishing/policy.js';
import { authenticate } from './authenticate.js';
import type { Gateway } from './context.js';
import { reportPolicy, takedownReportHtml } from './takedown-report-html.js';

const ending = '.html';

/**
 * `/takedowns/{urn}.html`: who was given which revision of a story, and who has said what about its removal; for operators and CHIEFs of its home edition. Whoever
 * shows no key is asked for one (401), whoever may not is told only that (403).
 */
export function takedownReportPage(app: FastifyInstance, gateway: Gateway): void {
  app.get<{ Params: { file: string } }>('/takedowns/:file', async (request, reply) => {
    const caller = await authenticate(gateway.findCaller, request, reply);
    if (caller instanceof Refusal) throw caller;
    if (caller.kind === 'PUBLIC') throw new Refusal('UNAUTHENTICATED', {});
    mustBeAllowedAnywhere(caller, 'READ_TAKEDOWN_REPORT');
    const { file } = request.params;
    const named = file.endsWith(ending) ? parseUrn(file.slice(0, -ending.length)) : undefined;
    if (!named || named.edition !== undefined) throw new Refusal('NOT_FOUND', {});
    const read = { manager: gateway.dataSource.manager, now: gateway.clock() };
    const story = await reportedStory(read, named.uuid);
    if (!story || story.domain !== named.domain || story.issuedOn !== named.issuedOn) {
      if (caller.kind === 'OPERATOR') throw new Refusal('NOT_FOUND', {});
      throw new Refusal('FORBIDDEN', {});
    }
    if (!may(caller, 'READ_TAKEDOWN_REPORT', { home: story.home })) throw new Refusal('FORBIDDEN', {});
    const html = takedownReportHtml(await takedownReport(read, story), { now: read.now, by: caller.name });
    return reply
      .headers({ 'content-security-policy': reportPolicy, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      .header('x-robots-tag', 'noindex, nofollow')
      .type('text/html; charset=utf-8')
      .send(html);
  });
}
