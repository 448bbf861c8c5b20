import { parentOfPart } from './territory-parents.js';
import { partsOfCountries } from './territory-parts.js';

// ISO 3166-1 alpha-2, the 249 codes officially assigned, and XK: user-assigned, but what CDNs and address databases send for Kosovo, whose
// readers would otherwise get an error for a page. Codes that ISO only reserves (UK, EU, SU) or leaves to users (QO, XA) name no place that
// a notice could be for: a front end that sends one is told so, for its readers would lose their warnings in silence.
const countries = new Set(
  `
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK
    CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
    TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    XK`
    .trim()
    .split(/\s+/u),
);

/** Whether a code in upper case has the form of a territory, a country or a part of one, and names a country that there is. */
export const isTerritory = (code: string): boolean => /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/u.test(code) && countries.has(countryOf(code));

/** The country of a territory: RU of RU-TA, and of RU. */
export const countryOf = (territory: string): string => territory.slice(0, 2);

/** Whether a territory is a part of a country that ISO 3166-2 lists; a part that was mistyped, abolished or is newer than the list is not. */
export const isListedPart = (territory: string): boolean => partsOfCountries.get(countryOf(territory))?.has(territory.slice(3)) ?? false;

/** A territory and what it lies in, outwards to its country: ES-B, ES-CT, ES. */
export function outwards(territory: string): string[] {
  const parent = parentOfPart.get(territory) ?? countryOf(territory);
  return parent === territory ? [territory] : [territory, ...outwards(parent)];
}
