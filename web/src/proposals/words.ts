/** The words of what a driver is asked; they load with it. */
import { sayingOf } from "../i18n/chunkWords";

export const useWords = sayingOf({
  heading: ["变更征询", "May your order change?"],
  yours: ["您已接受的任务：{ride}", "Your order: {ride}"],
  instead: [
    "改为 {time} 接“{place}”，路上约 {minutes} 分钟",
    "Instead: {time} at {place}, about {minutes} min to drive",
  ],
  nothing: ["改由他人执行，您不再出这趟车", "Another driver takes it; you have no ride instead"],
  until: ["{time} 前答复有效；不答复则不变", "Answer by {time}; without one nothing changes"],
  agree: ["同意变更", "Agree"],
  decline: ["不同意", "Keep my order"],
  agreed: ["您已同意，等其他驾驶员答复", "You agreed; another driver is asked too"],
  over: ["征询已结束，任务未变", "This question is over; nothing has changed"],
} as const);
