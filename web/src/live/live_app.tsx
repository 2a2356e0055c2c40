// The live page as a whole: the door until there is a session, then the list of runs, or the run that the address names.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useLiveTexts } from "../text/live_texts";
import { Shell } from "../view/shell";
import { Door } from "./door";
import { List } from "./list";
import { type ListFilter, listFilterOf, paramsOf, runIn, tokenIn } from "./live_place";
import { Run } from "./run";
import type { Server } from "./server";
import { told } from "./told";

const TOKEN = "#token=";

export function LiveApp({ server, tools }: { server: Server; tools: HTMLElement }) {
  return (
    <Shell tools={tools} made="">
      <Inside server={server} />
    </Shell>
  );
}

/** Whether the page may show anything: not yet, while a link is tried, or with a session. */
type Entry = { at: "door"; problem: unknown } | { at: "trying" } | { at: "inside" };

function Inside({ server }: { server: Server }) {
  const t = useLiveTexts();
  const [entry, setEntry] = useState<Entry>(() => (location.hash.startsWith(TOKEN) ? { at: "trying" } : { at: "door", problem: null }));
  const enter = useCallback(async (token: string) => {
    setEntry({ at: "trying" });
    try {
      await server.open(token);
      setEntry({ at: "inside" });
    } catch (problem) {
      setEntry({ at: "door", problem });
    }
  }, [server]);
  const hash = useHash(enter);
  useEffect(() => {
    server.onLost = (message) => setEntry({ at: "door", problem: new Error(message) });
  }, [server]);
  switch (entry.at) {
    case "door":
      return <Door problem={entry.problem === null ? "" : told(entry.problem, t)} onToken={(token) => void enter(token)} />;
    case "trying":
      return <p class="card quiet">{t.door.opening}</p>;
    case "inside":
      return <Place server={server} hash={hash} />;
  }
}

/** What stands in the address after `#`. A token in it is taken out and used; the place before it comes back. */
function useHash(onToken: (token: string) => void): string {
  const [hash, setHash] = useState(() => (location.hash.startsWith(TOKEN) ? "" : location.hash));
  useEffect(() => {
    const follow = (event?: Event) => {
      if (location.hash.startsWith(TOKEN)) {
        // Of an address that a reader opens in this tab, the event that comes next knows the one before.
        if (event instanceof PopStateEvent) return;
        const token = tokenIn(location.hash);
        const before = event instanceof HashChangeEvent ? new URL(event.oldURL).hash : "";
        // The link is used up; nobody shall copy it from the address bar.
        history.replaceState(null, "", (before.startsWith(TOKEN) ? "" : before) || "/");
        onToken(token);
      }
      setHash(location.hash);
    };
    follow();
    window.addEventListener("hashchange", follow);
    window.addEventListener("popstate", follow);
    return () => {
      window.removeEventListener("hashchange", follow);
      window.removeEventListener("popstate", follow);
    };
  }, [onToken]);
  return hash;
}

function Place({ server, hash }: { server: Server; hash: string }) {
  const run = runIn(hash);
  const [filter, setFilter] = useState<ListFilter>(() => listFilterOf(hash));
  const list = `#${paramsOf(filter)}`;
  const shown = useRef(run);
  useEffect(() => {
    if (run === "") setFilter(listFilterOf(hash));
    if (shown.current === run) return;
    shown.current = run;
    window.scrollTo({ top: 0 });
    document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  }, [hash, run]);
  const change = useCallback((next: ListFilter) => {
    setFilter(next);
    history.replaceState(null, "", paramsOf(next).size > 0 ? `#${paramsOf(next)}` : "/");
  }, []);
  if (run !== "") return <Run server={server} run={run} list={list} key={run} />;
  return <List server={server} filter={filter} onFilter={change} />;
}
