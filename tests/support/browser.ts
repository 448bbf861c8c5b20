import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Debian's Chromium without a window, which reaches nothing but this machine; close it. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}: install Debian's package chromium, or set CHROMIUM`);
  const alone = [
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--disable-background-networking',
    '--disable-component-update',
  ];
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...alone] });
}

/** A page that is watched. */
export interface WatchedPage {
  page: Page;
  /** What has happened on it, since it was asked last, that on none of our pages may happen; empty for nothing. */
  happened(): Promise<string[]>;
  /** Every element on it, with its attributes: `a`, `a[href]`. */
  elements(): Promise<string[]>;
  /** Where its links lead, as the browser reads them: `https:`. */
  protocols(): Promise<string[]>;
}

/** Runs before anything of a page does, and in every frame of it. */
const noteInPage = `
  globalThis.happenings = [];
  const note = (what) => globalThis.happenings.push(what);
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'msgbox'])
    globalThis[name] = () => note('script called ' + name);
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => note('refused ' + violatedDirective + ' ' + blockedURI));
`;

/** Opens a page whose scripts, dialogs, errors, violations of its policy and requests to anywhere but `origin` are noted. */
export async function watchedPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  await context.addInitScript(noteInPage);
  const page = await context.newPage();
  const seen: string[] = [];
  const note = (what: string): unknown => seen.push(what);
  page.on('dialog', (dialog) => {
    note(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // A browser looks for an icon by itself, wherever it goes first.
    const isIcon = message.location().url === `${origin}/favicon.ico`;
    if (!isIcon && /^(?:error|warning)$/u.test(message.type())) note(`console ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`error ${error.message}`));
  page.on('popup', (popup) => note(`popup ${popup.url()}`));
  page.on('frameattached', () => note('frame'));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame() && /^(?:about|data):$/u.test(protocol);
    if (asked !== origin && !isPage) note(`request ${request.url().slice(0, 200)}`);
  });
  return {
    page,
    async happened() {
      const inPage = await page.evaluate<string[]>('globalThis.happenings.splice(0)');
      return [...inPage, ...seen.splice(0)];
    },
    elements: () =>
      page.evaluate<string[]>(
        `[...new Set([...document.querySelectorAll('*')].flatMap((element) => {
          const name = element.localName;
          return [name, ...[...element.attributes].map((attribute) => name + '[' + attribute.name + ']')];
        }))].sort()`,
      ),
    protocols: () => page.evaluate<string[]>(`[...new Set([...document.querySelectorAll('a')].map(({ protocol }) => protocol))].sort()`),
  };
}
