import type { Format } from './format.js';
import { atom } from './formats/atom.js';
import { html } from './formats/html.js';
import { jsonFeed } from './formats/json-feed.js';
import { newsml } from './formats/newsml.js';
import { ninjs } from './formats/ninjs.js';
import { ninjs1 } from './formats/ninjs1.js';
import { rss } from './formats/rss.js';

/** Every format, in the order partners are told of them. */
export const formats: readonly Format[] = [atom, rss, jsonFeed, ninjs, ninjs1, newsml, html];
