// Reads rows from the server into the table: all of them, and then those that changed.
import { RowTable, type TableRow } from "../data/table";
import type { TableHead } from "../data/types";
import type { RowLine, RowsStart } from "./answers";
import { CutAnswer, type Server } from "./server";

/** The rows in an answer that is put into a table at once. */
const PIECE = 2_000;

export interface ReadRows {
  table: RowTable;
  /** The last entry of the journal that the rows know. */
  entry: number;
}

/** How far the reading of all rows is. */
export interface RowsReading {
  read: number;
  total: number;
}

/**
 * Asks for the rows that changed since `known`, or for all. Returns the table that now holds them: the same one if only
 * rows of it changed. Of an answer that is cut nothing is kept. `came` hears of a new table while its rows come.
 */
export async function readRows(
  server: Server,
  address: string,
  known: ReadRows | null,
  head: Promise<TableHead>,
  signal: AbortSignal,
  came: (table: RowTable, reading: RowsReading) => void,
): Promise<ReadRows> {
  let start: RowsStart | null = null;
  let ended = false;
  let rows: TableRow[] = [];
  // All rows become a new table while they come; changes wait until the answer is whole.
  let fresh: RowTable | null = null;
  await server.lines(`${address}/rows?after=${known?.entry ?? 0}`, signal, (line) => {
    if (Array.isArray(line)) {
      rows.push(rowOf(line as RowLine));
      if (fresh && rows.length >= PIECE) {
        fresh.change(rows);
        rows = [];
        came(fresh, { read: fresh.length, total: start?.total ?? 0 });
      }
    } else if (start === null) {
      start = line as RowsStart;
      if (start.all || known === null) fresh = new RowTable(NO_HEAD);
    } else if ((line as { end?: boolean }).end === true) {
      ended = true;
    }
  });
  const first = start as RowsStart | null;
  if (!ended || first === null) throw new CutAnswer();
  const table = (fresh as RowTable | null) ?? known?.table ?? new RowTable(NO_HEAD);
  table.head = await head;
  table.change(rows);
  return { table, entry: first.entry };
}

const NO_HEAD: TableHead = { total: 0, kept: 0, counts: [], columns: [], key_column: -1, steps: [], codes: [], messages: [], story_groups: 0 };

function rowOf(line: RowLine): TableRow {
  const [position, number, key, cells, outcome, step, code, message, kind, attempts, ended, open] = line;
  return { position, number, key, cells, outcome, step, code, message, kind, attempts, ended, open };
}
