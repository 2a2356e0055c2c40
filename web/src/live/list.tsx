// The list of runs, with a filter that stands in the URL. It follows the runs that are under way.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type LiveTexts, useLiveTexts } from "../text/live_texts";
import { printable } from "../text/printable";
import type { RunList } from "./answers";
import { Coded } from "../view/coded";
import { ListFilters } from "./list_filters";
import { ListTable } from "./list_table";
import { type ListFilter, paramsOf } from "./live_place";
import { askNewest, askOlder, withNewest, withOlder } from "./runs_list";
import { AnswerError, type Server } from "./server";
import { told } from "./told";

/** Milliseconds between two looks at the list. */
const AGAIN = 3_000;
/** Milliseconds after a letter before the list is asked for. */
const TYPING = 150;

interface ListProps {
  server: Server;
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
}

export function List({ server, filter, onFilter }: ListProps) {
  const t = useLiveTexts();
  const { list, problem, more } = useList(server, filter);
  useListTitle(t);
  const unfiltered = paramsOf(filter).size === 0;
  return (
    <>
      {problem !== null && <p class="problem" role="alert"><Coded text={told(problem, t)} /></p>}
      <section class="card" aria-labelledby="runs-title">
        <h1 id="runs-title">{t.thisMachine}</h1>
        <ListFilters filter={filter} states={list?.states ?? []} onFilter={onFilter} />
        {list && list.runs.length === 0 && <p class="empty">{unfiltered ? t.list.none : t.list.noMatch}</p>}
        {list && list.runs.length > 0 && <ListTable runs={list.runs} />}
        {list?.more && <p class="more"><button type="button" onClick={more}>{t.list.older}</button></p>}
      </section>
      {list?.unreadable.map((run) => (
        <p class="problem" key={run.run_id}><code>{run.run_id}</code> {t.list.unreadable(printable(run.why))}</p>
      ))}
    </>
  );
}

/** The list that a filter leaves. It is asked for again while it is shown and in sight. */
function useList(server: Server, filter: ListFilter) {
  const [list, setList] = useState<RunList | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const known = useRef<RunList | null>(null);
  const asked = paramsOf(filter).toString();
  const show = (next: RunList) => {
    known.current = next;
    setList(next);
    setProblem(null);
  };
  useEffect(() => {
    const ending = new AbortController();
    // What is shown stays until the first answer with the new filter is there.
    const first = known.current === null ? 0 : TYPING;
    let fresh = true;
    const look = async () => {
      if (!document.hidden || fresh) {
        try {
          const newest = await askNewest(server, filter, fresh ? 0 : known.current?.runs.length ?? 0, ending.signal);
          if (ending.signal.aborted) return;
          show(withNewest(fresh ? null : known.current, newest));
          fresh = false;
        } catch (error) {
          if (ending.signal.aborted) return;
          setProblem(error);
          if (error instanceof AnswerError && error.status === 401) return;
        }
      }
      timer = window.setTimeout(look, AGAIN);
    };
    let timer = window.setTimeout(look, first);
    return () => {
      window.clearTimeout(timer);
      ending.abort();
    };
  }, [server, asked]);
  const more = useCallback(() => {
    const before = known.current?.runs.at(-1)?.run_id;
    if (before === undefined) return;
    askOlder(server, filter, before, new AbortController().signal).then(
      (older) => known.current && show(withOlder(known.current, older)),
      setProblem,
    );
  }, [server, asked]);
  return { list, problem, more };
}

function useListTitle(t: LiveTexts): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    delete dataset["titleEn"];
    delete dataset["titleZh"];
    document.title = t.titleOf(t.runs);
  }, [t]);
}
