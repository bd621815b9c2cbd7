/** A column that names no width of its own is at least so wide, px. */
const LEAST = 110;

interface Column {
  width?: number | string;
}

/** How wide a table is at least, px: below that a narrow screen leaves no room to its columns. */
export const leastOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, { width }) => sum + (typeof width === "number" ? width : LEAST), 0);
