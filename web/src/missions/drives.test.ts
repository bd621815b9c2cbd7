import { expect, test } from "vitest";
import { drivesOf, refusedOf, rowAfter } from "./drives";
import { DRIVE } from "./mobilisationActs";

const instant = (wallTime: string) => `${wallTime}:00+08:00`;
const row = {
  vehicle_id: "v",
  driver_id: "d",
  passengers: 3,
  purpose_text: " 运送物资 ",
  departed_at: "2026-11-23T08:00",
  odometer_out_km: 12.3,
};

test("each row is a drive, with readings in metres and what is empty left out", () => {
  expect(drivesOf(DRIVE, [row, { ...row, vehicle_id: "w", end: "" }], instant)).toEqual([
    {
      vehicle_id: "v",
      driver_id: "d",
      passengers: 3,
      purpose_text: "运送物资",
      departed_at: "2026-11-23T08:00:00+08:00",
      odometer_out_m: 12_300,
    },
    expect.objectContaining({ vehicle_id: "w" }),
  ]);
});

test("a further row repeats why and when, and neither vehicle, driver nor reading", () => {
  const after = rowAfter(row);
  expect(after).toMatchObject({ passengers: 3, departed_at: "2026-11-23T08:00" });
  for (const name of ["vehicle_id", "driver_id", "odometer_out_km"])
    expect(after).not.toHaveProperty(name);
});

test("what was refused stays", () => {
  const rows = [row, { ...row, vehicle_id: "w" }];
  expect(refusedOf(rows, [{ index: 1 }])).toEqual([rows[1]]);
  expect(refusedOf(rows, [])).toEqual([]);
});
