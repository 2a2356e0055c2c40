// The shapes of what the server of the live page answers. The Rust side (`src/ui/api/`) writes them.
import type { Head, Outcome, Pace } from "../data/types";

/** The rows of each outcome, and all of them. */
export type RowCounts = Record<Outcome | "total", number>;

/** A run of the list. */
export interface ListedRun {
  run_id: string;
  kind: "run" | "retry" | "undo";
  /** The run that it retries or undoes. */
  earlier_run: string | null;
  state: string;
  playbook: string;
  environment: string;
  started_at: string;
  rows: RowCounts;
  /** The rows that have not ended. */
  open_rows: number;
  /** What is lost of it. */
  lost: string | null;
}

export interface RunList {
  runs: ListedRun[];
  unreadable: { run_id: string; why: string }[];
  /** The states that runs are in, whatever state is asked for. */
  states: string[];
  /** Whether there are older runs. */
  more: boolean;
}

/** The state of a run at a moment; `state` is `null` until it is known. */
export interface LiveState {
  state: string | null;
  /** Whether a process drives it. */
  driven: boolean;
  /** Its ended rows by outcome, and the total. */
  rows: RowCounts;
  progress: Progress | null;
  /** The number of the journal's last entry. */
  entry: number;
  /** The version of the newest overview; 0 while there is none. */
  overview: number;
}

/** What the process that drives a run tells. */
export interface Progress {
  /** The calls that are under way. */
  in_flight: number;
  stopping: boolean;
  /** The rate that a person set, such as `5/s`. */
  rate: string | null;
  paused: { who: string; from: string; since: string } | null;
  waits?: Wait | null;
}

/** What the run as a whole waits for. `what` says which of the other members there are. */
export interface Wait {
  what: string;
  until?: string | null;
  wall?: string;
  connection?: string;
  host?: string | null;
  since?: string | null;
  failures?: number;
  trouble?: unknown;
  again_at?: string | null;
  why?: string;
  operation?: string | null;
  rows?: number;
  calls?: number;
}

/** A run as a whole: the first two sections as HTML, and what describes the others. */
export interface Overview {
  version: number;
  /** The last entry of the journal that it knows. */
  entry: number;
  made_at: string;
  state: string;
  title: { en: string; zh: string };
  verdict_html: string;
  failures_html: string;
  head: Head;
  pace: Pace | null;
  /** The kinds of failure by their numbers, and what names them in rows. */
  kinds: { number: number; rows: string }[];
}

/** The first line of an answer with rows. */
export interface RowsStart {
  entry: number;
  /** Whether all rows follow, and not only those that changed. */
  all: boolean;
  total: number;
}

/** A row: position, number, key, cells, outcome, step, code, message, kind, attempts, end in milliseconds, open. */
export type RowLine = [
  number, number, string, (string | null)[], Outcome, string | null, string | null, string | null, string | null, number,
  number | null, boolean,
];
