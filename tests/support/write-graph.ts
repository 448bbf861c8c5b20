import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Article } from '../../src/articles/article.js';
import { RetractionKind, TombstoneRow, tombstoneRow } from '../../src/articles/tombstone.js';
import { Origin, Revision, RevisionBasis, Significance } from '../../src/articles/translation.js';
import { insertRows } from '../../src/lib/insert-rows.js';
import { Confirmation } from '../../src/publishing/obligation.js';
import { publish } from '../../src/publishing/publish.queries.js';
import { paragraph } from './make-story.js';

/** A published revision of an edition, with the revisions it was made from. */
export interface Edit {
  edition: string;
  number: number;
  significance: Significance;
  publishedAt: Date;
  basis: readonly (readonly [edition: string, number: number])[];
}

/** A story as its revisions: who was made from whom, who confirmed what, and who is retracted. */
export interface Graph {
  uuid: string;
  /** Its home edition. */
  home: string;
  /** Each after those it was made from. */
  edits: readonly Edit[];
  confirmations: readonly (readonly [edition: string, source: string, number: number])[];
  retracted: readonly (readonly [edition: string, at: Date])[];
  /** Single revisions that were taken back; `restored` after all. */
  takenBack?: readonly { edition: string; number: number; restored: boolean }[];
}

/** Writes stories in bulk, as if each had come out long ago. */
export async function writeGraphs({ manager }: Pick<DataSource, 'manager'>, graphs: readonly Graph[], now: Date): Promise<void> {
  await insertRows(
    manager,
    Article,
    graphs.map(({ uuid, home, edits }) => ({
      ...{ uuid, domain: 'meridian.example', issuedOn: '20261101', homeEditionCode: home, kind: 'NEWS', urgency: 3 },
      ...{ imageCode: null, publishedAt: edits[0]!.publishedAt, embargoUntil: null, retractedAt: null, foreignId: null },
    })) as Article[],
  );
  await appendEdits(manager, graphs, now);
  await insertRows(
    manager,
    Confirmation,
    graphs.flatMap(({ uuid, confirmations }) =>
      confirmations.map(([editionCode, sourceEditionCode, sourceNumber]) => ({
        ...{ articleUuid: uuid, editionCode, sourceEditionCode, sourceNumber, confirmedBy: 'an editor', confirmedAt: now },
      })),
    ),
    '(article_uuid, edition_code, source_edition_code) do update set source_number = excluded.source_number',
  );
  await insertRows(
    manager,
    TombstoneRow,
    graphs.flatMap(({ uuid, takenBack = [] }) =>
      takenBack.map(({ edition: editionCode, number: revision, restored }) => ({
        ...tombstoneRow({
          uuid: randomUUID(),
          articleUuid: uuid,
          editionCode,
          revision,
          kind: RetractionKind.WITHDRAW,
          retractedAt: now,
          notes: {},
        }),
        restoredAt: restored ? now : null,
      })),
    ),
  );
}

/** Appends revisions to stories that are there. */
export async function appendEdits(
  manager: DataSource['manager'],
  graphs: readonly Omit<Graph, 'confirmations' | 'takenBack'>[],
  now: Date,
): Promise<void> {
  const translations = graphs.flatMap(({ uuid, home, edits, retracted }) => {
    const editions = [...new Set(edits.map(({ edition }) => edition))];
    return editions.map((edition) => ({
      ...{ articleUuid: uuid, editionCode: edition, isOriginal: edition === home, slug: uuid, head: 'A story', text: '' },
      revision: Math.max(...edits.filter((edit) => edit.edition === edition).map(({ number }) => number)),
      ...{ publishedAt: edits.find((edit) => edit.edition === edition)!.publishedAt, updatedAt: null },
      retractedAt: retracted.find(([code]) => code === edition)?.[1] ?? null,
    }));
  });
  const revisions = graphs.flatMap(({ uuid, edits }) =>
    edits.map(
      ({ edition, number, significance, publishedAt }): Revision => ({
        ...{ articleUuid: uuid, editionCode: edition, number, significance, publishedAt, origin: Origin.HUMAN },
        note: significance === Significance.CORRECTION ? 'It was the 14th.' : null,
        ...{ headline: 'A story', dek: null, body: [paragraph('A story.')], wordCount: 2, contentHash: '' },
        ...{ author: null, changeNote: null, tool: null, reviewer: null },
      }),
    ),
  );
  const bases = graphs.flatMap(({ uuid, edits }) =>
    edits.flatMap(({ edition, number, basis }) =>
      basis.map(
        ([sourceEditionCode, sourceNumber]): RevisionBasis => ({
          ...{ articleUuid: uuid, editionCode: edition, number, sourceEditionCode, sourceNumber },
        }),
      ),
    ),
  );
  await publish(manager, { translations, revisions, bases, formerSlugs: [] }, now);
}
