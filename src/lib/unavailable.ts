const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '55000',
  '08006',
  '08001',
  // No such table or column yet: the schema is behind, and readiness says so.
  '42P01',
  '42703',
]);

/** Whether the database cannot be reached at all, or has no connection to spare. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: string; driverError?: unknown };
  return (
    unavailableCodes.has(code ?? '') ||
    /timeout exceeded when trying to connect|Connection terminated|client was closed|database is closed/iu.test(error.message) ||
    isUnavailable(driverError)
  );
}
