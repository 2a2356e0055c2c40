// Draws with uPlot: lines and steps over time, stacked areas, and histograms, in the colours of the page's theme.
import uPlot from "uplot";
import { clock } from "./clock";
import { duration, niceTop, short } from "./numbers";

/** The colours of series, as names of the style sheet's variables. */
export const SERIES = ["--s1", "--s2", "--s3", "--s4", "--s5", "--s6", "--s7", "--s8"];

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The distances between times below an axis, in seconds. Shorter ones would repeat the same second. */
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/** What the pointer stands on: the index of a slice, or `null` for none. */
export type OnPointer = (index: number | null) => void;

interface Line {
  name: string;
  values: (number | null)[];
  stroke: string;
  fill?: string | undefined;
  dashed?: boolean;
  stepped?: boolean;
  shown: boolean;
}

interface Drawing {
  element: HTMLElement;
  width: number;
  height: number;
  /** The values of the axis across, as seconds since 1970 where `time` is set. */
  across: number[];
  lines: Line[];
  time: boolean;
  /** The time zone's distance from UTC in minutes. */
  offsetMinutes: number;
  top: number;
  onPointer: OnPointer;
}

/** Draws lines over time and returns what removes them. */
export function drawLines(drawing: Drawing): () => void {
  const { element, width, height, across, lines, onPointer } = drawing;
  const ink = colour("--muted");
  const grid = { stroke: colour("--grid"), width: 1 };
  const axis = { stroke: ink, grid, ticks: grid, font: "12px system-ui, sans-serif" };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    padding: [12, 12, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    // The run's own local time is shown, whatever the reader's zone; so round times are those of its zone.
    tzDate: (seconds) => uPlot.tzDate(new Date((seconds + drawing.offsetMinutes * 60) * 1000), "Etc/UTC"),
    scales: { x: { time: drawing.time }, y: { range: [0, niceTop(drawing.top)] } },
    axes: [{ ...axis, space: 80, incrs: TICKS, values: (_, ticks) => timeTicks(ticks, drawing.offsetMinutes) }, { ...axis, size: 48, values: (_, ticks) => ticks.map(short) }],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: line.stroke,
        ...(line.fill === undefined ? {} : { fill: line.fill }),
        width: line.dashed ? 1.5 : 2,
        ...(line.dashed ? { dash: [6, 5] } : {}),
        ...(line.stepped && stepped ? { paths: stepped } : {}),
        points: { show: false },
        show: line.shown,
      })),
    ],
    hooks: { setCursor: [(plot) => onPointer(plot.cursor.idx ?? null)] },
  };
  const data: uPlot.AlignedData = [across, ...lines.map((line) => line.values)];
  const plot = new uPlot(options, data, element);
  return () => plot.destroy();
}

/** Draws the calls by the time they took; the classes are of equal width on the paper. */
export function drawHistogram(
  element: HTMLElement,
  width: number,
  upto: number[],
  counts: number[],
  stroke: string,
): () => void {
  const ink = colour("--muted");
  const grid = { stroke: colour("--grid"), width: 1 };
  const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 0 });
  const places = upto.map((_, at) => at);
  const options: uPlot.Options = {
    width,
    height: 130,
    legend: { show: false },
    padding: [10, 8, 0, 0],
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, upto.length - 0.4] }, y: { range: [0, niceTop(Math.max(...counts, 1))] } },
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: { show: false },
        font: "11px system-ui, sans-serif",
        splits: () => places.filter((at) => at % Math.max(1, Math.ceil(upto.length / 6)) === 0),
        values: (_, ticks) => ticks.map((at) => duration(upto[at] ?? 0)),
      },
      { stroke: ink, grid, ticks: grid, font: "11px system-ui, sans-serif", size: 44, space: 34, values: (_, ticks) => ticks.map(short) },
    ],
    series: [{}, { stroke, fill: stroke, width: 0, ...(bars ? { paths: bars } : {}), points: { show: false } }],
  };
  const plot = new uPlot(options, [places, counts], element);
  return () => plot.destroy();
}

/** Times below an axis: as short as the distance between them allows. */
function timeTicks(ticks: number[], offsetMinutes: number): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((seconds) => {
    const text = clock(seconds * 1000, offsetMinutes, true);
    if (step >= 86_400) return text.slice(0, 10);
    return step >= 60 ? text.slice(11, 16) : text.slice(11);
  });
}
