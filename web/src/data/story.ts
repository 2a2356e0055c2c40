// The story of a row: the JSON of `runsheet why RUN KEY --format json`, as far as the page shows it.
import type { Outcome } from "./types";

export interface Story {
  row: { number?: number; key?: string; file?: string; cells: NamedValue[]; invalid?: string };
  state: {
    outcome: Outcome;
    step?: string;
    code?: string;
    message?: string;
    request_id?: string;
    attempts: number;
    results: NamedValue[];
  };
  steps: StoryStep[];
  timeline: Moment[];
  left_out: number;
  elsewhere: Elsewhere[];
  next: { what: string; command: string }[];
  notes: string[];
}

/** A value that is whole, or the beginning of its text if it is cut. */
export interface ShownValue {
  value: unknown;
  cut_from?: number;
}

export interface NamedValue extends ShownValue {
  name: string;
}

export interface StoryStep {
  id: string;
  operation: string;
  rollback?: string;
  outcome?: string;
  file: string;
  line: number;
  lines: string[];
}

export interface Elsewhere {
  run_id: string;
  kind: string;
  later: boolean;
  started_at?: string;
  outcome?: Outcome;
  step?: string;
  code?: string;
  problem?: string;
}

export interface StoryRequest {
  check: string;
  problem?: string;
  method?: string;
  address?: string;
  headers: [string, string][];
  body?: ShownValue;
}

export interface Rule {
  kind: string;
  what: string;
  file?: string;
  line?: number;
  means?: string;
  advice?: string;
}

/** What happened at an instant. `what` says which of the other members there are. */
export interface Moment {
  at: string;
  what: string;
  step?: string;
  element?: number;
  rollback?: boolean;
  operation?: string;
  lookup?: string;
  attempt?: number;
  waited?: { reason: string; ms: number }[];
  sent_at?: string;
  took_ms?: number;
  request?: StoryRequest;
  end?: string;
  http_status?: number;
  answer?: ShownValue;
  disposition?: string;
  verdict?: string;
  rule?: Rule;
  code?: string;
  message?: string;
  request_id?: string;
  outputs?: NamedValue[];
  outcome?: string;
  then?: string;
  condition?: { key: string; text: string; file: string; line: number };
  process?: number;
  who?: string;
  note?: string;
  from?: string;
  run?: string;
  command?: { what: string; rate?: string; in_flight?: number; who: string };
}
