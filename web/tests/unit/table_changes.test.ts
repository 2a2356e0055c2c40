// A table that was changed is the table that is made from the rows as they stand in the end; and changing it is quick.
import { describe, expect, it } from "vitest";
import { type Filter, NO_FILTER, type SortKey } from "../../src/data/filter";
import { RowTable, type TableRow } from "../../src/data/table";
import { OUTCOMES, type TableHead } from "../../src/data/types";

const head: TableHead = {
  total: 0, kept: 0, counts: [], columns: ["id", "amount"], key_column: -1, steps: [], codes: [], messages: [], story_groups: 0,
};
const KINDS = new Map([["ka", 1], ["kb", 1], ["kc", 2]]);

/** Random numbers that are the same in every run of the test. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomRow(position: number, roll: (below: number) => number): TableRow {
  const pick = <T>(...values: T[]): T => values[roll(values.length)]!;
  const open = roll(3) === 0;
  return {
    position,
    number: position + 2,
    key: `key ${roll(5)}`,
    cells: [`ID${position}`, pick("1", "20", "3.5", "", null, ...(roll(40) === 0 ? ["x"] : []))],
    outcome: OUTCOMES[roll(OUTCOMES.length)]!,
    step: pick(null, "a", "b"),
    code: pick(null, "", "E1", "E2", `E${roll(1000)}`),
    message: pick(null, "no such flow", `message ${roll(1000)}`),
    kind: pick(null, "ka", "kb", "kc", "kz"),
    attempts: roll(3),
    ended: open ? null : roll(50) - 10,
    open,
  };
}

const FILTERS: Filter[] = [
  NO_FILTER,
  { ...NO_FILTER, outcomes: ["failed", "unknown"] },
  { ...NO_FILTER, step: "a" },
  { ...NO_FILTER, code: "E1", step: "b" },
  { ...NO_FILTER, kind: 1 },
  { ...NO_FILTER, kind: 2 },
  { ...NO_FILTER, kind: 9 },
  { ...NO_FILTER, open: true },
  { ...NO_FILTER, text: "flow" },
  { ...NO_FILTER, text: "key 3" },
];
const SORTS: SortKey[] = ["number", "outcome", "step", "code", "message", "attempts", "ended", 0, 1];

/** Everything that the table answers. */
function answersOf(table: RowTable) {
  const rows = Array.from({ length: table.length }, (_, row) => [
    table.number(row), table.key(row), table.cell(row, 0), table.cell(row, 1), table.outcome(row), table.steps.get(row), table.codes.get(row),
    table.messages.get(row), table.kind(row), table.attempts(row), table.ended(row), table.isUnderWay(row),
  ]);
  const selected = FILTERS.map((filter) => Array.from(table.select(filter)));
  const all = table.select(NO_FILTER);
  const some = table.select(FILTERS[1]!);
  const sorted = SORTS.flatMap((by) => [false, true].flatMap((descending) => [all, some].map((part) => Array.from(table.sorted(part, by, descending)))));
  const counts = OUTCOMES.map((outcome) => table.count(outcome));
  return { rows, selected, sorted, counts, underWay: table.underWay, words: [table.steps.listed, table.codes.listed, table.messages.listed] };
}

describe("a table that changes", () => {
  it("is the table that is made from the rows as they stand in the end", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const roll = dice(seed);
      const rows = Array.from({ length: roll(60) }, (_, at) => randomRow(at, roll));
      const table = new RowTable(head);
      table.nameKinds(KINDS);
      table.change(rows);
      if (roll(2) === 0) table.prepare(roll(60));
      for (let round = 0; round < 6; round++) {
        // What was asked before must not spoil what is asked later.
        if (roll(2) === 0) answersOf(table);
        const changed = Array.from({ length: roll(8) }, () => randomRow(roll(rows.length + 1), roll));
        // New rows come behind the last.
        const fresh = Array.from({ length: roll(3) }, (_, at) => randomRow(rows.length + at, roll));
        const batch = [...changed.filter((row) => row.position < rows.length), ...fresh];
        batch.forEach((row) => (rows[row.position] = row));
        table.change(batch);
      }
      const whole = new RowTable(head);
      whole.change(rows);
      whole.nameKinds(KINDS);
      expect(answersOf(table), `seed ${seed}`).toEqual(answersOf(whole));
    }
  });

  it("says in which version a row changed last", () => {
    const roll = dice(7);
    const table = new RowTable(head);
    table.change([0, 1, 2].map((at) => randomRow(at, roll)));
    const before = [0, 1, 2].map((row) => table.changedIn(row));
    table.change([randomRow(1, roll)]);
    expect([0, 2].map((row) => table.changedIn(row))).toEqual([before[0], before[2]]);
    expect(table.changedIn(1)).toBe(table.version);
  });

  it("gives the place of a word that no row has any more to the next one", () => {
    const table = new RowTable(head);
    const row = randomRow(0, dice(1));
    for (let at = 0; at < 1000; at++) table.change([{ ...row, message: `message ${at}` }]);
    expect(table.messages.listed).toEqual(["message 999"]);
    expect(table.messages.places[0]).toBeLessThan(2);
  });

  it("counts a row under way by no outcome while a process drives the run", () => {
    const row = (position: number, outcome: TableRow["outcome"], attempts: number, open: boolean): TableRow => ({
      position, number: position + 2, key: "", cells: [], outcome, step: null, code: null, message: null, kind: outcome === "unknown" ? "ka" : null, attempts, ended: null, open,
    });
    const table = new RowTable(head);
    table.nameKinds(KINDS);
    table.change([row(0, "unknown", 1, true), row(1, "unknown", 1, false), row(2, "not_started", 0, true), row(3, "not_started", 1, true)]);
    const counts = () => [table.count("unknown"), table.count("not_started"), table.underWay];
    const found = (filter: Partial<Filter>) => Array.from(table.select({ ...NO_FILTER, ...filter }));
    expect(table.setDriven(true)).toBe(true);
    expect(counts()).toEqual([1, 1, 2]);
    expect([found({ outcomes: ["unknown"] }), found({ kind: 1 }), found({ open: true })]).toEqual([[1], [1], [0, 3]]);
    table.change([row(0, "succeeded", 1, false), row(3, "unknown", 2, true)]);
    expect([...counts(), table.count("succeeded")]).toEqual([1, 1, 1, 1]);
    // The process is gone: what its rows came to is told by their facts.
    expect([table.setDriven(false), table.setDriven(false)]).toEqual([true, false]);
    expect(counts()).toEqual([2, 1, 1]);
    expect(found({ outcomes: ["unknown"] })).toEqual([1, 3]);
  });

  it("finds the rows of a kind of which not every name is listed", () => {
    const names = ["0123456789abcdefAAAA", "0123456789abcdefBBBB", "f123456789abcdefAAAA"];
    const table = new RowTable(head);
    table.change(names.map((kind, position): TableRow => ({
      position, number: position + 2, key: "", cells: [], outcome: "failed", step: null, code: null, message: null, kind, attempts: 1, ended: 1, open: false,
    })));
    table.nameKinds(new Map([["0123456789abcdefAAAA", 4], ["0123456789abcdef", 4]]));
    expect(Array.from(table.select({ ...NO_FILTER, kind: 4 }))).toEqual([0, 1]);
  });
});
