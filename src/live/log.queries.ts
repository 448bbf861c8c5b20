import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import { EventRow } from '../publishing/event.js';

/** Events behind a number, up to another, in their order. By hand: of the whole log, which a reader's conditions are asked of in memory. */
export async function eventsBetween(read: Read, { after, upTo, most }: { after: number; upTo: number; most: number }): Promise<EventRow[]> {
  const rows = await query<object[]>(
    read,
    `select ${columnsOf(read.manager, EventRow, 'e')} from event e where e.seq > $1 and e.seq <= $2 order by e.seq limit $3`,
    [after, upTo, most],
  );
  return rows.map((row) => asRow(EventRow, row) as EventRow);
}

/** The number of the last event, whoever may be told of it. By hand: one look into the index. */
export async function headOfLog(read: Read): Promise<number> {
  const [{ head }] = await query<[{ head: string }]>(read, 'select coalesce(max(seq), 0) as head from event');
  return Number(head);
}
