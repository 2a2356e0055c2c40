// The live source over a server in memory: what it asks for and when, and what it keeps of answers that go wrong.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { NO_FILTER } from "../../src/data/filter";
import type { RowLine } from "../../src/live/answers";
import type { Clock } from "../../src/live/follow";
import { LiveSource } from "../../src/live/live_source";
import { AnswerError, CutAnswer, Server } from "../../src/live/server";
import { FakeServer, json, lines } from "./fake_server";

/** A clock that goes on only when a test says so. */
class TestClock implements Clock {
  private time = 0;
  private sleepers: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const sleeper = { until: this.time + ms, wake: done };
      this.sleepers.push(sleeper);
      const end = () => {
        this.sleepers = this.sleepers.filter((one) => one !== sleeper);
        done();
      };
      if (signal.aborted) end();
      signal.addEventListener("abort", end);
    });
  }

  /** Lets time pass without anything that happens in it. */
  spend(ms: number): void {
    this.time += ms;
  }

  async pass(ms: number): Promise<void> {
    await settled();
    this.time += ms;
    const due = this.sleepers.filter((one) => one.until <= this.time);
    this.sleepers = this.sleepers.filter((one) => one.until > this.time);
    due.forEach((one) => one.wake());
    await settled();
  }
}

/** Lets everything happen that does not wait for the clock. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((done) => setImmediate(done));
}

const failed = (line: RowLine): RowLine => {
  const next = [...line] as RowLine;
  [next[4], next[5], next[6], next[7], next[8], next[9], next[10], next[11]] = ["failed", "send", "E1", "no", "k1", 1, 5, false];
  return next;
};

const asked = (fake: FakeServer, what: string) => fake.asked.filter((path) => path.includes(what)).length;

async function started(rows = 10) {
  const [fake, clock] = [new FakeServer(rows), new TestClock()];
  const server = new Server(fake.fetch);
  await server.open("token");
  const source = new LiveSource(server, "r", clock);
  source.start();
  await settled();
  return { fake, clock, server, source };
}

const outcomes = (source: LiveSource) => {
  const { table } = source.data;
  return table ? Array.from({ length: table.length }, (_, row) => table.outcome(row)) : [];
};

describe("the live source", () => {
  beforeEach(() => {
    vi.stubGlobal("document", { hidden: false });
  });

  it("reads all rows, then only those that changed, and not more often than every two seconds", async () => {
    const { fake, clock, source } = await started();
    expect(source.data.table?.length).toBe(10);
    expect(source.data.head?.table.columns).toEqual(["id", "name"]);
    const table = source.data.table;
    fake.change([3, 4], failed);
    fake.tell();
    await settled();
    // The first answer took no time; the next one is due two seconds after it.
    expect(asked(fake, "rows?")).toBe(1);
    await clock.pass(1_999);
    fake.change([5], failed);
    fake.tell();
    await settled();
    expect(asked(fake, "rows?")).toBe(1);
    await clock.pass(1);
    expect(fake.asked.at(-1)).toBe("GET /api/runs/r/rows?after=1");
    expect(outcomes(source).filter((outcome) => outcome === "failed")).toHaveLength(3);
    expect(source.data.table).toBe(table);
    expect(source.view.rows?.entry).toBe(3);
    // Kinds have the numbers that the overview gives them.
    expect(table?.kind(3)).toBe(1);
    expect(Array.from(table?.select({ ...NO_FILTER, kind: 1 }) ?? [])).toEqual([3, 4, 5]);
    await clock.pass(60_000);
    expect(asked(fake, "rows?")).toBe(2);
  });

  it("asks again two seconds after an answer, however long it took: the server sees to what it costs", async () => {
    const { fake, clock } = await started();
    await clock.pass(2_000);
    fake.faults.push({ path: "rows?", answer: () => {
      clock.spend(30_000);
      return lines(fake.rowLines(1));
    } });
    fake.change([1], failed);
    fake.tell();
    await settled();
    expect(asked(fake, "rows?")).toBe(2);
    fake.change([2], failed);
    fake.tell();
    await clock.pass(1_999);
    expect(asked(fake, "rows?")).toBe(2);
    await clock.pass(1);
    expect(asked(fake, "rows?")).toBe(3);
  });

  it("shows the rows that came after two seconds, and again after two, and says how many", async () => {
    const [fake, clock] = [new FakeServer(8_000), new TestClock()];
    const server = new Server(fake.fetch);
    await server.open("token");
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
    const all = fake.rowLines(0).map((line) => new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    const send = async (from: number, to: number) => {
      all.slice(from, to).forEach((line) => stream?.enqueue(line));
      await settled();
    };
    fake.faults.push({ path: "rows?", answer: () => new Response(new ReadableStream({ start: (mine) => { stream = mine; } })) });
    const source = new LiveSource(server, "r", clock);
    source.start();
    await settled();
    expect(source.data.head?.run_id).toBe("r");
    await send(0, 2_001);
    expect([source.data.table, source.view.reading]).toEqual([undefined, null]);
    clock.spend(2_000);
    await send(2_001, 4_001);
    expect([source.data.table?.length, source.view.reading]).toEqual([4_000, { read: 4_000, total: 8_000 }]);
    expect(source.view.rows).toBe(null);
    await send(4_001, 6_001);
    expect(source.view.reading?.read).toBe(4_000);
    clock.spend(2_000);
    await send(6_001, 8_001);
    expect(source.view.reading?.read).toBe(8_000);
    await send(8_001, 8_002);
    stream?.close();
    await settled();
    expect([source.view.reading, source.view.rows?.entry, source.data.table?.length]).toEqual([null, 1, 8_000]);
    // Changes of a table that is whole wait until all of them are there.
    expect(asked(fake, "rows?")).toBe(1);
  });

  it("keeps nothing of an answer that is cut, and asks for the same again", async () => {
    const { fake, clock, source } = await started();
    await clock.pass(2_000);
    fake.change([1, 2], failed);
    fake.faults.push({ path: "rows?", answer: () => lines(fake.rowLines(1).slice(0, -1)) });
    fake.tell();
    await settled();
    expect(source.view.problem).toBeInstanceOf(CutAnswer);
    expect(outcomes(source)).not.toContain("failed");
    await clock.pass(2_000);
    expect(fake.asked.slice(-2)).toEqual(["GET /api/runs/r/rows?after=1", "GET /api/runs/r/rows?after=1"]);
    expect(outcomes(source).slice(1, 3)).toEqual(["failed", "failed"]);
    expect(source.view.problem).toBe(null);
  });

  it("takes a new table when the server no longer knows the entry", async () => {
    const { fake, clock, source } = await started();
    await clock.pass(2_000);
    const before = source.data.table;
    fake.faults.push({ path: "rows?", answer: () => lines(fake.rowLines(0)) });
    fake.change([1], failed);
    fake.tell();
    await settled();
    expect(source.data.table).not.toBe(before);
    expect(source.data.table?.length).toBe(10);
  });

  it("waits when the server is busy, and says so", async () => {
    const [fake, clock] = [new FakeServer(3), new TestClock()];
    const server = new Server(fake.fetch);
    await server.open("token");
    fake.faults.push({ path: "overview", answer: () => json({ error: "Too much is asked at once." }, 503) });
    const source = new LiveSource(server, "r", clock);
    source.start();
    await settled();
    expect(source.data.head).toBe(undefined);
    await clock.pass(2_000);
    expect(source.data.head?.run_id).toBe("r");
    expect(source.data.table?.length).toBe(3);
    expect(source.view.problem).toBe(null);
  });

  it("opens a broken stream again, and tells of it until it is there", async () => {
    const { fake, clock, source } = await started();
    fake.breakStreams();
    await settled();
    expect(source.view.problem).toBeInstanceOf(CutAnswer);
    fake.change([0], failed);
    fake.faults.push({ path: "events", answer: () => { throw new TypeError("refused"); } });
    await clock.pass(2_000);
    expect(source.view.problem).toMatchObject({ status: 0 });
    await clock.pass(2_000);
    expect(source.view.problem).toBe(null);
    expect(outcomes(source)[0]).toBe("failed");
  });

  it("takes a stream that is silent for too long for a broken one", async () => {
    const { fake, clock } = await started();
    await clock.pass(25_000);
    await clock.pass(2_000);
    expect(asked(fake, "events")).toBe(2);
  });

  it("ends with the session, in the middle of a stream", async () => {
    const { fake, clock, server, source } = await started();
    const lost: string[] = [];
    server.onLost = (message) => lost.push(message);
    fake.forget();
    fake.breakStreams();
    await clock.pass(2_000);
    expect(lost).toEqual(["The page has no session."]);
    const before = fake.asked.length;
    await clock.pass(60_000);
    expect(fake.asked.length).toBe(before);
    expect(source.view.problem).toMatchObject({ status: 401 });
  });

  it("asks at once when the run came to its end, and for the overview when there is a newer one", async () => {
    const { fake, source } = await started();
    fake.change([0, 1, 2], failed);
    fake.state = "stopped";
    fake.version = 2;
    fake.tell();
    await settled();
    expect([asked(fake, "rows?"), asked(fake, "overview")]).toEqual([2, 2]);
    expect(source.view.overview?.state).toBe("stopped");
    expect(outcomes(source).slice(0, 3)).toEqual(["failed", "failed", "failed"]);
  });

  it("asks for nothing while nobody looks, and catches up", async () => {
    const { fake, clock, source } = await started();
    await clock.pass(2_000);
    vi.stubGlobal("document", { hidden: true });
    fake.change([0], failed);
    fake.tell();
    await clock.pass(10_000);
    expect(asked(fake, "rows?")).toBe(1);
    vi.stubGlobal("document", { hidden: false });
    source.catchUp();
    await settled();
    expect(outcomes(source)[0]).toBe("failed");
  });

  it("asks for nothing any more when it was stopped", async () => {
    const { fake, clock, source } = await started();
    source.stop();
    const before = fake.asked.length;
    fake.change([0], failed);
    fake.tell();
    await clock.pass(60_000);
    expect(fake.asked.length).toBe(before);
    expect(source.view.problem).toBe(null);
  });

  it("keeps a story until its row changes, and the last fifty", async () => {
    const { fake, clock, source } = await started(60);
    const notes = async (row: number) => (await source.story(row))?.notes[0];
    expect(await notes(3)).toBe("told in entry 1");
    await clock.pass(2_000);
    fake.change([4], failed);
    fake.tell();
    await settled();
    expect(await notes(3)).toBe("told in entry 1");
    expect(asked(fake, "story?")).toBe(1);
    fake.change([3], failed);
    fake.tell();
    await clock.pass(2_000);
    expect(await notes(3)).toBe("told in entry 3");
    for (let row = 4; row < 54; row++) await source.story(row);
    const before = asked(fake, "story?");
    await source.story(53);
    expect(asked(fake, "story?")).toBe(before);
    await source.story(3);
    expect(asked(fake, "story?")).toBe(before + 1);
  });

  it("has no story where there is none, and asks again after an error", async () => {
    const { fake, source } = await started();
    fake.faults.push({ path: "story?", answer: () => json({ error: "There is no such row." }, 404) });
    expect(await source.story(1)).toBe(null);
    fake.faults.push({ path: "story?", answer: () => json({ error: "Busy." }, 503) });
    await expect(source.story(2)).rejects.toBeInstanceOf(AnswerError);
    expect((await source.story(2))?.row.number).toBe(4);
  });
});
