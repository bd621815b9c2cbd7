/** The words of the board, in both languages; they load with the page. */
import { type Say as SayOf, sayingOf } from "../i18n/chunkWords";

const WORDS = {
  heading: ["看板", "Board"],
  note: [
    "北京时间。选中任务后按 Enter 改派：↑↓ 选车辆，Enter 确认，Esc 放弃；也可拖动。",
    "Beijing time. Enter on a bar moves it: ↑↓ choose the vehicle, Enter confirms, Esc gives up; or drag it.",
  ],
  day: ["日期", "Day"],
  days: ["范围", "Range"],
  "days.1": ["一天", "One day"],
  "days.7": ["七天", "Seven days"],
  today: ["今天", "Today"],
  grid: ["车辆与时间", "Vehicles and time"],
  vehicle: ["车辆", "Vehicle"],
  time: ["时间", "Time"],
  now: ["现在 {time}", "Now {time}"],
  none: ["没有车辆", "No vehicles"],
  unbound: ["已承诺、未定车（{n}）", "Promised, no plate yet ({n})"],
  "unbound.any": ["不限车型", "Any type"],
  mission: ["保障任务", "Mission"],
  busy: ["已占用", "Busy"],
  service: ["车务派车", "Service order"],
  "outage.maintenance": ["维修保养", "Maintenance"],
  "outage.defect": ["故障停用", "Defect"],
  sealed: ["封存", "Sealed"],
  driven: ["已行驶", "Driven"],
  move: ["改派", "Reassign"],
  "move.from": ["{plate}：{what}", "{plate}: {what}"],
  "move.to": ["改派给", "To vehicle"],
  "move.choose": ["用 ↑↓ 或在此选择另一辆车", "Choose another vehicle with ↑↓ or here"],
  "move.asking": ["正在核对……", "Checking…"],
  "move.free": ["没有冲突，可以改派", "Nothing speaks against it"],
  "move.against": ["可以改派，但须写明理由：", "Possible with a reason, although:"],
  "move.refused": ["不能改派：", "Not possible:"],
  "move.overlaps": ["与 {period} 的任务重叠", "Overlaps an order, {period}"],
  "move.instead": ["该时段空闲的车辆：", "Free in that period:"],
  "move.reason": ["改派理由", "Reason for reassigning"],
  "move.do": ["改派", "Reassign"],
  "move.anyway": ["仍要改派", "Reassign all the same"],
  "move.done": ["已改派给 {plate}", "Reassigned to {plate}"],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type Word = keyof typeof WORDS;
export type Say = SayOf<typeof WORDS>;

/** The board's own label in the page's language. */
export const useWords = sayingOf(WORDS);
