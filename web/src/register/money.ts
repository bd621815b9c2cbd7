/** Fen as yuan with separators, `180,000.00`; unknown is a dash. */
export const yuanOf = (fen: number | null | undefined): string =>
  fen === null || fen === undefined
    ? "—"
    : (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
