// The shapes of the data that a page shows. The Rust side (`src/report/page/`) writes them.

/** The outcomes of rows, in the order in which they win. */
export const OUTCOMES = ["unknown", "partial", "failed", "not_started", "succeeded", "unchanged", "skipped"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the page needs to know before it reads anything else. */
export interface Head {
  /** The version of the data's form. */
  version: number;
  run_id: string;
  /** When the run began, in milliseconds since 1970. */
  started_ms: number;
  /** The minutes by which the run's local time is ahead of UTC. */
  offset_minutes: number;
  /** Whether sensitive values are shown. */
  unmasked: boolean;
  /** The kinds of failure that the page lists, by their numbers. */
  kinds: KindName[];
  /** The sentences that stories may show, each with its Chinese one. */
  chinese: Record<string, string>;
  table: TableHead;
}

export interface KindName {
  number: number;
  outcome: Outcome;
  step: string | null;
  code: string | null;
}

/** What describes the table of rows; the columns themselves are parts of their own. */
export interface TableHead {
  /** The rows of the run. */
  total: number;
  /** The rows that the page holds: all, or all that did not succeed and a sample of the others. */
  kept: number;
  /** The rows of each outcome in the run, in the order of `OUTCOMES`. */
  counts: number[];
  /** The names of the list's own columns. */
  columns: string[];
  /** The index of the list's column that is the key; -1 if the key is a part of its own, -2 if rows have no key. */
  key_column: number;
  /** The dictionaries of the columns that repeat few words. */
  steps: string[];
  codes: string[];
  messages: string[];
  /** The first row of each group of stories; rows without a story belong to no group. */
  story_groups: number;
  /** The places of the rows that a process was working on when the page was made; absent if there are none. */
  under_way?: number[];
}

/** The run's pace over time, in equal slices. */
export interface Pace {
  /** The start of the first slice, in milliseconds since 1970. */
  start_ms: number;
  /** The length of one slice in milliseconds. */
  width_ms: number;
  /** The number of slices. */
  slices: number;
  operations: OperationPace[];
  waits: WaitPace[];
}

export interface OperationPace {
  operation: string;
  /** The calls that ended in each slice. */
  calls: number[];
  /** The highest rate that is allowed, in calls a second; `null` if there is no limit. */
  limit_per_s: number | null;
  latency: Latency | null;
}

export interface WaitPace {
  reason: string;
  /** The milliseconds waited in each slice, over all calls. */
  waited_ms: number[];
}

/** How long calls took, in milliseconds. */
export interface Latency {
  calls: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
  /** The upper end of each class, and the calls in it. */
  upto_ms: number[];
  counts: number[];
}
