// A server that answers as `runsheet ui` does, from rows in memory. Tests say what goes wrong.
import type { LiveState, Overview, RowCounts, RowLine } from "../../src/live/answers";
import { OUTCOMES } from "../../src/data/types";

export class FakeServer {
  /** The rows as they stand, and the entry of the journal in which each changed last. */
  readonly rows: { line: RowLine; entry: number }[] = [];
  entry = 1;
  version = 1;
  state = "running";
  /** Every request, as method and path. */
  readonly asked: string[] = [];
  /** Answers of this server that go wrong, by the beginning of their path; each is used once. */
  readonly faults: { path: string; answer: () => Response }[] = [];
  private session = "s1";
  private readonly streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  constructor(rows: number) {
    for (let at = 0; at < rows; at++) this.rows.push({ line: rowLine(at), entry: 0 });
  }

  /** Changes rows in one entry of the journal. */
  change(positions: number[], change: (line: RowLine) => RowLine): void {
    this.entry++;
    for (const at of positions) this.rows[at] = { line: change(this.rows[at]!.line), entry: this.entry };
  }

  /** Ends all sessions, as a restart does. */
  forget(): void {
    this.session = "none";
  }

  /** Says to all who follow how the run stands now. */
  tell(): void {
    for (const stream of this.streams) stream.enqueue(bytes(`${JSON.stringify(this.now())}\n`));
  }

  /** Breaks all streams. */
  breakStreams(): void {
    for (const stream of this.streams) stream.error(new TypeError("network error"));
    this.streams.clear();
  }

  readonly fetch = (async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = String(input);
    this.asked.push(`${init?.method ?? "GET"} ${path}`);
    const fault = this.faults.findIndex((one) => path.includes(one.path));
    if (fault >= 0) return this.faults.splice(fault, 1)[0]!.answer();
    if (path === "/session") return json({ session: this.session });
    if (new Headers(init?.headers).get("Runsheet-Session") !== this.session) return json({ error: "The page has no session." }, 401);
    const url = new URL(path, "http://fake");
    const what = url.pathname.split("/").pop();
    switch (what) {
      case "events":
        return this.events(init?.signal ?? null);
      case "overview":
        return json(this.overview());
      case "rows":
        return lines(this.rowLines(Number(url.searchParams.get("after"))));
      case "story":
        return json(storyOf(Number(url.searchParams.get("row")), this.entry));
      default:
        return json({ error: "There is nothing at this address." }, 404);
    }
  }) as typeof fetch;

  rowLines(after: number): unknown[] {
    const all = after === 0 || after > this.entry;
    const rows = this.rows.filter((row) => all || row.entry > after).map((row) => row.line);
    return [{ entry: this.entry, all, total: this.rows.length }, ...rows, { end: true }];
  }

  now(): LiveState {
    const rows = Object.fromEntries([...OUTCOMES, "total"].map((name) => [name, 0])) as RowCounts;
    rows.total = this.rows.length;
    for (const { line } of this.rows) if (!line[11]) rows[line[4]]++;
    const driven = this.state === "running";
    const progress = driven ? { in_flight: 1, stopping: false, rate: null, paused: null, waits: null } : null;
    return { state: this.state, driven, rows, progress, entry: this.entry, overview: this.version };
  }

  private overview(): Overview {
    const table = {
      total: this.rows.length, kept: this.rows.length, counts: OUTCOMES.map(() => 0), columns: ["id", "name"], key_column: 0,
      steps: [], codes: [], messages: [], story_groups: 0,
    };
    const head = { version: 1, run_id: "r", started_ms: 0, offset_minutes: 0, unmasked: false, kinds: [], chinese: {}, table };
    return {
      version: this.version, entry: this.entry, made_at: "2026-11-29T10:00:00Z", state: this.state, title: { en: "A run", zh: "运行" },
      verdict_html: "", failures_html: "", head, pace: null, kinds: [{ number: 1, rows: "k1" }, { number: 1, rows: "k2" }, { number: 2, rows: "k3" }],
    };
  }

  private events(signal: AbortSignal | null): Response {
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        mine = stream;
        this.streams.add(stream);
        stream.enqueue(bytes(`${JSON.stringify({ state: null })}\n${JSON.stringify(this.now())}\n`));
      },
    });
    signal?.addEventListener("abort", () => {
      if (this.streams.delete(mine)) mine.error(new DOMException("aborted", "AbortError"));
    });
    return new Response(body);
  }
}

export function rowLine(at: number): RowLine {
  return [at, at + 2, `key${at}`, [`key${at}`, `name ${at % 7}`], "not_started", null, null, null, null, 0, null, true];
}

export const bytes = (text: string) => new TextEncoder().encode(text);
export const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
export const lines = (values: unknown[]) => new Response(values.map((value) => `${JSON.stringify(value)}\n`).join(""));

function storyOf(number: number, entry: number): unknown {
  return { row: { number, cells: [] }, notes: [`told in entry ${entry}`] };
}
