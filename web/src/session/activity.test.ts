import { expect, test } from "vitest";
import { isAttended, watchInput } from "./activity";

test("a page counts as attended for a minute after the last input, and always while nobody watches", () => {
  expect(isAttended(10_000_000)).toBe(true);
  const page = new EventTarget();
  let now = 1_000_000;
  watchInput(page, () => now);
  expect(isAttended(1_059_999)).toBe(true);
  expect(isAttended(1_060_000)).toBe(false);
  now = 2_000_000;
  page.dispatchEvent(new Event("keydown"));
  expect(isAttended(2_059_999)).toBe(true);
  expect(isAttended(2_060_000)).toBe(false);
});
