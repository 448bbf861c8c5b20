import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';
import { inPackage } from '../lib/root.js';

/** The address that stands for the gateway's own in the guide. */
const sampleUrl = 'https://news.example';

const style = `:root{color-scheme:light dark;--text:#1b1b1b;--page:#fff;--soft:#f4f1ea;--line:#cfc8ba;--accent:#8a1c1c}
@media(prefers-color-scheme:dark){:root{--text:#e8e4dc;--page:#16181b;--soft:#22262b;--line:#3d434b;--accent:#f0a08a}}
body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--page);overflow-wrap:break-word}
h1,h2{line-height:1.25}h2{margin-block:2.5rem .5rem;border-block-end:1px solid var(--line);padding-block-end:.25rem}a{color:var(--accent)}
pre,code{font:.9rem/1.5 ui-monospace,monospace;background:var(--soft);border-radius:.25rem}code{padding:.1rem .25rem}
pre{padding:.75rem 1rem;overflow-x:auto}pre code{padding:0;background:none}
pre:has(.language-http){background:none;border:1px solid var(--line)}
.scroll{overflow-x:auto;margin-block:1rem}table{border-collapse:collapse;width:100%}th,td{border-block-end:1px solid var(--line);padding:.4rem .75rem .4rem 0;text-align:start;vertical-align:top}
@media(min-width:40rem){td code{white-space:nowrap}}li{margin-block:.3rem}`;

/** Text and style, and nothing else: no script, no picture, no frame. */
export const guidePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The partner guide as it is written. */
export const readGuide = (): string => readFileSync(inPackage('src', 'feeds', 'PARTNERS.md'), 'utf8');

/** The guide as a page, with samples that name the gateway itself. */
export function guidePage(markdown: string, publicUrl: string): string {
  const body = new MarkdownIt()
    .render(markdown.replaceAll(sampleUrl, publicUrl))
    .replaceAll('<table>', '<div class="scroll" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<li>[ ] ', '<li>☐ ');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Partner guide</title>
<style>${style}</style></head>
<body><main>
${body}</main></body>
</html>
`;
}
