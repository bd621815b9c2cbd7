import type { ReactNode } from "react";

interface Props {
  /** What it holds, said when the keyboard reaches it. */
  label: string;
  /** No narrower than this, px: the rest is scrolled to. */
  least?: number;
  className?: string;
  children: ReactNode;
}

/** What is wider than the screen scrolls by itself, also for who has a keyboard alone. */
export function Sideways({ label, least, className = "", children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section className={`sideways ${className}`} tabIndex={0} aria-label={label}>
      <div style={{ minWidth: least }}>{children}</div>
    </section>
  );
}
