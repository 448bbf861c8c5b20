import { type Audience, appliesTo } from './applies-to.js';

/** A notice as the registry had it from one moment on. */
interface Version {
  notice: Audience & { code: string; version: number };
  since: Date;
  present: boolean;
}

/** Whether the registry's notices for some readers are others now than at an earlier moment: one began, ended or was changed. */
export function noticesDiffer(
  versions: readonly Version[],
  { past, now, places, edition, channel }: { past: Date; now: Date; places: readonly string[]; edition: string; channel: string },
): boolean {
  const told = (known: readonly Version[], at: Date): string[] =>
    known
      .filter(({ notice }) => places.some((territory) => appliesTo(notice, { territory, channel, editions: [edition], now: at })))
      .map(({ notice: { code, version } }) => `${code}@${version}`)
      .sort();
  const present = versions.filter((each) => each.present);
  const earlier = versions.filter(
    (each) =>
      each.since <= past &&
      !versions.some(({ notice, since }) => notice.code === each.notice.code && notice.version > each.notice.version && since <= past),
  );
  return told(earlier, past).join(' ') !== told(present, now).join(' ');
}
