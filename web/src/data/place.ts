// What the page shows stands in the part of its URL after `#`: the filter, the order and the open row.
import { type Filter, NO_FILTER, type SortKey } from "./filter";
import { OUTCOMES, type Outcome } from "./types";

export interface Place {
  filter: Filter;
  sort: SortKey;
  descending: boolean;
  /** The number of the row whose story is open; 0 for none. */
  row: number;
}

export const START: Place = { filter: NO_FILTER, sort: "number", descending: false, row: 0 };

const SORTS: SortKey[] = ["number", "outcome", "step", "code", "message", "attempts", "ended"];

/** Reads a URL's part after `#`. What it does not understand is left out. */
export function placeOf(hash: string): Place {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const words = (params.get("outcome") ?? "").split(",");
  const sort = params.get("sort") ?? "";
  const by = sort.replace(/^-/, "");
  const column = /^c(\d+)$/.exec(by);
  const known = SORTS.find((key) => key === by);
  return {
    filter: {
      outcomes: OUTCOMES.filter((outcome: Outcome) => words.includes(outcome)),
      step: params.get("step") ?? "",
      code: params.get("code") ?? "",
      kind: count(params.get("kind")),
      open: params.get("open") === "1",
      text: params.get("q") ?? "",
    },
    sort: known ?? (column ? Number(column[1]) : "number"),
    descending: sort.startsWith("-"),
    row: count(params.get("row")),
  };
}

/** Writes a place as a URL's part after `#`; empty for the start. `run` is the run on a page of many runs. */
export function hashOf(place: Place, run = ""): string {
  const params = new URLSearchParams(run === "" ? "" : { run });
  const { filter } = place;
  if (filter.outcomes.length > 0) params.set("outcome", filter.outcomes.join(","));
  if (filter.step !== "") params.set("step", filter.step);
  if (filter.code !== "") params.set("code", filter.code);
  if (filter.kind !== 0) params.set("kind", String(filter.kind));
  if (filter.open) params.set("open", "1");
  if (filter.text !== "") params.set("q", filter.text);
  if (place.sort !== "number" || place.descending) {
    const by = typeof place.sort === "number" ? `c${place.sort}` : place.sort;
    params.set("sort", `${place.descending ? "-" : ""}${by}`);
  }
  if (place.row !== 0) params.set("row", String(place.row));
  const text = params.toString();
  return text === "" ? "" : `#${text}`;
}

function count(text: string | null): number {
  const number = Number(text ?? "");
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}
