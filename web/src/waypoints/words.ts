/** The words of waypoints, in both languages; they load with their parts. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["途经点", "Waypoints"],
  nth: ["途经点 {n}", "Waypoint {n}"],
  minutes: ["停留（分钟）", "Stay (minutes)"],
  up: ["上移途经点 {n}", "Move waypoint {n} up"],
  down: ["下移途经点 {n}", "Move waypoint {n} down"],
  remove: ["删除途经点 {n}", "Remove waypoint {n}"],
  add: ["再加一个途经点", "One more waypoint"],
  most: ["最多 {n} 个途经点", "At most {n} waypoints"],
  note: [
    "按先后顺序前往；返程不停留；有途经点的用车不能合乘",
    "In this order; the way back doesn't stop; such a ride is never shared",
  ],
  by: ["途经", "By"],
  staying: ["{name}（停 {n} 分钟）", "{name} ({n} min)"],
} as const);
