import { describe, expect, it } from "vitest";
import { Problem } from "./client";
import { known } from "./known";

const failed = (status: number) => ({ data: ["a ride"], error: new Problem(status, "", "") });

describe("what is still shown when reading again fails", () => {
  it("is all that was read before", () => {
    for (const status of [0, 429, 500, 503]) expect(known(failed(status))).toEqual(["a ride"]);
    expect(known({ data: ["a ride"], error: new Error("odd") })).toEqual(["a ride"]);
  });

  it("is nothing once the server refuses it to this person", () => {
    for (const status of [401, 403, 404]) expect(known(failed(status))).toBeUndefined();
  });

  it("is never replaced by the notice of the failure", () => {
    const pages = import.meta.glob<string>("../**/*.tsx", {
      query: "?raw",
      import: "default",
      eager: true,
    });
    const hiding = Object.entries(pages)
      .filter(([, text]) => /if \((\w+\.)?error\) return </.test(text))
      .map(([path]) => path);
    expect(Object.keys(pages).length).toBeGreaterThan(50);
    // A first step that can't be read has nothing to keep.
    expect(hiding).toEqual(["../session/ChallengeForm.tsx"]);
  });
});
