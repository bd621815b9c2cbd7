/** A column that names no width of its own is at least so wide, px. */
const LEAST = 110;

interface Column {
  width?: number | string;
}

/** Lets a table scroll by itself where a narrow screen would leave no room to its columns. */
export const scrollOf = (columns: readonly Column[]): { x: number } => ({
  x: columns.reduce((sum, { width }) => sum + (typeof width === "number" ? width : LEAST), 0),
});
