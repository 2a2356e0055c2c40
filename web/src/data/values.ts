// How the values of a column compare.
import type { Values } from "./order";

/** Values that are compared as numbers; NaN is none. */
export function numeric(value: (row: number) => number): Values {
  return { compare: (one, other) => value(one) - value(other), blank: (row) => Number.isNaN(value(row)) };
}

/** Values that are compared as texts; a blank one is none. */
export function textual(value: (row: number) => string): Values {
  const compare = (one: number, other: number) => {
    const [left, right] = [value(one), value(other)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
  return { compare, blank: (row) => value(row) === "" };
}

const NUMBER = /^-?\d{1,15}(\.\d+)?$/;

/** Whether every cell that is not blank is a plain number. */
function isNumeric(cells: (string | null)[]): boolean {
  let found = false;
  for (const cell of cells) {
    if (cell === null || cell === undefined || cell === "") continue;
    if (!NUMBER.test(cell)) return false;
    found = true;
  }
  return found;
}

function numberOf(cell: string | null | undefined): number {
  return cell === null || cell === undefined || cell === "" ? Number.NaN : Number(cell);
}

/** The cells of a column: numbers if all of them are, else texts. */
export function cellValues(cells: (string | null)[]): Values {
  return isNumeric(cells) ? numeric((row) => numberOf(cells[row])) : textual((row) => cells[row] ?? "");
}
