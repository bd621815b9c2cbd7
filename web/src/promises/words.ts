/** The words of what a waiting request is promised, in both languages; they load with the part. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["预留", "Promise"],
  held: ["已预留 {name} 的车辆一辆：{type}", "A vehicle of {name} is promised: {type}"],
  refused: [
    "审批通过时未能自动预留车辆",
    "No vehicle could be promised by itself when it was approved",
  ],
  none: ["未预留车辆，派车时再选", "No vehicle is promised yet; one is chosen at assignment"],
  "type.any": ["不限车型", "any type"],
  category: ["用途类别", "Category"],
  energy: ["能源", "Energy"],
  unsaid: ["{kind}：不限", "{kind}: any"],
  promise: ["预留车辆", "Promise a vehicle"],
  release: ["取消预留", "Take the promise back"],
  full: ["该时段没有可预留的车辆，可以：", "No vehicle can be promised in this period. Instead:"],
  "full.none": [
    "该时段没有可预留的车辆，前后时间和其他机构也没有",
    "No vehicle can be promised: neither at other times nor of other organisations",
  ],
  time: ["改到 {period} 并预留", "Move it to {period} and promise"],
  pool: ["预留 {name} 的车辆（不限车型）", "Promise a vehicle of {name} (any type)"],
  rental: ["预留租赁车辆（{name}）", "Promise a rental vehicle ({name})"],
  share: [
    "与 {period} {origin} → {destination} 合乘（{n} 人）",
    "Share with {period} {origin} → {destination} ({n} people)",
  ],
  "share.agree": [
    "{share}，须本申请乘车人同意合乘",
    "{share}; its passengers must agree to share first",
  ],
} as const);

export type Say = ReturnType<typeof useWords>;
