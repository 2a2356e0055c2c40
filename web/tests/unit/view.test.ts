// The small decisions of the view: languages, charts, texts of vendors.
import { expect, it } from "vitest";
import { firstLanguage, grouped } from "../../src/text/language";
import { printable, valueText } from "../../src/text/printable";
import { EN, ZH } from "../../src/text/texts";
import { duration, niceTop, stacked } from "../../src/view/numbers";
import { windowOf } from "../../src/view/virtual";

it("the reader's choice wins over the report's, and that over the browser's", () => {
  expect(firstLanguage("zh", "en", "en-US")).toBe("zh");
  expect(firstLanguage(null, "en", "zh-CN")).toBe("en");
  expect(firstLanguage("fr", "", "zh-TW")).toBe("zh");
  expect(firstLanguage(null, "", "de")).toBe("en");
});

it("both languages have the same texts", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shape(part)]).sort())
      : typeof value;
  expect(shape(ZH)).toEqual(shape(EN));
});

it("numbers are grouped", () => {
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

it("what cannot be seen is shown by name", () => {
  expect(printable("a\u001b[31mb\u202e\u200bc\n预约")).toBe("a␛[31mb[U+202E][U+200B]c\n预约");
  expect(valueText({ a: 1 })).toBe('{"a":1}');
  expect(valueText("::error::x")).toBe("::error::x");
});

it("areas lie on each other", () => {
  expect(stacked([[1, 2], [3, 0], [0, 5]])).toEqual([[1, 2], [4, 2], [4, 7]]);
});

it("the axis ends above the greatest value", () => {
  for (const value of [0.01, 0.5, 1, 9.7, 20, 99, 12345]) {
    expect(niceTop(value)).toBeGreaterThan(value);
    expect(niceTop(value)).toBeLessThan(value * 2.2);
  }
  expect(niceTop(0)).toBe(1);
});

it("durations are short", () => {
  expect([3, 1500, 90_000, 7_200_000].map(duration)).toEqual(["3 ms", "1.5 s", "1.5 min", "2 h"]);
});

it("a window holds what is in sight, and a little beyond", () => {
  expect(windowOf(0, 360, 100_000, 36)).toEqual([0, 20]);
  expect(windowOf(36_000, 360, 100_000, 36)).toEqual([990, 1020]);
  expect(windowOf(3_599_640, 360, 100_000, 36)).toEqual([99_980, 100_000]);
  expect(windowOf(0, 360, 3, 36)).toEqual([0, 3]);
  expect(windowOf(5000, 360, 0, 36)).toEqual([0, 0]);
});
