// Section 3: calls a second against the limit, what calls waited for, and how long they took.
import { useContext, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Head, OperationPace, Pace } from "../data/types";
import { grouped, LanguageContext, useTexts } from "../text/language";
import { colour, drawHistogram, drawLines, SERIES } from "./chart";
import { clock } from "./clock";
import { useWidth } from "./hooks";
import { duration, stacked } from "./numbers";
import { ThemeContext } from "./theme";

export function PaceSection({ head, pace }: { head: Head; pace: Pace | null | undefined }) {
  const t = useTexts();
  return (
    <section id="pace" class="card" aria-labelledby="pace-title">
      <h2 id="pace-title">{t.pace.title}</h2>
      {pace === null && <p class="quiet">{t.pace.none}</p>}
      {pace && <Calls head={head} pace={pace} />}
      {pace && <Waits head={head} pace={pace} />}
      {pace && <Latencies operations={pace.operations} />}
    </section>
  );
}

/** The middle of a chart: a caption, the series that can be hidden, and the value under the pointer. */
interface ChartSeries {
  name: string;
  values: number[];
  colour: string;
  dashed?: boolean;
}

function Calls({ head, pace }: { head: Head; pace: Pace }) {
  const t = useTexts();
  const seconds = pace.width_ms / 1000;
  const series = useMemo(() => {
    const made: ChartSeries[] = [];
    pace.operations.forEach((operation, at) => {
      const ink = SERIES[at % SERIES.length]!;
      made.push({ name: operation.operation, values: operation.calls.map((calls) => calls / seconds), colour: ink });
      if (operation.limit_per_s !== null) {
        const limit = operation.limit_per_s;
        made.push({ name: t.pace.limit(operation.operation, round(limit)), values: operation.calls.map(() => limit), colour: ink, dashed: true });
      }
    });
    return made;
  }, [pace, t]);
  return <Chart head={head} pace={pace} title={t.pace.calls} unit={t.pace.perSecond} series={series} stack={false} />;
}

function Waits({ head, pace }: { head: Head; pace: Pace }) {
  const t = useTexts();
  const series = useMemo(
    () =>
      pace.waits.map((wait, at) => ({
        name: t.wait[wait.reason] ?? wait.reason,
        values: wait.waited_ms.map((ms) => ms / pace.width_ms),
        colour: SERIES[(at + 2) % SERIES.length]!,
      })),
    [pace, t],
  );
  // A journal that does not say how long calls took says nothing of their waits either.
  const told = pace.operations.some((operation) => operation.latency !== null);
  if (series.length === 0) return told ? <p class="quiet">{t.pace.noWaits}</p> : null;
  return <Chart head={head} pace={pace} title={t.pace.waits} unit={t.pace.waitsUnit} series={series} stack={true} />;
}

interface ChartProps {
  head: Head;
  pace: Pace;
  title: string;
  unit: string;
  series: ChartSeries[];
  stack: boolean;
}

function Chart({ head, pace, title, unit, series, stack }: ChartProps) {
  const t = useTexts();
  const theme = useContext(ThemeContext);
  const language = useContext(LanguageContext);
  const [frame, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLDivElement>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const shown = series.filter((one) => !hidden.has(one.name));
    const heights = stack ? stacked(shown.map((one) => one.values)) : shown.map((one) => one.values);
    const lines = shown.map((one, at) => {
      const ink = colour(one.colour);
      const fill = stack ? ink : one.dashed ? undefined : `${ink}22`;
      return { name: one.name, values: heights[at] ?? [], stroke: ink, fill, dashed: one.dashed ?? false, stepped: true, shown: true };
    });
    // What lies below is drawn last, so that areas above do not cover it.
    if (stack) lines.reverse();
    const across = Array.from({ length: pace.slices }, (_, at) => (pace.start_ms + at * pace.width_ms) / 1000);
    const top = topOf(shown, heights);
    return drawLines({
      element, width, height: stack ? 170 : 230, across, lines, time: true,
      offsetMinutes: head.offset_minutes, top, onPointer: setPointed,
    });
  }, [series, hidden, width, theme, language, pace]);
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const at = pointed ?? -1;
  return (
    <figure class="chart" ref={frame}>
      <figcaption>
        <strong>{title}</strong>
        <span class="quiet">
          {at >= 0 ? clock(pace.start_ms + at * pace.width_ms, head.offset_minutes) : unit}
        </span>
      </figcaption>
      <div class="legend">
        {series.map((one) => (
          <button
            type="button"
            aria-pressed={!hidden.has(one.name)}
            title={t.pace.show(one.name)}
            onClick={() => toggle(one.name)}
            key={one.name}
          >
            <span class={one.dashed ? "swatch dashed" : "swatch"} data-ink={one.colour.slice(2)} aria-hidden="true" />
            <bdi>{one.name}</bdi>
            {at >= 0 && <span class="value">{round(one.values[at] ?? 0)}</span>}
          </button>
        ))}
      </div>
      <div ref={canvas} aria-hidden="true" class="canvas" />
      <Figures head={head} pace={pace} series={series} title={title} unit={unit} />
    </figure>
  );
}

/** A limit that is further above the calls than this would make them a flat line, and is left to the legend. */
const FAR = 4;

/** The greatest value that the chart must have room for. */
function topOf(shown: ChartSeries[], heights: number[][]): number {
  const greatest = (values: number[]) => values.reduce((one, value) => Math.max(one, value), 0);
  const called = heights.reduce((most, values, at) => (shown[at]?.dashed ? most : Math.max(most, greatest(values))), 0);
  return heights.reduce((most, values, at) => {
    const top = greatest(values);
    return shown[at]?.dashed && called > 0 && top > FAR * called ? most : Math.max(most, top);
  }, called);
}

/** The most lines of a table of figures. */
const FIGURES = 60;

/** The same figures as a table, for readers who cannot see the chart. Slices are joined until they fit. */
function Figures({ head, pace, series, title, unit }: Omit<ChartProps, "stack">) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const joined = Math.max(1, Math.ceil(pace.slices / FIGURES));
  const lines = Array.from({ length: Math.ceil(pace.slices / joined) }, (_, at) => at * joined);
  const mean = (values: number[], from: number) => {
    const slice = values.slice(from, from + joined);
    return slice.reduce((sum, value) => sum + value, 0) / Math.max(1, slice.length);
  };
  return (
    <details onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}>
      <summary>{t.pace.figures}</summary>
      {open && (
        <div class="scroll" tabIndex={0} role="region" aria-label={title}>
          <table class="figures">
            <caption class="hidden">{`${title} (${unit})`}</caption>
            <thead>
              <tr>
                <th scope="col">{t.pace.time}</th>
                {series.map((one) => <th scope="col" key={one.name}>{one.name}</th>)}
              </tr>
            </thead>
            <tbody>
              {lines.map((from) => (
                <tr key={from}>
                  <th scope="row">{clock(pace.start_ms + from * pace.width_ms, head.offset_minutes)}</th>
                  {series.map((one) => <td key={one.name}>{round(mean(one.values, from))}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

function Latencies({ operations }: { operations: OperationPace[] }) {
  const t = useTexts();
  const known = operations.filter((operation) => operation.latency !== null);
  if (known.length === 0) return <p class="quiet">{t.pace.noLatency}</p>;
  return (
    <div class="latencies">
      <h3>{t.pace.latency}</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.pace.latency}>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{t.pace.operation}</th>
              <th scope="col">{t.pace.callsColumn}</th>
              <th scope="col">p50</th>
              <th scope="col">p90</th>
              <th scope="col">p99</th>
              <th scope="col">{t.pace.slowest}</th>
            </tr>
          </thead>
          <tbody>
            {known.map(({ operation, latency }) => latency && (
              <tr key={operation}>
                <th scope="row"><bdi>{operation}</bdi></th>
                <td>{grouped(latency.calls)}</td>
                <td>{duration(latency.p50)}</td>
                <td>{duration(latency.p90)}</td>
                <td>{duration(latency.p99)}</td>
                <td>{duration(latency.max)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="histograms">
        {known.map((operation) => <Histogram operation={operation} at={operations.indexOf(operation)} key={operation.operation} />)}
      </div>
    </div>
  );
}

function Histogram({ operation, at }: { operation: OperationPace; at: number }) {
  const t = useTexts();
  const theme = useContext(ThemeContext);
  const [frame, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLDivElement>(null);
  const latency = operation.latency;
  useLayoutEffect(() => {
    if (!canvas.current || !latency || width === 0) return;
    return drawHistogram(canvas.current, width, latency.upto_ms, latency.counts, colour(SERIES[at % SERIES.length]!));
  }, [latency, width, theme]);
  return (
    <figure class="chart" ref={frame}>
      <figcaption class="quiet"><bdi>{t.pace.histogram(operation.operation)}</bdi></figcaption>
      <div ref={canvas} aria-hidden="true" class="canvas" />
    </figure>
  );
}

function round(value: number): string {
  return value >= 100 ? grouped(value) : String(Math.round(value * 100) / 100);
}
