// A window over a long list: only the rows that are in sight are in the document. All rows are of one height, so their
// places are arithmetic; a library that measures rows would first make an object for each of a hundred thousand.
import { useLayoutEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

/** The rows beyond each edge that are drawn too, so that scrolling shows no gap. */
const BEYOND = 10;

export interface ListRow {
  index: number;
  /** The distance from the top of the list in pixels. */
  start: number;
}

/** The first row in sight and the one after the last, of `count` rows. */
export function windowOf(top: number, seen: number, count: number, height: number): [number, number] {
  const first = Math.max(0, Math.floor(top / height) - BEYOND);
  return [Math.min(first, count), Math.min(count, Math.ceil((top + seen) / height) + BEYOND)];
}

/** The rows in sight of `count` rows of one height inside a scrolling element. */
export function useVirtualList(count: number, height: number, scroller: RefObject<HTMLElement>): ListRow[] {
  const [sight, setSight] = useState({ top: 0, seen: 900 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const next = { top: element.scrollTop, seen: element.clientHeight };
      // A few pixels change nothing that is drawn.
      setSight((now) => (Math.floor(now.top / height) === Math.floor(next.top / height) && now.seen === next.seen ? now : next));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  // A list that became shorter than what was scrolled is shown from its end.
  const top = Math.min(sight.top, Math.max(0, count * height - sight.seen));
  const [first, after] = windowOf(top, sight.seen, count, height);
  return Array.from({ length: after - first }, (_, at) => ({ index: first + at, start: (first + at) * height }));
}
