// The table of a page that is a file: columns, packed as differences and dictionaries, become rows.
import { RowTable, type TableRow } from "./table";
import { OUTCOMES, type TableHead } from "./types";

/** The columns as they are embedded. Indexes into dictionaries are -1 where there is no value. */
export interface TableParts {
  cells: (string | null)[][];
  /** The keys; `null` if the key is one of the list's columns, or if rows have none. */
  keys: string[] | null;
  /** The row's number as a spreadsheet shows it, as the difference from the row before. */
  number: number[];
  outcome: number[];
  step: number[];
  code: number[];
  message: number[];
  /** The number of the row's kind of failure; 0 if it has none. */
  kind: number[];
  attempts: number[];
  /** When it ended, in milliseconds since the run began, as the difference from the row before; `null`: not ended. */
  ended: (number | null)[];
}

export function tableOf(head: TableHead, parts: TableParts): RowTable {
  const table = new RowTable(head);
  const underWay = new Set(head.under_way ?? []);
  table.setDriven(underWay.size > 0);
  table.change(rowsOf(head, parts, underWay));
  const kinds = new Set(parts.kind.filter((kind) => kind > 0));
  table.nameKinds(new Map([...kinds].map((kind) => [String(kind), kind])));
  return table;
}

function* rowsOf(head: TableHead, parts: TableParts, underWay: ReadonlySet<number>): Generator<TableRow> {
  const keys = head.key_column >= 0 ? parts.cells[head.key_column] : parts.keys;
  let [number, ended] = [0, 0];
  for (let position = 0; position < parts.number.length; position++) {
    number += parts.number[position] ?? 0;
    const difference = parts.ended[position] ?? null;
    ended += difference ?? 0;
    yield {
      position,
      number,
      key: keys?.[position] ?? "",
      cells: parts.cells.map((column) => column[position] ?? null),
      outcome: OUTCOMES[parts.outcome[position] ?? 0] ?? "unknown",
      step: head.steps[parts.step[position] ?? -1] ?? null,
      code: head.codes[parts.code[position] ?? -1] ?? null,
      message: head.messages[parts.message[position] ?? -1] ?? null,
      kind: parts.kind[position] ? String(parts.kind[position]) : null,
      attempts: parts.attempts[position] ?? 0,
      ended: difference === null ? null : ended,
      open: underWay.has(position),
    };
  }
}
