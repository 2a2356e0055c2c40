// The page of one run that is a file: the sections that need the script.
import type { Source } from "../data/source";
import { useTexts } from "../text/language";
import { Guard } from "./guard";
import { useData } from "./hooks";
import { PaceSection } from "./pace";
import { RowsSection, useRows } from "./rows";
import { Shell } from "./shell";
import { StoryPanel } from "./story_panel";
import { usePlace } from "./use_place";

interface AppProps {
  source: Source;
  /** Where the switches stand. */
  tools: HTMLElement;
  /** The language that the report was made in; empty if nobody chose one. */
  made: string;
}

export function App({ source, tools, made }: AppProps) {
  return (
    <Shell tools={tools} made={made}>
      <Guarded source={source} />
    </Shell>
  );
}

function Guarded({ source }: { source: Source }) {
  const t = useTexts();
  return (
    <Guard problem={t.problem}>
      <Sections source={source} />
    </Guard>
  );
}

function Sections({ source }: { source: Source }) {
  const [place, go] = usePlace("");
  const { head, pace, table } = useData(source);
  const rows = useRows(table, place);
  if (!head) return null;
  return (
    <>
      <PaceSection head={head} pace={pace} />
      <RowsSection head={head} table={table} rows={rows} place={place} onPlace={go} />
      {table && place.row !== 0 && (
        <StoryPanel source={source} head={head} table={table} rows={rows} number={place.row} onPlace={go} />
      )}
    </>
  );
}
