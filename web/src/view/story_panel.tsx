// Section 5: a panel beside the table with the story of one row.
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Place } from "../data/place";
import type { Source } from "../data/source";
import type { Story } from "../data/story";
import type { RowTable } from "../data/table";
import type { Head } from "../data/types";
import { useTexts } from "../text/language";
import { addCopyButtons } from "./document";
import { Guard } from "./guard";
import { OutcomeTag } from "./line";
import { RunContext } from "./run_context";
import { StoryView, Values } from "./story";

interface PanelProps {
  source: Source;
  head: Head;
  table: RowTable;
  /** The rows that the table shows, for the way to the next one. */
  rows: Uint32Array | null;
  number: number;
  onPlace: (change: Partial<Place>) => void;
}

export function StoryPanel({ source, head, table, rows, number, onPlace }: PanelProps) {
  const t = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const row = table.rowOfNumber(number);
  const shown = useRef(false);
  useLayoutEffect(() => {
    const found = dialog.current;
    if (found && !found.open) found.showModal();
    document.documentElement.dataset["story"] = "open";
    shown.current = true;
    return () => {
      delete document.documentElement.dataset["story"];
      // The reader went back: the focus returns to where it was.
      shown.current = false;
      found?.close();
    };
  }, []);
  const at = rows && row >= 0 ? rows.indexOf(row) : -1;
  const neighbour = (step: number) => {
    const next = at >= 0 ? rows?.[at + step] : undefined;
    return next === undefined ? null : () => onPlace({ row: table.number(next) });
  };
  const [before, after] = [neighbour(-1), neighbour(1)];
  return (
    <dialog
      ref={dialog}
      class="story"
      aria-labelledby="story-title"
      onClose={() => shown.current && onPlace({ row: 0 })}
      // A click beside the panel closes it.
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="panel">
        <header>
          <h2 id="story-title">
            {t.story.title(number)} <bdi class="key">{row >= 0 ? table.key(row) : ""}</bdi>
          </h2>
          {row >= 0 && <OutcomeTag table={table} row={row} />}
          <nav>
            <button type="button" disabled={!before} onClick={() => before?.()} aria-label={t.story.previous}>↑</button>
            <button type="button" disabled={!after} onClick={() => after?.()} aria-label={t.story.next}>↓</button>
            <button type="button" onClick={() => dialog.current?.close()}>{t.story.close}</button>
          </nav>
        </header>
        <Guard problem={t.problem} key={row}>
          <Body source={source} head={head} table={table} row={row} />
        </Guard>
      </div>
    </dialog>
  );
}

function Body({ source, head, table, row }: { source: Source; head: Head; table: RowTable; row: number }) {
  const t = useTexts();
  const { told } = useContext(RunContext);
  const { story, problem } = useStory(source, row, table.changedIn(row));
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (body.current) addCopyButtons(body.current, t);
  }, [story, t]);
  useEffect(() => body.current?.scrollTo({ top: 0 }), [row]);
  return (
    <div class="story-body" ref={body} tabIndex={0}>
      {problem !== undefined && <p class="problem" role="alert">{`${t.story.problem}: ${told(problem)}`}</p>}
      {story === undefined && problem === undefined && <p class="quiet">{t.story.loading}</p>}
      {story === null && <RowFacts head={head} table={table} row={row} />}
      {story && <StoryView story={story} head={head} />}
    </div>
  );
}

/** What is known of a row's story. */
interface ReadStory {
  row: number;
  /** `undefined` until it is there, `null` if there is none. */
  story?: Story | null;
  problem?: unknown;
}

/** Milliseconds before a story that could not be read is asked for again. */
const AGAIN = 3_000;

/** The story of a row. While a row changes, its last story stays until the next is there. */
function useStory(source: Source, row: number, version: number): ReadStory {
  const [read, setRead] = useState<ReadStory>({ row });
  useEffect(() => {
    let timer = 0;
    let current = true;
    const ask = () => {
      (row >= 0 ? source.story(row) : Promise.resolve(null)).then(
        (story) => current && setRead({ row, story }),
        (problem: unknown) => {
          if (!current) return;
          setRead((last) => (last.row === row ? { ...last, problem } : { row, problem }));
          timer = window.setTimeout(ask, AGAIN);
        },
      );
    };
    ask();
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [source, row, version]);
  return read.row === row ? read : { row };
}

/** What the table knows of a row of which the page holds no story, and the command that tells it. */
function RowFacts({ head, table, row }: { head: Head; table: RowTable; row: number }) {
  const t = useTexts();
  if (row < 0) return <p class="quiet">{t.story.unknown}</p>;
  const cells = table.head.columns.map((name, at) => ({ name, value: table.cell(row, at) }));
  const facts = [
    { name: t.rows.step, value: table.steps.get(row) },
    { name: t.rows.code, value: table.codes.get(row) },
    { name: t.rows.attempts, value: table.attempts(row) },
  ].filter((fact) => fact.value !== "");
  const message = table.messages.get(row);
  return (
    <>
      {message !== "" && <blockquote class="said" dir="auto">{message}</blockquote>}
      <Values title={t.story.cells} values={cells} />
      <Values title={t.story.timeline} values={facts} />
      <p class="after">{t.story.none}</p>
      <div class="command" data-copy="">
        <code>{`runsheet why ${head.run_id} --row ${table.number(row)}`}</code>
      </div>
    </>
  );
}
