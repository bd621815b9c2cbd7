import type { ReactNode } from "react";

interface Props {
  title: string;
  note?: ReactNode;
  children?: ReactNode;
}

/** A page's heading with its filters on the right. */
export function PageHead({ title, note, children }: Props) {
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        {note && <p>{note}</p>}
      </div>
      <div className="filters">{children}</div>
    </div>
  );
}
