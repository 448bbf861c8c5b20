import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Encoding, encodingFor } from './accept-encoding.js';
import { encodedTag, heldTag, withPlainTags } from './encoded-etag.js';

/** In bytes: below it an answer fits into the packets it needs anyway. */
const smallest = 1024;

/** Left as they are: pictures, what was compressed when it was built, and previews, whose pages hold the token that opens them. */
const untouched = ['/media/', '/explorer', '/health/', '/preview/'];
const compressible = /^(?:text\/|application\/(?:[^;]+\+)?(?:json|xml)(?:;|$))/u;

/** Levels that cost about as much as composing the text; a window of half a megabyte, which every answer under way holds. */
const encoders: Record<Encoding, () => Transform> = {
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 19 } }),
  gzip: () => createGzip(),
};

/**
 * Sends texts in the encoding their caller asks for, each with an entity tag of its own, and takes any of these tags for the text it names. Nothing
 * is gathered: what comes piece by piece goes piece by piece.
 */
export function compress(app: FastifyInstance): void {
  const sent = new WeakMap<FastifyRequest, string>();
  app.addHook('onRequest', async (request) => {
    const held = request.headers['if-none-match'];
    if (held === undefined || !isTouched(request)) return;
    sent.set(request, held);
    request.headers['if-none-match'] = withPlainTags(held);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isTouched(request)) return payload;
    const isHeld = reply.statusCode === 304;
    if (!isHeld && !compressible.test(String(reply.getHeader('content-type')))) return payload;
    const encoding = encodingFor(request.headers['accept-encoding']);
    const etag = reply.getHeader('etag');
    reply.header('vary', [reply.getHeader('vary'), 'Accept-Encoding'].filter(Boolean).join(', '));
    if (isHeld) {
      if (typeof etag === 'string') reply.header('etag', heldTag(etag, sent.get(request), encoding));
      // Else Fastify would say to HEAD that the text has no length.
      return request.method === 'HEAD' ? Readable.from([]) : payload;
    }
    if (encoding === null || !isWorthIt(payload, reply)) return payload;
    if (typeof etag === 'string') reply.header('etag', encodedTag(etag, encoding));
    reply.header('content-encoding', encoding).removeHeader('content-length');
    return request.method === 'HEAD' ? emptied(payload) : encoded(payload, encoders[encoding](), request);
  });
}

type Text = string | Buffer | Readable;

const isTouched = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url !== undefined && !untouched.some((each) => url.startsWith(each));

function isWorthIt(payload: unknown, reply: FastifyReply): payload is Text {
  if (reply.statusCode === 206 || reply.hasHeader('content-encoding')) return false;
  return (
    payload instanceof Readable || ((typeof payload === 'string' || Buffer.isBuffer(payload)) && Buffer.byteLength(payload) >= smallest)
  );
}

function encoded(payload: Text, encoder: Transform, { log }: FastifyRequest): Transform {
  if (!(payload instanceof Readable)) return encoder.end(payload);
  return pipeline(payload, encoder, (err) => {
    // Who hangs up is none of our troubles.
    if (err && err.code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err }, 'an answer broke off');
  });
}

/** HEAD is told what GET is, and nothing is compressed for it. */
function emptied(payload: Text): Readable {
  if (payload instanceof Readable) payload.destroy();
  return Readable.from([]);
}
