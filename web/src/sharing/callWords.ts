/** The words of where a shared vehicle calls, in both languages; they load with the list. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["停靠顺序", "Calls"],
  on: ["{who}等 {n} 人上车", "{who} gets on ({n})"],
  off: ["{who}等 {n} 人下车", "{who} gets off ({n})"],
  "on.one": ["{who}上车", "{who} gets on"],
  "off.one": ["{who}下车", "{who} gets off"],
} as const);
