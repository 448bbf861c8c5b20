import { inPackage } from '../../lib/root.js';
import { type ChildServer, startServer } from './child-server.js';

/** The servers of a run: the gateway, the two floors, and the bare limit of the runtime. */
export const targetNames = ['gateway', 'batches', 'single', 'bare'] as const;
export type TargetName = (typeof targetNames)[number];

/** A host that is in every answer: all servers must give the same bytes. */
const publicUrl = 'https://bench.example';

/** Required of a gateway on a server; nobody shows a key here. */
const keySecret = 'of the bench, and long enough to be one';

const script = (name: string): string => inPackage('dist', 'src', ...name.split('/'));

/** Starts one of the servers over a database, on a core if one is given. */
export function startTarget(name: TargetName, database: string, core: number | undefined): Promise<ChildServer> {
  if (name === 'gateway') {
    return startServer({
      argv: () => [script('main.js'), 'serve'],
      env: (port) => ({
        ...{ DATABASE_URL: database, KEY_SECRET: keySecret, MIGRATE_ON_START: 'true' },
        ...{ PORT: String(port), PUBLIC_URL: publicUrl, LOG_LEVEL: 'warn', RATE_LIMIT_PUBLIC: '0', RATE_LIMIT_KEY: '0' },
      }),
      ready: '/health/ready',
      core,
    });
  }
  const argv = (port: number): string[] =>
    name === 'bare'
      ? [script('tools/bench/bare-server.js'), String(port)]
      : [script('tools/bench/floor-server.js'), database, String(port), publicUrl, name];
  return startServer({ argv, ready: '/', core });
}

/** Where a server expects the body of a variant. */
export const pathOf = (name: TargetName, operation: string, variant: number): string =>
  name === 'gateway' ? '/graphql' : name === 'bare' ? `/${operation}/${variant}` : '/';
