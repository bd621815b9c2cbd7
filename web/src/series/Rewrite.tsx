import { useState } from "react";
import { Failure } from "../phone/Failure";
import { returningOf } from "./returning";
import SeriesFields from "./SeriesFields";
import type { Series } from "./types";
import { useRewriting } from "./useSeriesAct";
import { useWords } from "./words";

/** Other days or hours for a series that isn't approved yet; it is submitted again. */
export function Rewrite({ series }: { series: Series }) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  const [returning, setReturning] = useState(returningOf(series));
  const rewrite = useRewriting(series);
  if (!open)
    return (
      <button type="button" className="second" onClick={() => setOpen(true)}>
        {say("rewrite")}
      </button>
    );
  return (
    <form
      className="book"
      onSubmit={(event) => {
        event.preventDefault();
        rewrite.mutate(returning, { onSuccess: () => setOpen(false) });
      }}
    >
      <SeriesFields value={returning} onChange={setReturning} />
      <Failure error={rewrite.error} />
      <button type="submit" className="main" disabled={rewrite.isPending}>
        {say("resubmit")}
      </button>
    </form>
  );
}
