// The list of runs as it is known: what was read of it page by page, and read again while it is shown.
import type { ListedRun, RunList } from "./answers";
import { type ListFilter, paramsOf } from "./live_place";
import type { Server } from "./server";

/** The runs in one answer, and the most that one answer may hold. */
const PAGE = 100;
const MOST = 500;

/** Asks for the newest runs: as many as are shown, within bounds. */
export function askNewest(server: Server, filter: ListFilter, shown: number, signal: AbortSignal): Promise<RunList> {
  const params = paramsOf(filter);
  params.set("limit", String(Math.min(MOST, Math.max(PAGE, shown))));
  return server.json<RunList>(`/api/runs?${params}`, signal);
}

/** Asks for the runs that are older than those shown. */
export function askOlder(server: Server, filter: ListFilter, before: string, signal: AbortSignal): Promise<RunList> {
  const params = paramsOf(filter);
  params.set("limit", String(PAGE));
  params.set("before", before);
  return server.json<RunList>(`/api/runs?${params}`, signal);
}

/** The list with its newest part read again. Older runs, which were not asked for, stay. */
export function withNewest(known: RunList | null, newest: RunList): RunList {
  const last = newest.runs.at(-1)?.run_id;
  if (!known || !newest.more || last === undefined) return newest;
  const have = new Set(newest.runs.map((run) => run.run_id));
  // Ids begin with the time at which the run began.
  const older = known.runs.filter((run) => run.run_id < last && !have.has(run.run_id));
  return { ...newest, runs: [...newest.runs, ...older], more: older.length > 0 ? known.more : newest.more };
}

export function withOlder(known: RunList, older: RunList): RunList {
  const have = new Set(known.runs.map((run: ListedRun) => run.run_id));
  return { ...known, runs: [...known.runs, ...older.runs.filter((run) => !have.has(run.run_id))], more: older.more };
}
