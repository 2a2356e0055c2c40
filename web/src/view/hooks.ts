// Hooks that several parts of the page share.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PageData, Source } from "../data/source";

/** Draws again whenever something calls back. */
export function useChanges(subscribe: (changed: () => void) => () => void, of: unknown): void {
  const [, again] = useState(0);
  // Before the page is painted, so that no change is missed.
  useLayoutEffect(() => subscribe(() => again((times) => times + 1)), [of]);
}

/** What a source knows. A failure is shown by the page as a whole. */
export function useData(source: Source): PageData {
  useChanges((changed) => source.subscribe(changed), source);
  if ("problem" in source.data) throw source.data.problem;
  return source.data;
}

/** The width of an element, as it changes. */
export function useWidth<T extends HTMLElement>(): [RefObject<T>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const found = element.current;
    if (!found) return;
    setWidth(found.clientWidth);
    const observer = new ResizeObserver(() => setWidth(found.clientWidth));
    observer.observe(found);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

/** Whether the page is being printed. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const media = window.matchMedia("print");
    const follow = () => setPrinting(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  return printing;
}
