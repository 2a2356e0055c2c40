// Where a page's data comes from. The components know this interface alone, so that the same page can be a file, or
// the live view of a run.
import type { Story } from "./story";
import type { RowTable } from "./table";
import type { Head, Pace } from "./types";

/** What is known so far. */
export interface PageData {
  head?: Head;
  /** The run's pace; `null` if no call was made. */
  pace?: Pace | null;
  /** The rows. The table itself changes; its `version` says when. */
  table?: RowTable;
  /** Why nothing can be shown. */
  problem?: unknown;
}

export interface Source {
  /** What is known now: another object whenever something changed. */
  readonly data: PageData;
  /** Calls back whenever `data` changed, until the function that it returns is called. */
  subscribe(changed: () => void): () => void;
  /** The story of the row with this index in the table; `null` if there is none. */
  story(row: number): Promise<Story | null>;
}

/** Those who want to know of changes. */
export class Listeners {
  private readonly all = new Set<() => void>();

  add(listener: () => void): () => void {
    this.all.add(listener);
    return () => {
      this.all.delete(listener);
    };
  }

  tell(): void {
    for (const listener of [...this.all]) listener();
  }
}
