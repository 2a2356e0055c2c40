// The rows in columns: filter, search and sort over a hundred thousand of them within a frame or two. The rows of a run
// under way change; what is derived from them follows without being made anew.
import type { Filter, SortKey } from "./filter";
import { RowOrder, type Values } from "./order";
import { OUTCOMES, type Outcome, type TableHead } from "./types";
import { cellValues, numeric, textual } from "./values";
import { WordColumn } from "./words";

/** One row as it stands. */
export interface TableRow {
  /** Its place in the list, from 0. */
  position: number;
  /** Its number as a spreadsheet shows it. */
  number: number;
  key: string;
  cells: (string | null)[];
  outcome: Outcome;
  step: string | null;
  code: string | null;
  message: string | null;
  /** What names its kind of failure; `null` if it has none. */
  kind: string | null;
  attempts: number;
  /** When it ended, in milliseconds since the run began; `null`: not ended. */
  ended: number | null;
  /** Whether it has not ended yet, though the run may go on. */
  open: boolean;
}

/** The letters that the names of a kind share whose messages differ, where not all of its names are listed. */
const GROUP = 16;

export class RowTable {
  /** Grows with every change. */
  version = 0;
  /** The rows of each outcome among those that the table holds, in the order of `OUTCOMES`. */
  private readonly counted: number[] = OUTCOMES.map(() => 0);
  private readonly numbers: number[] = [];
  private readonly keys: string[] = [];
  private readonly cells: (string | null)[][] = [];
  private readonly outcomes: number[] = [];
  readonly steps = new WordColumn();
  readonly codes = new WordColumn();
  readonly messages = new WordColumn();
  private readonly kinds = new WordColumn();
  private readonly tries: number[] = [];
  private readonly ends: number[] = [];
  private readonly begun: boolean[] = [];
  /** The version in which each row changed last. */
  private readonly changed: number[] = [];
  private readonly orders = new Map<SortKey, RowOrder>();
  private readonly haystack: string[] = [];
  /** The number of the kind of failure that each name stands for. */
  private kindNumbers: ReadonlyMap<string, number> = new Map();
  private open = 0;
  /** The rows under way, by the outcome that they would have if the run broke off now. */
  private readonly countedUnderWay: number[] = OUTCOMES.map(() => 0);
  private isDriven = false;

  constructor(public head: TableHead) {}

  get length(): number {
    return this.numbers.length;
  }

  /** The rows of an outcome in the run. */
  count(outcome: Outcome): number {
    const at = OUTCOMES.indexOf(outcome);
    if (this.head.kept < this.head.total) return this.head.counts[at] ?? 0;
    return (this.counted[at] ?? 0) - (this.isDriven ? (this.countedUnderWay[at] ?? 0) : 0);
  }

  /** Whether a process drives the run. The rows that are under way then count as that, and not by an outcome. */
  get driven(): boolean {
    return this.isDriven;
  }

  /** Takes whether a process drives the run. Returns whether that is new. */
  setDriven(driven: boolean): boolean {
    const isNew = driven !== this.isDriven;
    this.isDriven = driven;
    if (isNew) this.version++;
    return isNew;
  }

  /** The rows that began and have not ended. */
  get underWay(): number {
    return this.open;
  }

  number(row: number): number {
    return this.numbers[row] ?? 0;
  }

  key(row: number): string {
    return this.keys[row] ?? "";
  }

  cell(row: number, column: number): string {
    return this.cells[column]?.[row] ?? "";
  }

  outcome(row: number): Outcome {
    return OUTCOMES[this.outcomes[row] ?? 0] ?? "unknown";
  }

  /** The number of the row's kind of failure; 0 if none is listed. */
  kind(row: number): number {
    return this.kindNumbers.get(this.kinds.get(row)) ?? 0;
  }

  attempts(row: number): number {
    return this.tries[row] ?? 0;
  }

  /** When it ended, in milliseconds since the run began; NaN if it has not. */
  ended(row: number): number {
    return this.ends[row] ?? Number.NaN;
  }

  /** Whether it began and has not ended. */
  isUnderWay(row: number): boolean {
    return this.begun[row] ?? false;
  }

  /** The version in which a row changed last. */
  changedIn(row: number): number {
    return this.changed[row] ?? 0;
  }

  /** The row with this number in the list; -1 if the page does not hold it. */
  rowOfNumber(number: number): number {
    let [low, high] = [0, this.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.numbers[middle]!;
      if (found === number) return middle;
      if (found < number) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Says which kind of failure each name stands for; several may stand for the same. */
  nameKinds(numbers: ReadonlyMap<string, number>): void {
    this.kindNumbers = numbers;
    this.version++;
  }

  /** The number of the kind of failure that a name stands for; 0 if none is listed. */
  numberOfKind(name: string): number {
    return this.kindNumbers.get(name) ?? this.kindNumbers.get(name.slice(0, GROUP)) ?? 0;
  }

  /** The places of the names that stand for the kind with this number. */
  private placesOfKind(number: number): ReadonlySet<number | null> {
    if (number === 0) return new Set();
    const names = this.kinds.listed.filter((name) => this.numberOfKind(name) === number);
    return new Set(names.map((name) => this.kinds.find(name)));
  }

  /** A name of the kind of failure with this number; empty if there is none. */
  nameOfKind(number: number): string {
    for (const [name, other] of this.kindNumbers) if (other === number) return name;
    return "";
  }

  /** Takes rows as they stand now: changed ones, and new ones behind the last. */
  change(rows: Iterable<TableRow>): void {
    this.version++;
    for (const row of rows) this.put(row);
  }

  private put(row: TableRow): void {
    const at = row.position;
    const before = this.outcomes[at];
    const isNew = before === undefined;
    const outcome = OUTCOMES.indexOf(row.outcome);
    if (!isNew) this.counted[before]!--;
    this.counted[outcome]!++;
    // A row that did not begin yet is not under way.
    const begun = row.open && (row.outcome !== "not_started" || row.attempts > 0);
    this.open += Number(begun) - Number(this.begun[at] ?? false);
    if (this.begun[at] && before !== undefined) this.countedUnderWay[before]!--;
    if (begun) this.countedUnderWay[outcome]!++;
    const ended = row.ended ?? Number.NaN;
    this.moved("number", at, isNew || this.numbers[at] !== row.number);
    this.moved("outcome", at, isNew || before !== outcome);
    this.moved("attempts", at, isNew || this.tries[at] !== row.attempts);
    this.moved("ended", at, isNew || !Object.is(this.ends[at], ended));
    this.numbers[at] = row.number;
    this.keys[at] = row.key;
    this.outcomes[at] = outcome;
    this.tries[at] = row.attempts;
    this.ends[at] = ended;
    this.begun[at] = begun;
    this.changed[at] = this.version;
    this.moved("step", at, this.steps.set(at, row.step));
    this.moved("code", at, this.codes.set(at, row.code));
    this.moved("message", at, this.messages.set(at, row.message));
    this.kinds.set(at, row.kind);
    row.cells.forEach((cell, column) => this.putCell(at, column, cell));
    if (at < this.haystack.length) this.haystack[at] = this.searched(at);
  }

  private putCell(row: number, column: number, cell: string | null): void {
    const cells = (this.cells[column] ??= []);
    // Whether a column is of numbers depends on every cell, so its order is made anew.
    if (cells[row] !== cell) this.orders.delete(column);
    cells[row] = cell;
  }

  private moved(key: SortKey, row: number, whether: boolean): void {
    if (whether) this.orders.get(key)?.touch(row);
  }

  /** Prepares the search of rows up to `upto`, so that the first search is as fast as the next ones. */
  prepare(upto: number): void {
    for (let row = this.haystack.length; row < Math.min(upto, this.length); row++) this.haystack.push(this.searched(row));
  }

  get prepared(): number {
    return this.haystack.length;
  }

  /** Everything of a row that is searched. */
  private searched(row: number): string {
    let text = this.head.key_column < 0 ? `${this.key(row)}\n` : "";
    for (const column of this.cells) text += `${column[row] ?? ""}\n`;
    return `${text}${this.steps.get(row)}\n${this.codes.get(row)}\n${this.messages.get(row)}`.toLowerCase();
  }

  /** The rows that a filter leaves, in the list's order. */
  select(filter: Filter): Uint32Array {
    const wanted = OUTCOMES.map((outcome) => filter.outcomes.length === 0 || filter.outcomes.includes(outcome));
    const [step, code] = [this.steps.find(filter.step), this.codes.find(filter.code)];
    const kinds = this.placesOfKind(filter.kind);
    const text = filter.text.trim().toLowerCase();
    if (text !== "") this.prepare(this.length);
    const { outcomes, haystack } = this;
    // What became of a row under way is not known yet: it has no outcome and no kind of failure.
    const settledOnly = this.isDriven && (filter.outcomes.length > 0 || filter.kind !== 0);
    const selected = new Uint32Array(this.length);
    let count = 0;
    for (let row = 0; row < this.length; row++) {
      if (!wanted[outcomes[row]!] || (settledOnly && this.begun[row])) continue;
      if (step !== null && this.steps.places[row] !== step) continue;
      if (code !== null && this.codes.places[row] !== code) continue;
      if (filter.kind !== 0 && !kinds.has(this.kinds.places[row]!)) continue;
      if (filter.open && !this.begun[row]) continue;
      if (text !== "" && !haystack[row]!.includes(text)) continue;
      selected[count++] = row;
    }
    return selected.subarray(0, count);
  }

  /** The same rows in another order; rows that are equal stay in the list's order. */
  sorted(rows: Uint32Array, by: SortKey, descending: boolean): Uint32Array {
    if (by === "number" && !descending) return rows;
    let order = this.orders.get(by);
    if (!order) {
      order = new RowOrder(this.values(by));
      this.orders.set(by, order);
    }
    return order.sort(rows, this.length, descending);
  }

  private values(by: SortKey): Values {
    switch (by) {
      case "number":
        return numeric((row) => this.number(row));
      case "outcome":
        return numeric((row) => this.outcomes[row]!);
      case "attempts":
        return numeric((row) => this.attempts(row));
      case "ended":
        return numeric((row) => this.ended(row));
      case "step":
        return textual((row) => this.steps.get(row));
      case "code":
        return textual((row) => this.codes.get(row));
      case "message":
        return textual((row) => this.messages.get(row));
      default:
        return cellValues(this.cells[by] ?? []);
    }
  }
}
