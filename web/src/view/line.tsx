// One row of the table.
import type { RowTable } from "../data/table";
import { useTexts } from "../text/language";
import { beginning } from "../text/printable";
import type { Column } from "./columns";

/** The most characters of a text that are shown in the table; its story shows more. */
const LONGEST = 500;

interface LineProps {
  table: RowTable;
  row: number;
  index: number;
  start: number;
  template: string;
  columns: Column[];
  open: boolean;
  onOpen: (number: number) => void;
}

export function Line({ table, row, index, start, template, columns, open, onOpen }: LineProps) {
  const t = useTexts();
  const number = table.number(row);
  // The arrow keys go from row to row.
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    const line = (event.currentTarget as HTMLElement).closest(".body");
    const next = line?.querySelector<HTMLElement>(`[data-index="${index + step}"] button`);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div
      class={open ? "line open" : "line"}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
      onClick={() => onOpen(number)}
    >
      <div role="rowheader" class="numeric">
        <button
          type="button"
          class="row-link"
          aria-label={t.rows.open(number)}
          onKeyDown={move}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(number);
          }}
        >
          {number}
        </button>
      </div>
      <div role="cell">
        <OutcomeTag table={table} row={row} />
      </div>
      {columns.map((column) => {
        const text = beginning(column.text(row), LONGEST);
        return (
          <div role="cell" class={column.numeric ? "numeric" : ""} title={text.length > 12 ? text : undefined} key={String(column.key)}>
            <bdi>{text}</bdi>
          </div>
        );
      })}
    </div>
  );
}

/** What became of a row. While a process works on it, that is not known yet. */
export function OutcomeTag({ table, row }: { table: RowTable; row: number }) {
  const t = useTexts();
  const outcome = table.outcome(row);
  if (!table.isUnderWay(row)) return <span class={`tag ${outcome}`}>{t.outcome[outcome]}</span>;
  if (table.driven) return <span class="tag under_way">{t.rows.underWay}</span>;
  return (
    <>
      <span class={`tag ${outcome} provisional`}>{t.outcome[outcome]}</span>
      <span class="open-word"> {t.rows.unfinished}</span>
    </>
  );
}
