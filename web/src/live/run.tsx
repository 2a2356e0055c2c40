// One run: how it stands at this moment, and the sections of its page, which follow it.
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Place } from "../data/place";
import type { RowTable } from "../data/table";
import { LanguageContext, useTexts } from "../text/language";
import { LIVE_TEXTS, useLiveTexts } from "../text/live_texts";
import { showTitle } from "../view/document";
import { useChanges, useData } from "../view/hooks";
import { PaceSection } from "../view/pace";
import { RowsSection, useRows } from "../view/rows";
import { RunContext } from "../view/run_context";
import { StoryPanel } from "../view/story_panel";
import { usePlace } from "../view/use_place";
import type { Overview } from "./answers";
import { AsOf } from "./as_of";
import { Coded } from "../view/coded";
import { LiveLine } from "./live_line";
import { LiveSource } from "./live_source";
import { Saving } from "./saving";
import { morph, readSection } from "./sections_html";
import type { Server } from "./server";
import { Steering } from "./steering";
import { told } from "./told";

interface RunProps {
  server: Server;
  run: string;
  /** The hash of the list that the reader came from. */
  list: string;
}

export function Run({ server, run, list }: RunProps) {
  const t = useLiveTexts();
  const source = useSource(server, run);
  return (
    <>
      <nav class="way"><a href={list} data-leave="">← {t.run.all}</a></nav>
      <Problem source={source} />
      <Present source={source} server={server} />
      <Written source={source} run={run} />
      <Sections source={source} run={run} />
      <Files source={source} server={server} />
    </>
  );
}

/** Follows the run while it is shown. */
function useSource(server: Server, run: string): LiveSource {
  const source = useMemo(() => new LiveSource(server, run), [server, run]);
  useEffect(() => {
    source.start();
    const seen = () => document.hidden || source.catchUp();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      source.stop();
    };
  }, [source]);
  return source;
}

function useView(source: LiveSource) {
  useChanges((changed) => source.watch(changed), source);
  return source.view;
}

function Problem({ source }: { source: LiveSource }) {
  const t = useLiveTexts();
  const { problem } = useView(source);
  return problem === null ? null : <p class="problem" role="alert"><Coded text={told(problem, t)} /></p>;
}

/** How the run stands at this moment, while it is under way or until its overview says so. */
function Present({ source, server }: { source: LiveSource; server: Server }) {
  const { state, overview } = useView(source);
  if (state === null || (!state.driven && overview !== null && overview.state !== "running")) return null;
  return (
    <LiveLine state={state} offsetMinutes={offsetOf(overview)}>
      {state.driven && <Steering server={server} address={source.address} paused={Boolean(state.progress?.paused)} />}
    </LiveLine>
  );
}

function offsetOf(overview: Overview | null): number {
  return overview?.head.offset_minutes ?? -new Date().getTimezoneOffset();
}

/** The first two sections. */
function Written({ source, run }: { source: LiveSource; run: string }) {
  const [t, texts] = [useLiveTexts(), useTexts()];
  const { overview, state, problem } = useView(source);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!overview || !place.current) return;
    morph(place.current, readSection(overview.verdict_html + overview.failures_html, run, texts));
  }, [overview, run, texts]);
  useTitle(overview);
  return (
    <>
      {overview === null && <p class="card quiet">{t.loading}</p>}
      {overview && (
        <AsOf
          at={Date.parse(overview.made_at)}
          behind={problem !== null || (state !== null && state.entry > overview.entry)}
          offsetMinutes={overview.head.offset_minutes}
        />
      )}
      <div class="written" ref={place} />
    </>
  );
}

function useTitle(overview: Overview | null): void {
  const language = useContext(LanguageContext);
  useLayoutEffect(() => {
    if (!overview) return;
    const { dataset } = document.documentElement;
    dataset["titleEn"] = LIVE_TEXTS.en.titleOf(overview.title.en);
    dataset["titleZh"] = LIVE_TEXTS.zh.titleOf(overview.title.zh);
    showTitle();
  }, [overview, language]);
}

function Sections({ source, run }: { source: LiveSource; run: string }) {
  const [place, go] = usePlace(run);
  const { head, pace, table } = useData(source);
  const rows = useRows(table, place);
  const t = useLiveTexts();
  useKind(table, place, go);
  const surroundings = useMemo(
    () => ({ links: true, told: (error: unknown) => told(error, t) }),
    [t],
  );
  // Drawn again when something of it changed, and not with every state of the run.
  const drawn = useMemo(() => head && (
    <>
      <PaceSection head={head} pace={pace} />
      <RowsSection head={head} table={table} rows={rows} place={place} onPlace={go}>
        <RowsAge source={source} />
      </RowsSection>
      {table && place.row !== 0 && (
        <StoryPanel source={source} head={head} table={table} rows={rows} number={place.row} onPlace={go} />
      )}
    </>
  ), [source, head, pace, table, table?.version, rows, place]);
  return <RunContext.Provider value={surroundings}>{drawn}</RunContext.Provider>;
}

/** Keeps the chosen kind of failure when its number changes: kinds are numbered by their rows, which grow. */
function useKind(table: RowTable | undefined, place: Place, go: (change: Partial<Place>) => void): void {
  const { filter } = place;
  const chosen = useRef({ number: 0, name: "" });
  useEffect(() => {
    const last = chosen.current;
    if (!table || filter.kind === 0 || filter.kind !== last.number || last.name === "") {
      chosen.current = { number: filter.kind, name: table?.nameOfKind(filter.kind) ?? "" };
      return;
    }
    const number = table.numberOfKind(last.name);
    if (number === last.number) return;
    chosen.current = { number, name: last.name };
    go({ filter: { ...filter, kind: number } });
  }, [table, table?.version, filter]);
}

function RowsAge({ source }: { source: LiveSource }) {
  const t = useLiveTexts();
  const { state, rows, reading, overview, problem } = useView(source);
  if (reading) return <p class="as-of reading">{t.run.reading(reading.read, reading.total)}</p>;
  if (!rows) return null;
  const behind = problem !== null || (state !== null && state.entry > rows.entry);
  return <AsOf at={rows.at} behind={behind} offsetMinutes={offsetOf(overview)} />;
}

function Files({ source, server }: { source: LiveSource; server: Server }) {
  const { state } = useView(source);
  return <Saving server={server} address={source.address} state={state?.state ?? null} />;
}
