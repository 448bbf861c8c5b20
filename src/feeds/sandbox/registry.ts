import type { CreditFacts } from '../../credits/compose-credits.js';
import type { NoticeFacts } from '../../notices/compose-notices.js';

const everywhere = {
  territories: [],
  excludedTerritories: [],
  editions: [],
  channels: [],
  effectiveFrom: new Date(0),
  effectiveUntil: null,
};

/** The notices of the sandbox: one that tells of the publisher, and one that must be carried. Their words are those of real ones. */
export const sandboxNotices: readonly NoticeFacts[] = [
  {
    ...everywhere,
    ...{ code: 'about', kind: 'ABOUT', placement: 'ABOUT_BOX', mustCarry: false, position: 10, version: 1, wording: 'about' },
    ...{ values: { languages: 4, countries: 2 }, legalLanguage: 'en', linkUrl: null, linkWording: null, imageCode: null },
  },
  {
    ...everywhere,
    ...{ code: 'sharing-risk', kind: 'SAFETY', placement: 'AFTER_BODY', mustCarry: true, position: 20, version: 1, wording: 'sharingRisk' },
    ...{ values: {}, legalLanguage: 'ru', linkUrl: 'https://en.sandbox.example/safety', linkWording: 'sharingRiskLink', imageCode: null },
  },
];

/** Who is credited, and how each is written. */
export const sandboxParties: Readonly<Record<string, { id: string; names: Readonly<Record<string, string>> }>> = {
  'mira-salt': { id: 'person:mira-salt', names: { en: 'Mira Salt', ru: 'Мира Солт', tt: 'Мира Солт', fa: 'میرا سالت' } },
  'timur-lamp': { id: 'person:timur-lamp', names: { en: 'Timur Lamp', ru: 'Тимур Лампин', tt: 'Тимур Лампин', fa: 'تیمور لامپ' } },
  'harbour-wire': { id: 'agency:harbour-wire', names: { en: 'Harbour Wire', ru: 'Харбор-Уайр', tt: 'Харбор-Уайр', fa: 'هاربر وایر' } },
  'coast-press': { id: 'agency:coast-press', names: { en: 'Coast Press', ru: 'Коуст-Пресс', tt: 'Коуст-Пресс', fa: 'کوست پرس' } },
};

/** Who is credited in an edition, by role. */
export const credited = (role: CreditFacts['role'], party: string, edition: string): CreditFacts => ({
  ...{ role, party, edition },
  name: sandboxParties[party]!.names[edition]!,
});
