// The URL: what is written is read again, and what is not understood does no harm.
import { expect, it } from "vitest";
import { hashOf, placeOf, START, type Place } from "../../src/data/place";

it("the start is an empty hash", () => {
  expect(hashOf(START)).toBe("");
  expect(placeOf("")).toEqual(START);
});

it("a place is read as it was written", () => {
  const place: Place = {
    filter: { outcomes: ["partial", "failed"], step: "a&b", code: "E=1", kind: 2, open: true, text: "预约 #1 & co" },
    sort: 3,
    descending: true,
    row: 17,
  };
  expect(placeOf(hashOf(place))).toEqual(place);
  expect(hashOf(place, "20261129-1")).toMatch(/^#run=20261129-1&outcome=/);
  expect(placeOf(hashOf(place, "20261129-1"))).toEqual(place);
  const ended: Place = { ...START, sort: "ended" };
  expect(placeOf(hashOf(ended))).toEqual(ended);
});

it("what is not understood is left out", () => {
  expect(placeOf("#outcome=fine,failed&kind=-3&row=x&sort=drop&q=")).toEqual({
    ...START,
    filter: { ...START.filter, outcomes: ["failed"] },
  });
  expect(placeOf("#%%%&row=1e99")).toEqual(START);
});
