// Section 4: all rows in a table that stays fast, with search, filters and order.
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { NO_FILTER, type SortKey } from "../data/filter";
import type { Place } from "../data/place";
import type { RowTable } from "../data/table";
import type { Head } from "../data/types";
import { useTexts } from "../text/language";
import { type Column, useColumns } from "./columns";
import { Filters } from "./filters";
import { usePrinting } from "./hooks";
import { Line } from "./line";
import { useVirtualList } from "./virtual";

/** The height of a row in pixels; the style sheet has the same. */
const HEIGHT = 36;
/** The most rows that are printed. */
const PRINTED = 500;

interface RowsProps {
  head: Head;
  table: RowTable | undefined;
  /** The rows that are shown, in their order. */
  rows: Uint32Array | null;
  place: Place;
  onPlace: (change: Partial<Place>) => void;
  /** What is said of the rows as a whole, such as how old they are. */
  children?: ComponentChildren;
}

export function RowsSection({ head, table, rows, place, onPlace, children }: RowsProps) {
  const t = useTexts();
  return (
    <section id="rows" class="card" aria-labelledby="rows-title">
      <h2 id="rows-title">{t.rows.title}</h2>
      {children}
      {table && rows
        ? <Rows head={head} table={table} rows={rows} place={place} onPlace={onPlace} />
        : <p class="quiet">{t.rows.loading}</p>}
    </section>
  );
}

/** The rows that a place shows, in its order. They are found anew when the table changed. */
export function useRows(table: RowTable | undefined, place: Place): Uint32Array | null {
  const { filter, sort, descending } = place;
  return useMemo(
    () => (table ? table.sorted(table.select(filter), sort, descending) : null),
    [table, table?.version, filter, sort, descending],
  );
}

type WholeProps = RowsProps & { table: RowTable; rows: Uint32Array };

function Rows({ head, table, rows, place, onPlace }: WholeProps) {
  const t = useTexts();
  const printing = usePrinting();
  usePrepared(table);
  return (
    <>
      {head.table.kept < head.table.total && <p class="note">{t.rows.sample(head.table.kept, head.table.total)}</p>}
      <Filters table={table} place={place} onPlace={onPlace} shown={rows.length} />
      {rows.length === 0 ? (
        <p class="empty">
          {table.length === 0 ? t.rows.empty : t.rows.none}{" "}
          {table.length > 0 && <button type="button" onClick={() => onPlace({ filter: NO_FILTER })}>{t.rows.clear}</button>}
        </p>
      ) : (
        <Table head={head} table={table} place={place} onPlace={onPlace} rows={rows} printing={printing} />
      )}
      {printing && rows.length > PRINTED && <p class="quiet">{t.rows.printed(PRINTED, rows.length)}</p>}
    </>
  );
}

function Table({ head, table, place, onPlace, rows, printing }: WholeProps & { printing: boolean }) {
  const t = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useColumns(head, table);
  const list = useVirtualList(rows.length, HEIGHT, scroller);
  // Rows that did not end say so beside their outcome once no process works on them.
  const outcomeWidth = !table.driven && table.underWay > 0 ? 13.5 : 8.5;
  const template = templateOf(columns, outcomeWidth, printing);
  useSteadySight(scroller, rows, place);
  const seen = printing
    ? Array.from({ length: Math.min(PRINTED, rows.length) }, (_, index) => ({ index, start: index * HEIGHT }))
    : list;
  const sort = (key: SortKey) => onPlace({ sort: key, descending: place.sort === key && !place.descending });
  const heads: [SortKey, string, boolean][] = [
    ["number", t.rows.number, true],
    ["outcome", t.rows.outcome, false],
    ...columns.map((column): [SortKey, string, boolean] => [column.key, column.name, column.numeric ?? false]),
  ];
  return (
    <div class="table" ref={scroller} tabIndex={0} role="region" aria-label={t.rows.table}>
      <div class="grid" role="table" aria-label={t.rows.table} aria-rowcount={rows.length + 1} aria-colcount={heads.length}>
        <div class="head line" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {heads.map(([key, name, numeric]) => (
            <SortHead key={String(key)} name={name} numeric={numeric} place={place} by={key} onSort={sort} />
          ))}
        </div>
        <div class="body" role="rowgroup" style={{ height: `${(printing ? seen.length : rows.length) * HEIGHT}px` }}>
          {seen.map(({ index, start }) => (
            <Line
              key={rows[index]}
              table={table}
              row={rows[index]!}
              index={index}
              start={start}
              template={template}
              columns={columns}
              open={place.row !== 0 && table.number(rows[index]!) === place.row}
              onOpen={(number) => onPlace({ row: number })}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The widths of the columns. Paper cannot be scrolled, so there all of them share its width. */
function templateOf(columns: Column[], outcomeWidth: number, printing: boolean): string {
  const widths = columns.map(({ width }) => `minmax(${printing ? 0 : width * 0.55 + 1.5}rem, ${width}fr)`);
  return [printing ? "3.5rem" : "5rem", printing ? "7rem" : `${outcomeWidth}rem`, ...widths].join(" ");
}

interface SortHeadProps {
  name: string;
  numeric: boolean;
  by: SortKey;
  place: Place;
  onSort: (key: SortKey) => void;
}

function SortHead({ name, numeric, by, place, onSort }: SortHeadProps) {
  const sorted = place.sort === by;
  const order = sorted ? (place.descending ? "descending" : "ascending") : "none";
  return (
    <div role="columnheader" aria-sort={order} class={numeric ? "numeric" : ""}>
      <button type="button" onClick={() => onSort(by)} title={name}>
        <bdi>{name}</bdi>
        <span aria-hidden="true" class="arrow">{sorted ? (place.descending ? "↓" : "↑") : ""}</span>
      </button>
    </div>
  );
}

/** Prepares the search while the browser has nothing else to do. */
function usePrepared(table: RowTable): void {
  useEffect(() => {
    let timer = 0;
    const go = () => {
      table.prepare(table.prepared + 4000);
      if (table.prepared < table.length) timer = window.setTimeout(go, 1);
    };
    timer = window.setTimeout(go, 50);
    return () => window.clearTimeout(timer);
  }, [table, table.length]);
}

/**
 * Keeps in sight what is in sight: another filter or order shows its rows from the top, but rows that change, appear and
 * leave do not move those that are read.
 */
function useSteadySight(scroller: RefObject<HTMLDivElement>, rows: Uint32Array, place: Place): void {
  const { filter, sort, descending } = place;
  const before = useRef({ rows, filter, sort, descending });
  useLayoutEffect(() => {
    const last = before.current;
    before.current = { rows, filter, sort, descending };
    const element = scroller.current;
    if (!element || last.rows === rows) return;
    if (last.filter !== filter || last.sort !== sort || last.descending !== descending) {
      element.scrollTo({ top: 0 });
      return;
    }
    const first = Math.floor(element.scrollTop / HEIGHT);
    if (first === 0) return;
    const at = rows.indexOf(last.rows[first] ?? -1);
    if (at >= 0 && at !== first) element.scrollTop += (at - first) * HEIGHT;
  }, [rows, filter, sort, descending]);
}
