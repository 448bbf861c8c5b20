import type { PastedElement, PastedNode } from './pasted-html.js';

/** A row of a pasted table: its cells by column; null where a cell of another row or column reaches in. */
export interface PastedRow {
  header: boolean;
  cells: (PastedElement | null)[];
}

const widest = 50;

const elements = (nodes: readonly PastedNode[]): PastedElement[] => nodes.flatMap((node) => (typeof node === 'string' ? [] : [node]));

/** Elements of a name in a table, in order, not those of tables inside it. */
export const inTable = (nodes: readonly PastedNode[], name: string): PastedElement[] =>
  elements(nodes).flatMap((node) => (node.name === name ? [node] : node.name === 'table' ? [] : inTable(node.children, name)));

const has = (nodes: readonly PastedNode[], name: string): boolean =>
  elements(nodes).some((node) => node.name === name || has(node.children, name));

const size = (written: string | undefined): number => {
  const number = /^\d{1,4}$/u.test(written ?? '') ? Number(written) : 1;
  return Math.min(Math.max(number, 1), widest);
};

/** Whether a table only places things on a page: one cell, or tables in it. */
export const isLayout = (table: PastedElement): boolean =>
  has(table.children, 'table') || [...inTable(table.children, 'td'), ...inTable(table.children, 'th')].length < 2;

/** The rows of a table, cells that span several columns or rows once, with empty ones after and below them. */
export function rowsOf(table: PastedElement): PastedRow[] {
  const reaching: number[] = [];
  const inHead = new Set(inTable(table.children, 'thead').flatMap((head) => inTable(head.children, 'tr')));
  return inTable(table.children, 'tr').flatMap((row): PastedRow[] => {
    const own = elements(row.children).flatMap((node) => cellsIn(node));
    const cells: (PastedElement | null)[] = [];
    const skip = (): void => {
      while ((reaching[cells.length] ?? 0) > 0) {
        reaching[cells.length] = (reaching[cells.length] ?? 0) - 1;
        cells.push(null);
      }
    };
    for (const cell of own) {
      skip();
      const rows = size(cell.attributes['rowspan']) - 1;
      for (let column = 0; column < size(cell.attributes['colspan']); column += 1) {
        reaching[cells.length] = rows;
        cells.push(column === 0 ? cell : null);
      }
    }
    skip();
    const header = inHead.has(row) || (own.length > 0 && own.every(({ name }) => name === 'th'));
    return own.length > 0 ? [{ header, cells }] : [];
  });
}

/** A cell, or the cells that broken markup hides in another element or cell. */
function cellsIn(node: PastedElement): PastedElement[] {
  if (node.name === 'td' || node.name === 'th') return [node];
  return node.name === 'table' ? [] : elements(node.children).flatMap(cellsIn);
}
