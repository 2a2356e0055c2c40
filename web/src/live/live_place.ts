// What stands in the URL of the live page after `#`: a run with the place in it, or the list with its filter.

export interface ListFilter {
  playbook: string;
  environment: string;
  state: string;
  outcome: string;
}

const NAMES = ["playbook", "environment", "state", "outcome"] as const;

export const ALL_RUNS: ListFilter = { playbook: "", environment: "", state: "", outcome: "" };

/** The run that a hash names; empty if it names none, or nothing that can be one. */
export function runIn(hash: string): string {
  const run = new URLSearchParams(hash.replace(/^#/, "")).get("run") ?? "";
  return /^[0-9A-Za-z-]{1,64}$/.test(run) ? run : "";
}

export function listFilterOf(hash: string): ListFilter {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const filter = { ...ALL_RUNS };
  for (const name of NAMES) filter[name] = params.get(name) ?? "";
  return filter;
}

/** Writes a filter as parameters, of the hash and of what is asked. Blank ones are left out. */
export function paramsOf(filter: ListFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of NAMES) if (filter[name].trim() !== "") params.set(name, filter[name].trim());
  return params;
}

/** The token in a link, or in a text that is one. */
export function tokenIn(text: string): string {
  return text.trim().split("#token=").pop() ?? "";
}
