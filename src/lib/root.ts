import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return findRoot(dirname(folder));
}

/** The package's own folder, the same for sources and for the build. */
const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A path inside the package. */
export const inPackage = (...parts: string[]): string => join(root, ...parts);
