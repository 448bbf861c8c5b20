import { createServer } from 'node:http';

// Run by the bench as a program of its own: PORT. What is PUT at a path is what a POST there is answered with.
const answers = new Map<string, Buffer>();

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  if (request.method !== 'PUT') {
    request.resume();
    const body = answers.get(path) ?? Buffer.from('{}');
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }).end(body);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answers.set(path, Buffer.concat(chunks));
    response.writeHead(204).end();
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
