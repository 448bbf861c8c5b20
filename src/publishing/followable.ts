import { webAddress } from '../articles/body.js';
import { cleanAddress } from './clean-input.js';

/** Sites that stand between a link and its target, and the parameter that holds it. */
const detours: readonly { host: RegExp; path: RegExp; parameter: string }[] = [
  { host: /^www\.google\.[a-z.]{2,6}$/u, path: /^\/url$/u, parameter: 'q' },
  { host: /\.safelinks\.protection\.outlook\.com$/u, path: /^\//u, parameter: 'url' },
  { host: /^lm?\.facebook\.com$/u, path: /^\/l\.php$/u, parameter: 'u' },
];

/**
 * The address of a pasted link as a body may hold it: http, https or mailto, without the detours office programs and networks put before
 * it, invisible characters percent-encoded; null where a reader cannot follow it (a script, a path, a place on the page).
 */
export function followable(href: string): string | null {
  let written = href.trim().replace(/^\/\//u, 'https://');
  while (written.length <= 4096 && URL.canParse(written)) {
    const url = new URL(written);
    if (!/^(?:https?|mailto):$/u.test(url.protocol)) return null;
    const detour = detours.find(({ host, path }) => host.test(url.hostname) && path.test(url.pathname));
    const target = detour && url.searchParams.get(detour.parameter);
    if (target && /^https?:/iu.test(target) && target.length < written.length) {
      written = target;
      continue;
    }
    return [cleanAddress(written), url.href].find((each) => webAddress.safeParse(each).success) ?? null;
  }
  return null;
}
