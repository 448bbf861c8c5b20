import type { FastifyInstance } from 'fastify';

/** Why the gateway cannot serve now; null when it can. */
export type Readiness = () => Promise<string | null>;

/** `/health/live`: the process answers. `/health/ready`: it can serve; 503 and the reason when it cannot. */
export function health(app: FastifyInstance, readiness: Readiness): void {
  const quiet = { logLevel: 'warn' } as const;
  app.get('/health/live', quiet, async (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'live' }));
  app.get('/health/ready', quiet, async (_, reply) => {
    const reason = await readiness();
    reply.header('cache-control', 'no-store');
    return reason === null
      ? reply.send({ status: 'ready' })
      : reply.code(503).header('retry-after', '5').send({ status: 'not ready', reason });
  });
}
