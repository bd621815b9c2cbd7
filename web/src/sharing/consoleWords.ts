/** The words of sharing on the console, in both languages; they load with its parts. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["可以合乘的派车任务", "Orders that could take it along"],
  none: ["前后没有能带上这项申请的派车任务", "No order around this time could take it along"],
  more: ["前后的派车任务太多，只核对了一部分", "More orders around this time than were looked at"],
  added: ["多行驶 {minutes} 分钟", "{minutes} min longer"],
  seats: ["还余 {n} 座", "{n} seats left"],
  part: [
    "{start} 上车，{end} 下车，绕行 {detour} 分钟（不超过 {most} 分钟）",
    "on {start}, off {end}, detour {detour} min (at most {most})",
  ],
  joining: ["本申请", "This request"],
  aboard: ["已在车上 {n} 人", "Aboard already, {n}"],
  join: ["加入", "Join"],
  "join.label": ["加入 {plate}", "Join {plate}"],
  reason: ["合乘的理由", "Why they share"],
  joined: ["已加入 {plate} 的派车任务", "Joined the order of {plate}"],
  open: ["查看派车任务", "Open the order"],
  leftOut: ["不能加入的派车任务（{n}）", "Orders that can't take it along ({n})"],
  leave: ["退出合乘", "Let off"],
} as const);
