/** The words of the phone's lists, in both languages; they load with their pages. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  more: ["更多", "More"],
  noRequests: ["还没有用车申请", "No requests yet"],
  noApprovals: ["没有等待您审批的申请", "No request awaits your approval"],
  "reason.vague": ["事由不够具体", "The purpose is not specific enough"],
  "reason.time": ["时间需要调整", "The time needs changing"],
  "reason.transport": ["可乘坐公共交通", "Public transport will do"],
} as const);
