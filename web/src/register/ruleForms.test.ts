import { expect, test } from "vitest";
import { amountOf } from "./ruleForms";
import type { Say } from "./words";

const say: Say = (word, values) => `${word} ${JSON.stringify(values)}`;

test("seconds are told as hours or minutes where they are whole", () => {
  expect(amountOf(28_800, "s", say)).toBe("8 h");
  expect(amountOf(5_400, "s", say)).toBe("1.5 h");
  expect(amountOf(900, "s", say)).toBe("15 min");
  expect(amountOf(0, "s", say)).toBe("0 min");
  expect(amountOf(90, "s", say)).toBe("90 s");
});

test("other units stand as they are, and years by their name", () => {
  expect(amountOf(80, "%", say)).toBe("80 %");
  expect(amountOf(3, "", say)).toBe("3");
  expect(amountOf(8, "a", say)).toBe('rules.years {"n":8}');
});
