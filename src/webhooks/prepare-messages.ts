import type { EntityManager } from 'typeorm';
import { type Claimed, type KeptBody, keepBodies } from './attempt.queries.js';
import type { DeliveredText } from './delivery.js';
import { type MessageSources, sourceOf, type Written } from './message-source.js';

/** What is to become of a delivery that was claimed: it is sent, or it is settled without. */
export type Prepared = { claimed: Claimed } & (
  | { send: { body: Buffer; texts: readonly DeliveredText[] } }
  | { send: null; because: 'NOTHING' | 'SUPERSEDED' | 'NOT_WRITTEN'; error: string | null }
);

/**
 * Makes deliveries ready to be sent: writes those that have no body yet and keeps what it wrote before anybody sends it; asks of the others whether they may be
 * repeated. What they read they share. One that cannot be written holds up no other.
 */
export async function prepareMessages(
  claimed: readonly Claimed[],
  { manager, sources, now, signal }: { manager: EntityManager; sources: MessageSources; now: Date; signal: AbortSignal },
): Promise<Prepared[]> {
  const rounds = { partner: sources.partner.begin(), desk: sources.desk.begin() };
  const fresh: KeptBody[] = [];
  const prepared = await Promise.all(
    claimed.map(async (each): Promise<Prepared> => {
      const { delivery, endpoint, event } = each;
      const round = sourceOf(sources, endpoint) === sources.partner ? rounds.partner : rounds.desk;
      try {
        if (delivery.body !== null) {
          // A test is of no event, and tells of no text.
          const stands = event === null || (await round.mayRepeat({ endpoint, delivery }));
          if (!stands) return { claimed: each, send: null, because: 'SUPERSEDED', error: null };
          return { claimed: each, send: { body: Buffer.from(delivery.body), texts: delivery.texts ?? [] } };
        }
        const written: Written = event === null ? 'NOTHING' : await round.write({ endpoint, event, sequence: Number(delivery.sequence) });
        if (typeof written === 'string') return { claimed: each, send: null, because: written, error: null };
        const { topic, bytes, texts } = written;
        fresh.push({ id: delivery.id, topic, bytes, texts, writtenAt: now });
        return { claimed: each, send: { body: bytes, texts } };
      } catch (error) {
        return { claimed: each, send: null, because: 'NOT_WRITTEN', error: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  await keepBodies(manager, fresh, signal);
  return prepared;
}
