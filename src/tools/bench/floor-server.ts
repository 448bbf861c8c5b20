import { createServer, type IncomingMessage } from 'node:http';
import pg from 'pg';
import { articleAnswer, listAnswer } from './floor-answer.js';
import { batches } from './floor-batches.js';
import { readOutlets } from './floor-outlets.js';
import { single } from './floor-single.js';

// Run by the bench as a program of its own: DATABASE PORT PUBLIC_URL KIND.
const [url, port, publicUrl, kind] = process.argv.slice(2) as [string, string, string, string];
const pool = new pg.Pool({ connectionString: url, max: 10 });
const outlets = await readOutlets(pool);
const floor = kind === 'single' ? single(pool) : batches(pool, (edition) => outlets.get(edition)!.tag);

interface Asked {
  operationName: string;
  variables: { edition: string; first: number; of: string; slug: string };
}

async function answer({ operationName, variables: { edition, first, of, slug } }: Asked): Promise<object> {
  const { tag, fallbacks } = outlets.get(edition)!;
  if (operationName !== 'Q2') {
    const asked = { edition, tag, first, bodies: operationName === 'Q1b' };
    return listAnswer(await floor.list(asked), asked, { outlets, publicUrl });
  }
  const chain = [edition, ...fallbacks];
  const row = await floor.article({ of, slug, tag, chain });
  return row ? articleAnswer(row, { edition, chain }, { outlets, publicUrl }) : { articleBySlug: null };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const server = createServer(async (request, response) => {
  try {
    const body = request.method === 'GET' ? '{}' : JSON.stringify({ data: await answer(JSON.parse(await bodyOf(request))) });
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }).end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(Number(port), '127.0.0.1');

process.once('SIGTERM', () => {
  server.close(() => void pool.end());
  server.closeAllConnections();
});
