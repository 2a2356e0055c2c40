// How a run under way stands at this moment: newer than everything below it.
import type { ComponentChildren } from "preact";
import { OUTCOMES } from "../data/types";
import { grouped, useTexts } from "../text/language";
import { type LiveTexts, useLiveTexts } from "../text/live_texts";
import { printable } from "../text/printable";
import { clock } from "../view/clock";
import type { LiveState, RowCounts } from "./answers";
import { StateWord } from "./state_word";
import { useNow } from "./use_now";
import { waitWords } from "./wait_words";

interface LiveLineProps {
  state: LiveState;
  offsetMinutes: number;
  /** The buttons. */
  children?: ComponentChildren;
}

export function LiveLine({ state, offsetMinutes, children }: LiveLineProps) {
  const [t, words] = [useLiveTexts(), useTexts()];
  const now = useNow();
  const { rows, progress } = state;
  const ended = endedRows(rows);
  const counts = OUTCOMES.filter((outcome) => rows[outcome] > 0);
  const wait = progress?.waits ? waitWords(progress.waits, t.wait, { now, offsetMinutes }) : null;
  const parts = [
    progress && t.run.calls(progress.in_flight),
    progress?.rate && t.run.rate(printable(progress.rate)),
  ].filter((part) => typeof part === "string");
  return (
    <section class="card live" aria-label={t.run.progress}>
      <p class="now">
        <StateWord state={state.state} />
        <strong>{t.run.ended(ended, rows.total)}</strong>
        {parts.map((part) => <span key={part}>{part}</span>)}
      </p>
      <progress max={Math.max(rows.total, 1)} value={ended} aria-label={t.run.progress} />
      <p class="counts">
        {counts.map((outcome) => (
          <span class={`tag ${outcome}`} key={outcome}>{grouped(rows[outcome])} {words.outcome[outcome]}</span>
        ))}
      </p>
      {wait !== null && !progress?.paused && <p class="wait"><bdi>{wait}</bdi></p>}
      {/* Told aloud when it changes; counts are not. */}
      <p class="order" role="status">{orderText(state, t, offsetMinutes)}</p>
      {children}
    </section>
  );
}

/** What a person ordered: a pause, or that the run stops. Empty if nothing. */
function orderText({ progress }: LiveState, t: LiveTexts, offsetMinutes: number): string {
  if (progress?.stopping) return t.run.stopping;
  if (!progress?.paused) return "";
  const { who, from, since } = progress.paused;
  return t.run.paused(printable(who), t.run.from[from] ?? from, clock(Date.parse(since), offsetMinutes)).replaceAll("`", "");
}

export function endedRows(rows: RowCounts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + rows[outcome], 0);
}
