// What the live page says and where it leads: waits in words, the list read page by page, places, links.
import { describe, expect, it } from "vitest";
import type { ListedRun, RunList, Wait } from "../../src/live/answers";
import { ALL_RUNS, listFilterOf, paramsOf, runIn, tokenIn } from "../../src/live/live_place";
import { withNewest, withOlder } from "../../src/live/runs_list";
import { AnswerError, CutAnswer } from "../../src/live/server";
import { told } from "../../src/live/told";
import { waitWords } from "../../src/live/wait_words";
import { LIVE_TEXTS } from "../../src/text/live_texts";

describe("what a run waits for", () => {
  const now = Date.parse("2026-11-29T06:00:00Z");
  const moment = { now, offsetMinutes: 480 };
  const soon = "2026-11-29T06:00:03.5Z";
  const late = "2026-11-29T07:00:00.123456Z";
  const words = (wait: Wait, language: "en" | "zh" = "en") => waitWords(wait, LIVE_TEXTS[language].wait, moment);

  it("is said in words, in both languages", () => {
    const waits: [Wait, string][] = [
      [{ what: "window", until: late, wall: "Mon 2026-11-23 09:00 Asia/Shanghai" }, "Waits for the send window, which opens at Mon 2026-11-23 09:00 Asia/Shanghai"],
      [{ what: "login", connection: "crm", host: null, since: soon, failures: 0, trouble: null, again_at: null }, "Waits for the login at crm"],
      [{ what: "login", connection: "crm", host: "open.example", since: null, failures: 2, trouble: { network: "DNS" }, again_at: soon }, "Cannot log in at open.example (DNS); tries again in 4 s"],
      [{ what: "unreachable", connection: "crm", host: "open.example", why: "refused", until: late }, "Cannot reach open.example (refused); tries again at 15:00:00"],
      [{ what: "retry_after", operation: "crm.send", until: late }, "crm.send: the vendor asked to wait (Retry-After) until 15:00:00"],
      [{ what: "retry_after", operation: null, until: late }, "the vendor asked to wait (Retry-After) until 15:00:00"],
      [{ what: "throttled", operation: "crm.send", until: soon }, "crm.send is throttled; it goes on in 4 s"],
      [{ what: "back_off", rows: 1, until: soon }, "1 row waits to be sent again, the next in 4 s"],
      [{ what: "lookup_delay", rows: 1200, until: late }, "1,200 calls wait for a reliable lookup, the next at 15:00:00"],
      [{ what: "looks_up", calls: 3 }, "Looks up 3 calls"],
      [{ what: "until", rows: 2, until: soon }, "2 rows wait for `until`, the next read in 4 s"],
      [{ what: "answers", calls: 4, since: "2026-11-29T05:59:50Z" }, "Waits for 4 answers, the first for 10 s"],
    ];
    for (const [wait, text] of waits) {
      expect(words(wait)).toBe(text);
      expect(words(wait, "zh")).toMatch(/[一-鿿]/);
      expect(words(wait, "zh")).not.toMatch(/undefined|NaN/);
    }
  });

  it("is not said of answers that come soon, and a wait that is not known is named", () => {
    expect(words({ what: "answers", calls: 4, since: "2026-11-29T05:59:58Z" })).toBe(null);
    expect(words({ what: "moon" })).toBe("moon");
    expect(words({ what: "unreachable", connection: "x", why: "\u202ebad", until: "2026-11-29T05:00:00Z" })).toBe("Cannot reach x ([U+202E]bad); tries again in 0 s");
  });
});

describe("the list", () => {
  const run = (id: number, state = "succeeded") => ({ run_id: `2026-${String(id).padStart(4, "0")}`, state }) as ListedRun;
  const list = (from: number, to: number, more: boolean): RunList => ({
    runs: Array.from({ length: from - to + 1 }, (_, at) => run(from - at)), unreadable: [], states: [], more,
  });
  const ids = (known: RunList) => known.runs.map((one) => Number(one.run_id.slice(5)));

  it("keeps the older runs when the newest are read again", () => {
    const known = withOlder(list(300, 201, true), list(200, 101, true));
    expect(ids(known)).toEqual(ids(list(300, 101, true)));
    // Two runs began since, so the newest page ends two runs earlier.
    const next = withNewest(known, list(302, 203, true));
    expect(ids(next)).toEqual(ids(list(302, 101, true)));
    expect(next.more).toBe(true);
  });

  it("forgets runs that are gone from the newest page, and all older ones if there are none", () => {
    const known = list(10, 1, false);
    const without = list(10, 5, true);
    without.runs.splice(2, 1);
    expect(ids(withNewest(known, without))).toEqual([10, 9, 7, 6, 5, 4, 3, 2, 1]);
    expect(withNewest(known, without).more).toBe(false);
    expect(ids(withNewest(known, list(10, 5, false)))).toEqual([10, 9, 8, 7, 6, 5]);
    expect(ids(withNewest(null, list(3, 1, true)))).toEqual([3, 2, 1]);
    expect(withNewest(null, list(3, 1, true)).more).toBe(true);
  });

  it("takes no run twice", () => {
    expect(ids(withOlder(list(10, 5, true), list(6, 1, false)))).toEqual(ids(list(10, 1, false)));
  });
});

describe("places", () => {
  it("a run is an id and nothing else", () => {
    expect(runIn("#run=20261129-093631-332144&row=3")).toBe("20261129-093631-332144");
    for (const hash of ["", "#", "#row=3", "#run=", "#run=../x", "#run=a%2Fb", `#run=${"a".repeat(65)}`]) expect(runIn(hash)).toBe("");
  });

  it("the filter of the list is read as it was written", () => {
    const filter = { playbook: "预约 & co", environment: "prod", state: "broken off", outcome: "failed" };
    expect(listFilterOf(`#${paramsOf(filter)}`)).toEqual(filter);
    expect(paramsOf(ALL_RUNS).toString()).toBe("");
    expect(listFilterOf("#other=1&state=")).toEqual(ALL_RUNS);
  });

  it("a token is found in a link, and taken as it is without one", () => {
    expect(tokenIn(" http://127.0.0.1:4/#token=abc \n")).toBe("abc");
    expect(tokenIn("abc")).toBe("abc");
  });
});

it("errors are told in words, with what cannot be seen made visible", () => {
  expect(told(new AnswerError(409, "not\u202e under way"), LIVE_TEXTS.en)).toBe("not[U+202E] under way");
  expect(told(new AnswerError(0, ""), LIVE_TEXTS.zh)).toBe(LIVE_TEXTS.zh.noAnswer);
  expect(told(new CutAnswer(), LIVE_TEXTS.en)).toBe(LIVE_TEXTS.en.cut);
});
