import { expect, test } from "vitest";
import type { RideRequest } from "../api/types";
import type { Series } from "../series/types";
import { isSeries, toApprove } from "./toApprove";

const request = (id: string, actions: string[]) => ({ id, actions }) as RideRequest;
const series = (id: string, actions: string[]) =>
  ({ id, actions, repeats: "workdays" }) as unknown as Series;

test("requests and series stand in one list, the newest first, as far as they await this person", () => {
  const mine = toApprove(
    [request("02", ["approve"]), request("05", ["withdraw"])],
    [series("01", ["approve", "reject"]), series("04", ["approve"]), series("03", [])],
  );
  expect(mine.map((one) => [one.id, isSeries(one)])).toEqual([
    ["04", true],
    ["02", false],
    ["01", true],
  ]);
});
