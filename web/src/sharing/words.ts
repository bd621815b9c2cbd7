/** The words of sharing on the phone, in both languages; they load with its parts. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["合乘", "Sharing"],
  agree: ["同意与他人合乘", "I agree to share"],
  limit: ["我最多接受的绕行", "The longest detour that I accept"],
  percent: ["占直达时间的百分比", "Per cent of the direct time"],
  minutes: ["分钟", "Minutes"],
  both: [
    "两项都填时取较短的；不填按本单位规定",
    "Of the two the shorter holds; without, your unit's rule",
  ],
  save: ["保存合乘意愿", "Save"],
  own: ["您的行程", "Your part"],
  out: ["去程", "Out:"],
  back: ["返程", "Back:"],
  leg: [
    "{start} 上车，{end} 下车，绕行 {detour} 分钟（不超过 {most} 分钟）",
    "on at {start}, off at {end}, detour {detour} min (at most {most})",
  ],
  left: [
    "不再同意，或限度缩短到做不到时，将退出合乘并重新派车",
    "Agreeing no longer, or to less than can be kept, lets you off to be assigned anew",
  ],
} as const);
