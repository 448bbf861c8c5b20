import { webAddress } from '../articles/body.js';

/** Matter of another site by the address of its own page, which is where a reader is sent. */
export interface KnownEmbed {
  provider: string;
  url: string;
}

/** `page` names the page of what an address shows, null where it shows nothing of its own. The page of a page is the page. */
interface Provider {
  provider: string;
  name: string;
  hosts: RegExp;
  page: (url: URL) => string | null;
}

const found = (pattern: RegExp, path: string, write: (...parts: string[]) => string): string | null => {
  const match = pattern.exec(path);
  return match ? write(...match.slice(1).map((part) => part ?? '')) : null;
};
/** The address in a parameter of a player's address. */
const inner = (url: URL, parameter: string, hosts: RegExp): URL | null => {
  const value = url.searchParams.get(parameter) ?? '';
  if (!URL.canParse(value)) return null;
  const target = new URL(value);
  return hosts.test(target.hostname) && /^https?:$/u.test(target.protocol) ? target : null;
};

const facebook = /^(?:(?:www|m|web)\.)?facebook\.com$/u;
const soundcloud = /^(?:(?:www|m|w|api)\.)?soundcloud\.com$/u;

const providers: readonly Provider[] = [
  {
    provider: 'youtube',
    name: 'YouTube',
    hosts: /^(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be)$/u,
    page: (url) => {
      const path = url.hostname === 'youtu.be' ? `/embed${url.pathname}` : url.pathname;
      const id = path === '/watch' ? url.searchParams.get('v') : found(/^\/(?:embed|shorts|live|v)\/([^/]+)/u, path, (part) => part);
      return id && /^[\w-]{6,20}$/u.test(id) ? `https://www.youtube.com/watch?v=${id}` : null;
    },
  },
  {
    provider: 'vimeo',
    name: 'Vimeo',
    hosts: /^(?:(?:www|player)\.)?vimeo\.com$/u,
    page: ({ pathname }) => found(/^\/(?:video\/)?(\d{1,15})\/?$/u, pathname, (id) => `https://vimeo.com/${id}`),
  },
  {
    provider: 'x',
    name: 'X',
    hosts: /^(?:(?:www|mobile|platform)\.)?(?:twitter|x)\.com$/u,
    page: (url) =>
      url.pathname === '/embed/Tweet.html'
        ? found(/^(\d{1,25})$/u, url.searchParams.get('id') ?? '', (id) => `https://x.com/i/status/${id}`)
        : found(/^\/(\w{1,30})\/status(?:es)?\/(\d{1,25})/u, url.pathname, (name, id) => `https://x.com/${name}/status/${id}`),
  },
  {
    provider: 'facebook',
    name: 'Facebook',
    hosts: facebook,
    page: (url) => {
      const target = /^\/plugins\/(?:post|video)\.php$/u.test(url.pathname) ? inner(url, 'href', facebook) : url;
      if (!target) return null;
      const video = found(/^(\d{1,25})$/u, target.searchParams.get('v') ?? '', (id) => `https://www.facebook.com/watch/?v=${id}`);
      if (/^\/watch\/?$/u.test(target.pathname)) return video;
      return found(/^(\/[^/]+\/(?:posts|videos|photos)\/[^?#]+)$/u, target.pathname, (path) => `https://www.facebook.com${path}`);
    },
  },
  {
    provider: 'instagram',
    name: 'Instagram',
    hosts: /^(?:www\.)?instagram\.com$/u,
    page: ({ pathname }) =>
      found(/^\/(p|reel|tv)\/([\w-]{5,40})(?:\/|$)/u, pathname, (kind, id) => `https://www.instagram.com/${kind}/${id}/`),
  },
  {
    provider: 'tiktok',
    name: 'TikTok',
    hosts: /^(?:www\.)?tiktok\.com$/u,
    page: ({ pathname }) =>
      found(/^\/(?:embed(?:\/v\d)?|player\/v\d)\/(\d{1,25})\/?$/u, pathname, (id) => `https://www.tiktok.com/@/video/${id}`) ??
      found(/^\/@([\w.-]{0,40})\/video\/(\d{1,25})/u, pathname, (name, id) => `https://www.tiktok.com/@${name}/video/${id}`),
  },
  {
    provider: 'telegram',
    name: 'Telegram',
    hosts: /^(?:t|telegram)\.me$/u,
    page: ({ pathname }) => found(/^\/(?:s\/)?(\w{3,40})\/(\d{1,12})\/?$/u, pathname, (channel, id) => `https://t.me/${channel}/${id}`),
  },
  {
    provider: 'soundcloud',
    name: 'SoundCloud',
    hosts: soundcloud,
    page: (url) => {
      const target = url.hostname === 'w.soundcloud.com' ? inner(url, 'url', soundcloud) : url;
      if (target?.hostname === 'api.soundcloud.com')
        return found(/^\/(tracks|playlists)\/(\d{1,15})$/u, target.pathname, (kind, id) => `https://api.soundcloud.com/${kind}/${id}`);
      return target && found(/^(\/[\w-]+\/(?:sets\/)?[\w-]+)\/?$/u, target.pathname, (path) => `https://soundcloud.com${path}`);
    },
  },
  {
    provider: 'spotify',
    name: 'Spotify',
    hosts: /^open\.spotify\.com$/u,
    page: ({ pathname }) =>
      found(
        /^\/(?:embed\/)?(episode|show|track|playlist)\/(\w{10,30})$/u,
        pathname,
        (kind, id) => `https://open.spotify.com/${kind}/${id}`,
      ),
  },
  {
    provider: 'datawrapper',
    name: 'Datawrapper',
    hosts: /^datawrapper\.dwcdn\.net$/u,
    page: ({ pathname }) => found(/^\/(\w{3,12})(?:\/|$)/u, pathname, (id) => `https://datawrapper.dwcdn.net/${id}/`),
  },
  {
    provider: 'flourish',
    name: 'Flourish',
    hosts: /^(?:flo\.uri\.sh|public\.flourish\.studio)$/u,
    page: ({ pathname }) =>
      found(/^\/(visualisation|story)\/(\d{1,12})(?:\/|$)/u, pathname, (kind, id) => `https://public.flourish.studio/${kind}/${id}/`),
  },
  {
    provider: 'openstreetmap',
    name: 'OpenStreetMap',
    hosts: /^(?:www\.)?openstreetmap\.org$/u,
    page: ({ pathname, search }) =>
      pathname === '/export/embed.html' && search ? `https://www.openstreetmap.org/export/embed.html${search}` : null,
  },
];

const providerOf = ({ hostname, protocol }: URL): Provider | undefined =>
  /^https?:$/u.test(protocol) ? providers.find(({ hosts }) => hosts.test(hostname)) : undefined;

/** What a frame or a link of a known provider shows; null for anything else. */
export function knownEmbed(address: string): KnownEmbed | null {
  const written = address.trim().replace(/^\/\//u, 'https://');
  if (written.length > 2048 || !URL.canParse(written)) return null;
  const url = new URL(written);
  const known = providerOf(url);
  const page = known?.page(url);
  return known && page && webAddress.safeParse(page).success ? { provider: known.provider, url: page } : null;
}

/** A provider's name as it writes it, which is no language's; the code where it is not known. */
export const providerName = (code: string): string => providers.find(({ provider }) => provider === code)?.name ?? code;
