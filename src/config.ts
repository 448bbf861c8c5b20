import { resolve } from 'node:path';
import { z } from 'zod';
import { shortestSecret } from './desks/key-secret.js';

const flag = z.enum(['true', 'false'], 'expected true or false').transform((value) => value === 'true');
const whole = (min: number, max: number, error = `expected a whole number from ${min} to ${max}`) =>
  z.string().regex(/^\d+$/u, error).transform(Number).pipe(z.number(error).min(min, error).max(max, error));
const origin = z
  .url({ protocol: /^https?$/u, error: 'expected an http or https address', abort: true })
  .refine(
    (value) => new URL(value).href === `${new URL(value).origin}/`,
    'expected an origin such as https://news.example: no path, query, fragment or password',
  )
  .transform((value) => new URL(value).origin);
/** As it is written: tokens repeat it letter by letter. */
const issuerUrl = z.url({ protocol: /^https?$/u, error: 'expected an http or https address' });
const oneOf = <const Choice extends string>(...choices: Choice[]) => z.enum(choices, `expected ${choices.join(', ')}`);
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean),
);
/** Addresses and networks of proxies, and the names Fastify has for some of them. */
const proxy = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])]);
const localhost = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/u;

/** Every variable Dragoman reads; the README's table shows the same. */
const environment = z.object({
  NODE_ENV: z.string().default('production'),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65535).default(4000),
  PUBLIC_URL: origin.optional(),
  METRICS_PORT: whole(1, 65535).optional(),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/u, error: 'expected postgres://user@host:port/database' }).optional(),
  DATABASE_POOL: whole(1, 200).default(10),
  SEED: oneOf('none', 'editions', 'samples').optional(),
  MIGRATE_ON_START: flag.default(true),
  PUBLISHER_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/u, 'expected a domain name in lower case')
    .default('meridian.example'),
  CORS_ORIGINS: list
    .pipe(z.array(z.union([z.literal('*'), origin], 'expected origins such as https://desk.example, comma-separated')))
    .optional(),
  TRUST_PROXY: z
    .union([flag, whole(1, 10), list.pipe(z.array(proxy))], 'expected true, false, a number of hops from 1 to 10, or addresses of proxies')
    .default(false),
  REQUEST_TIMEOUT_MS: whole(100, 600_000).default(10_000),
  BODY_LIMIT_BYTES: whole(1_000, 10_000_000).default(1_000_000),
  RATE_LIMIT_PUBLIC: whole(0, 1_000_000).default(600),
  RATE_LIMIT_KEY: whole(0, 1_000_000).default(1200),
  STREAMS_PER_ADDRESS: whole(0, 100_000).default(100),
  INTROSPECTION: flag.default(true),
  KEY_SECRET: z
    .string()
    .refine((value) => Buffer.byteLength(value) >= shortestSecret, `expected at least ${shortestSecret} bytes of chance`)
    .optional(),
  OIDC_ISSUER: issuerUrl.optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_JWKS_URL: issuerUrl.optional(),
  OIDC_ROLES_CLAIM: z.string().default('dragoman_roles'),
  CDN_PURGE_URL: z
    .url({ protocol: /^https?$/u, error: 'expected an http or https address', abort: true })
    .refine((value) => new URL(value).username + new URL(value).password === '', 'expected no password in it: CDN_PURGE_TOKEN is for that')
    .optional(),
  CDN_PURGE_TOKEN: z
    .string()
    .regex(/^[!-~]+$/u, 'expected letters, digits and signs of ASCII')
    .optional(),
  ALLOW_INWARD_CALLS: flag.default(false),
  DRAGOMAN_KEY: z.string().optional(),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
});

/** The names of all variables, for the test that holds the README's table to them. */
export const variables = Object.keys(environment.shape);

/** A configuration that cannot be used: one line for each problem. */
export class ConfigProblems extends Error {
  constructor(problems: string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigProblems';
  }
}

/** The configuration by environment, with all its problems reported at once. Throws ConfigProblems. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  // An empty variable is one that a shell or compose file left blank: not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  const alone = parsed.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? [];
  const problems = [...alone, ...problemsTogether(set)];
  if (!parsed.success || problems.length > 0) throw new ConfigProblems(problems);
  const given = parsed.data;
  const development = given.NODE_ENV === 'development';
  return {
    development,
    host: given.HOST,
    port: given.PORT,
    /** Undefined: the address the server listens at. */
    publicUrl: given.PUBLIC_URL,
    /** Undefined: no metrics are served. */
    metricsPort: given.METRICS_PORT,
    dataDir: resolve(given.DATA_DIR),
    /** Undefined: the embedded database in `dataDir`. */
    databaseUrl: given.DATABASE_URL,
    databasePool: given.DATABASE_POOL,
    seed: given.SEED ?? (given.DATABASE_URL === undefined ? ('samples' as const) : ('none' as const)),
    migrateOnStart: given.MIGRATE_ON_START,
    domain: given.PUBLISHER_DOMAIN,
    /** Undefined: the data folder's own. */
    keySecret: given.KEY_SECRET,
    /** Undefined: editors' tokens are not let in. */
    oidc: issuerOf(given),
    /** What `dragoman reconcile` asks another gateway with. */
    partnerKey: given.DRAGOMAN_KEY,
    corsOrigins: given.CORS_ORIGINS ?? (development ? [localhost] : []),
    trustProxy: given.TRUST_PROXY,
    requestTimeoutMs: given.REQUEST_TIMEOUT_MS,
    bodyLimitBytes: given.BODY_LIMIT_BYTES,
    /** Requests a minute; 0: no limit. */
    rateLimits: { public: given.RATE_LIMIT_PUBLIC, key: given.RATE_LIMIT_KEY },
    /** Connections for subscriptions at once; 0: no limit. */
    streamsPerAddress: given.STREAMS_PER_ADDRESS,
    introspection: given.INTROSPECTION,
    /** Undefined: no cache is told what to forget. */
    purge: given.CDN_PURGE_URL === undefined ? undefined : { url: given.CDN_PURGE_URL, token: given.CDN_PURGE_TOKEN },
    /** Whether addresses that others give may be http and lead to this machine and its networks. */
    allowInwardCalls: given.ALLOW_INWARD_CALLS,
    logLevel: given.LOG_LEVEL,
  };
}

/** What variables make wrong of each other. */
function problemsTogether(set: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  if (set.DATABASE_URL !== undefined && set.KEY_SECRET === undefined)
    problems.push(`KEY_SECRET: expected with DATABASE_URL: at least ${shortestSecret} bytes of chance, the same for every process`);
  const oidc = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_JWKS_URL'];
  const missing = oidc.filter((name) => set[name] === undefined);
  if (missing.length < oidc.length) for (const name of missing) problems.push(`${name}: expected with the other OIDC variables`);
  if (missing.length === oidc.length && set.OIDC_ROLES_CLAIM !== undefined)
    problems.push(`OIDC_ROLES_CLAIM: expected with ${oidc.join(', ')} only`);
  if (set.NODE_ENV !== 'development' && isOpenToOthers(set.OIDC_JWKS_URL))
    problems.push('OIDC_JWKS_URL: expected https, but on this machine and in development: who could change the keys could be anybody');
  if (set.CDN_PURGE_URL === undefined && set.CDN_PURGE_TOKEN !== undefined)
    problems.push('CDN_PURGE_TOKEN: expected with CDN_PURGE_URL only');
  if (set.NODE_ENV !== 'development' && set.ALLOW_INWARD_CALLS === 'true')
    problems.push('ALLOW_INWARD_CALLS: expected in development only: others could have this machine call its own networks');
  if (set.NODE_ENV !== 'development' && isOpenToOthers(set.CDN_PURGE_URL))
    problems.push('CDN_PURGE_URL: expected https, but on this machine and in development: who reads along has the token');
  return problems;
}

function isOpenToOthers(address: string | undefined): boolean {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/u.test(url.hostname);
}

function issuerOf({ OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL, OIDC_ROLES_CLAIM }: z.output<typeof environment>) {
  if (OIDC_ISSUER === undefined || OIDC_AUDIENCE === undefined || OIDC_JWKS_URL === undefined) return undefined;
  return { issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE, jwksUrl: OIDC_JWKS_URL, rolesClaim: OIDC_ROLES_CLAIM };
}

export type Config = ReturnType<typeof readConfig>;

/** The PostgreSQL server on which the bench makes a database of its own. */
export const readBenchServer = (env: NodeJS.ProcessEnv = process.env): string =>
  env.BENCH_DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/postgres';
