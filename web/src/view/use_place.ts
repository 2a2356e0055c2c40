// What the URL says after `#`, and how to change it.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { hashOf, type Place, placeOf } from "../data/place";

/** The mark of an entry in the browser's history that a story was opened with: going back closes the story. */
const OPENED = "runsheet-story";

/**
 * The place, and a function that changes it. Opening a story makes an entry in the browser's history; other changes take
 * the place of the last entry. `run` is the run on a page of many runs, else empty.
 */
export function usePlace(run: string): [Place, (change: Partial<Place>) => void] {
  const [place, setPlace] = useState<Place>(() => placeOf(location.hash));
  const now = useRef(place);
  const show = (next: Place) => {
    now.current = next;
    setPlace(next);
  };
  useEffect(() => {
    const follow = () => {
      // The address of another run is not a place in this one.
      if (run === "" || runOf(location.hash) === run) show(placeOf(location.hash));
    };
    // A link of the first sections leads to the rows that it filters. Followed by the browser, it would leave the page where
    // that is in a frame.
    const click = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest?.('a[href^="#"]');
      const hash = link?.getAttribute("href") ?? "";
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || leaves(link, hash, run)) return;
      event.preventDefault();
      if (hash.includes("=")) {
        const next = placeOf(hash);
        write(next, run, "push");
        show(next);
      }
      const rows = document.getElementById("rows");
      rows?.scrollIntoView();
      rows?.querySelector("input")?.focus({ preventScroll: true });
    };
    window.addEventListener("popstate", follow);
    window.addEventListener("hashchange", follow);
    document.addEventListener("click", click);
    return () => {
      window.removeEventListener("popstate", follow);
      window.removeEventListener("hashchange", follow);
      document.removeEventListener("click", click);
    };
  }, [run]);
  const go = useCallback((change: Partial<Place>) => {
    const before = now.current;
    const next = { ...before, ...change };
    const closes = before.row !== 0 && next.row === 0;
    show(next);
    if (closes && history.state === OPENED) history.back();
    else write(next, run, before.row === 0 && next.row !== 0 ? "open" : "replace");
  }, [run]);
  return [place, go];
}

/** The run that a hash names; empty if it names none. */
export function runOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("run") ?? "";
}

/** Whether a link leads out of this run, to another one or to the list of all. */
function leaves(link: Element, hash: string, run: string): boolean {
  return link.hasAttribute("data-leave") || (run !== "" && runOf(hash) !== "" && runOf(hash) !== run);
}

/** Puts a place into the URL. Browsers refuse that in a frame without an origin; then the page works without. */
function write(place: Place, run: string, how: "push" | "open" | "replace"): void {
  const url = hashOf(place, run) || location.pathname + location.search;
  try {
    if (how === "replace") history.replaceState(history.state, "", url);
    else history.pushState(how === "open" ? OPENED : null, "", url);
  } catch {
    // The place is kept by the page itself.
  }
}
