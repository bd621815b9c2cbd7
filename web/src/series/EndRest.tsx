import { useState } from "react";
import { useT } from "../i18n/language";
import { Failure } from "../phone/Failure";
import type { Series } from "./types";
import { useSeriesAct } from "./useSeriesAct";
import { useWords } from "./words";

/** Calls off all rides of a series that have not begun, for a reason. */
export function EndRest({ series }: { series: Series }) {
  const t = useT();
  const say = useWords();
  const act = useSeriesAct();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  if (!open)
    return (
      <button type="button" className="second" onClick={() => setOpen(true)}>
        {say("end")}
      </button>
    );
  return (
    <form
      className="card-body"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate({ series, action: "end", reason: reason.trim() });
      }}
    >
      <p className="note">{say("end.note")}</p>
      <label className="field">
        {say("end.reason")}
        <input
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this form
          autoFocus
          required
          pattern=".*\S.*"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <Failure error={act.error} />
      <div className="card-acts">
        <button type="submit" className="second" disabled={act.isPending}>
          {say("end")}
        </button>
        <button type="button" className="second" onClick={() => setOpen(false)}>
          {t("common.cancel")}
        </button>
      </div>
    </form>
  );
}
