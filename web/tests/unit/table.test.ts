// The table: what a filter leaves, and in which order.
import { describe, expect, it } from "vitest";
import { type TableParts, tableOf } from "../../src/data/embedded_table";
import { NO_FILTER } from "../../src/data/filter";
import type { RowTable } from "../../src/data/table";
import { OUTCOMES, type TableHead } from "../../src/data/types";

const head: TableHead = {
  total: 5,
  kept: 5,
  counts: [1, 0, 2, 0, 2, 0, 0],
  columns: ["id", "days"],
  key_column: 0,
  steps: ["move", "tell"],
  codes: ["E1", "E2"],
  messages: ["No such Flow"],
  story_groups: 1,
};

const at = (outcome: (typeof OUTCOMES)[number]) => OUTCOMES.indexOf(outcome);

function parts(): TableParts {
  return {
    cells: [["b", "a", "ç", "B2", "a1"], ["10", "9", "100", "", null]],
    keys: null,
    number: [2, 1, 1, 3, 1],
    outcome: [at("succeeded"), at("failed"), at("unknown"), at("failed"), at("succeeded")],
    step: [-1, 0, 1, 0, -1],
    code: [-1, 0, -1, 1, -1],
    message: [-1, 0, -1, -1, -1],
    kind: [0, 1, 2, 3, 0],
    attempts: [1, 2, 1, 1, 1],
    ended: [1000, 5, null, -500, 10],
  };
}

const table = (): RowTable => tableOf(head, parts());

const list = (rows: Uint32Array) => Array.from(rows);

describe("the table", () => {
  it("reads numbers and times from their differences", () => {
    const rows = table();
    expect([0, 1, 2, 3, 4].map((row) => rows.number(row))).toEqual([2, 3, 4, 7, 8]);
    expect([0, 1, 2, 3, 4].map((row) => rows.ended(row))).toEqual([1000, 1005, Number.NaN, 505, 515]);
    expect(rows.rowOfNumber(7)).toBe(3);
    expect(rows.rowOfNumber(5)).toBe(-1);
  });

  it("filters by outcome, step, code and kind, all together", () => {
    const rows = table();
    expect(list(rows.select(NO_FILTER))).toEqual([0, 1, 2, 3, 4]);
    expect(list(rows.select({ ...NO_FILTER, outcomes: ["failed", "unknown"] }))).toEqual([1, 2, 3]);
    expect(list(rows.select({ ...NO_FILTER, step: "move", code: "E2" }))).toEqual([3]);
    expect(list(rows.select({ ...NO_FILTER, kind: 2 }))).toEqual([2]);
    expect(list(rows.select({ ...NO_FILTER, code: "E9" }))).toEqual([]);
  });

  it("searches cells, codes and messages without regard to case", () => {
    const rows = table();
    expect(list(rows.select({ ...NO_FILTER, text: "FLOW" }))).toEqual([1]);
    expect(list(rows.select({ ...NO_FILTER, text: " b2 " }))).toEqual([3]);
    expect(list(rows.select({ ...NO_FILTER, text: "e2" }))).toEqual([3]);
    // A text does not match across two cells.
    expect(list(rows.select({ ...NO_FILTER, text: "b10" }))).toEqual([]);
  });

  it("sorts numbers as numbers, and what is blank comes last in both directions", () => {
    const rows = table();
    const all = rows.select(NO_FILTER);
    expect(list(rows.sorted(all, 1, false))).toEqual([1, 0, 2, 3, 4]);
    expect(list(rows.sorted(all, "attempts", true))).toEqual([1, 0, 2, 3, 4]);
    expect(list(rows.sorted(all, "outcome", false))).toEqual([2, 1, 3, 0, 4]);
    expect(list(rows.sorted(all, "number", true))).toEqual([4, 3, 2, 1, 0]);
    expect(list(rows.sorted(all, "ended", false))).toEqual([3, 4, 0, 1, 2]);
    expect(list(rows.sorted(all, "ended", true))).toEqual([1, 0, 4, 3, 2]);
    expect(list(rows.sorted(all, 1, true))).toEqual([2, 0, 1, 3, 4]);
    expect(list(rows.sorted(all, "code", false))).toEqual([1, 3, 0, 2, 4]);
    expect(list(rows.sorted(all, "code", true))).toEqual([3, 1, 0, 2, 4]);
  });

  it("counts the rows of the run, also where the page holds a sample", () => {
    expect([table().count("failed"), table().count("skipped")]).toEqual([2, 0]);
    const sampled = tableOf({ ...head, total: 900, counts: [1, 0, 2, 0, 897, 0, 0] }, parts());
    expect([sampled.count("succeeded"), sampled.length]).toEqual([897, 5]);
  });

  it("keeps keys of several columns as a part of their own", () => {
    const rows = tableOf({ ...head, key_column: -1 }, { ...parts(), keys: ["x:y", "", "", "", ""] });
    expect(rows.key(0)).toBe("x:y");
    expect(list(rows.select({ ...NO_FILTER, text: "x:y" }))).toEqual([0]);
  });
});
