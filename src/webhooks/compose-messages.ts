import type { EndpointRow } from './endpoint.js';

/** What a partner must know about its endpoints. */
export enum PartnerMessageCode {
  ENDPOINT_GONE = 'ENDPOINT_GONE',
  ENDPOINT_FAILED = 'ENDPOINT_FAILED',
  DOCUMENT_BROKEN = 'DOCUMENT_BROKEN',
  ENDPOINT_FAILING = 'ENDPOINT_FAILING',
  DELIVERIES_FAILED = 'DELIVERIES_FAILED',
  SECRET_CHANGING = 'SECRET_CHANGING',
}

export interface ComposedMessage {
  code: PartnerMessageCode;
  /** In English. */
  text: string;
  /** Since when, or until when with SECRET_CHANGING; null where that is not known. */
  at: Date | null;
  endpointUuid: string;
}

/** What is to be said of one endpoint, the worst first; `failed` is how many of its deliveries were given up. */
export function composeMessages(
  { uuid, url, state, disabledBecause, failingSince, formerSecret, formerSecretUntil }: EndpointRow,
  failed: number,
  now: Date,
): ComposedMessage[] {
  const host = new URL(url).host;
  const said: ComposedMessage[] = [];
  const say = (code: PartnerMessageCode, at: Date | null, text: string): void => void said.push({ code, text, at, endpointUuid: uuid });
  const again = 'Set it right and call resumeEndpoint, then replay(missing: true) for what was missed.';
  if (disabledBecause === 'GONE')
    say(PartnerMessageCode.ENDPOINT_GONE, failingSince, `The endpoint at ${host} answered 410 Gone and is disabled. ${again}`);
  else if (disabledBecause === 'DOCUMENT')
    say(
      PartnerMessageCode.DOCUMENT_BROKEN,
      failingSince,
      `The schema has changed and does not take the document of the endpoint at ${host} any more: it is disabled. ${again}`,
    );
  else if (disabledBecause === 'FAILING')
    say(
      PartnerMessageCode.ENDPOINT_FAILED,
      failingSince,
      `The endpoint at ${host} has taken nothing for five days and is disabled. ${again}`,
    );
  else if (failingSince !== null && state === 'ACTIVE')
    say(PartnerMessageCode.ENDPOINT_FAILING, failingSince, `The endpoint at ${host} takes nothing. After five days it is disabled.`);
  if (failed > 0)
    say(
      PartnerMessageCode.DELIVERIES_FAILED,
      null,
      `${failed} deliveries to the endpoint at ${host} were given up. replay(missing: true) sends them again.`,
    );
  if (formerSecret !== null && formerSecretUntil !== null && formerSecretUntil > now)
    say(
      PartnerMessageCode.SECRET_CHANGING,
      formerSecretUntil,
      `The former secret of the endpoint at ${host} signs until ${formerSecretUntil.toISOString()}.`,
    );
  return said;
}
