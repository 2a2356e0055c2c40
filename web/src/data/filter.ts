// What is shown of the rows, and in which order.
import type { Outcome } from "./types";

/** What is shown of the rows. Empty lists and texts leave everything. */
export interface Filter {
  outcomes: Outcome[];
  step: string;
  code: string;
  /** The number of a kind of failure; 0 for any. */
  kind: number;
  /** Whether only rows are shown that began and have not ended. */
  open: boolean;
  text: string;
}

/** A column that rows can be sorted by: the index of one of the list's own, or one of the page's. */
export type SortKey = number | "number" | "outcome" | "step" | "code" | "message" | "attempts" | "ended";

export const NO_FILTER: Filter = { outcomes: [], step: "", code: "", kind: 0, open: false, text: "" };
