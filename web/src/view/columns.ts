// The columns of the table: the list's own, and what the run found out about each row.
import { useMemo } from "preact/hooks";
import type { SortKey } from "../data/filter";
import type { RowTable } from "../data/table";
import type { Head } from "../data/types";
import { useTexts } from "../text/language";
import type { Texts } from "../text/texts";
import { clock } from "./clock";

export interface Column {
  key: SortKey;
  name: string;
  /** The width in characters. */
  width: number;
  numeric?: boolean;
  text: (row: number) => string;
}

/** The most texts that a column's width is measured by. */
const MEASURED = 200;

/** The columns. They change with the words that they hold, not with every row. */
export function useColumns(head: Head, table: RowTable): Column[] {
  const t = useTexts();
  const { started_ms, offset_minutes } = head;
  const names = head.table.columns.join("\n");
  const own = useMemo(() => head.table.columns.map((name, at) => ownColumn(name, at, table)), [names, table, table.length]);
  return useMemo(
    () => [...own, ...foundColumns(table, t, (ms) => clock(started_ms + ms, offset_minutes))],
    [own, table, table.steps.listed, table.codes.listed, table.messages.listed.length > 0, t, started_ms, offset_minutes],
  );
}

function ownColumn(name: string, at: number, table: RowTable): Column {
  const text = (row: number) => table.cell(row, at);
  const stride = Math.max(1, Math.floor(table.length / MEASURED));
  const sample = Array.from({ length: Math.ceil(table.length / stride) }, (_, place) => text(place * stride));
  return { key: at, name, width: widthOf(name, sample), text };
}

function foundColumns(table: RowTable, t: Texts, clockOf: (ms: number) => string): Column[] {
  const ended = (row: number) => {
    const ms = table.ended(row);
    return Number.isNaN(ms) ? "" : clockOf(ms);
  };
  const { step, code, message, attempts } = t.rows;
  const columns: Column[] = [
    { key: "step", name: step, width: widthOf(step, table.steps.listed), text: (row) => table.steps.get(row) },
    { key: "code", name: code, width: widthOf(code, table.codes.listed), text: (row) => table.codes.get(row) },
  ];
  if (table.messages.listed.length > 0) {
    columns.push({ key: "message", name: message, width: 36, text: (row) => table.messages.get(row) });
  }
  columns.push({ key: "attempts", name: attempts, width: 9, numeric: true, text: (row) => String(table.attempts(row)) });
  columns.push({ key: "ended", name: t.rows.ended, width: 10, numeric: true, text: ended });
  return columns;
}

/** A column's width in characters: that of its widest text, within bounds. */
function widthOf(name: string, texts: string[]): number {
  const widest = texts.slice(0, MEASURED + 1).reduce((most, text) => Math.max(most, wide(text)), wide(name) + 3);
  return Math.min(30, Math.max(7, widest));
}

/** The width of a text, where letters of east Asia take twice the place. */
function wide(text: string): number {
  let width = 0;
  for (const letter of text) width += letter.codePointAt(0)! > 0x2e7f ? 2 : 1;
  return width;
}
