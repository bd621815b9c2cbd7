import { describe, expect, test } from "vitest";
import { languageOf } from "./language";

describe("the language of a first visit", () => {
  test("is what the browser prefers, of the two that there are", () => {
    expect(languageOf(null, ["en-US", "en"])).toBe("en");
    expect(languageOf(null, ["fr-FR", "en", "zh-CN"])).toBe("en");
    expect(languageOf(null, ["zh-TW", "en"])).toBe("zh-CN");
  });

  test("is Chinese where the browser prefers neither", () => {
    expect(languageOf(null, ["de", "ens"])).toBe("zh-CN");
    expect(languageOf(null, [])).toBe("zh-CN");
  });
});

test("what was chosen counts more than what the browser prefers", () => {
  expect(languageOf("zh-CN", ["en-GB"])).toBe("zh-CN");
  expect(languageOf("en", ["zh-CN"])).toBe("en");
});
