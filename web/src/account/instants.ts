/** An instant as people in Shanghai write it, to the minute. */
export const instantText = (instant: string): string =>
  new Date(instant).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
