// What surrounds a run that is shown: whether the page can show other runs, and how errors are told.
import { createContext } from "preact";

export interface RunSurroundings {
  /** Whether ids of runs are links. */
  links: boolean;
  /** An error in words for people. */
  told: (error: unknown) => string;
}

export const RunContext = createContext<RunSurroundings>({
  links: false,
  told: (error) => (error instanceof Error ? error.message : String(error)),
});
