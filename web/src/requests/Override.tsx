import { Button, Input } from "antd";
import { useState } from "react";
import type { Key } from "../i18n/console/words";
import { useT } from "../i18n/console/words";

const USUAL: Key[] = [
  "queue.override.passenger",
  "queue.override.vehicle",
  "queue.override.driver",
];

interface Props {
  /** What the reason is for. */
  label: string;
  pending: boolean;
  onAssign: (reason: string) => void;
  onClose: () => void;
}

/** Asks why another vehicle than the first is assigned; the slip and the journal keep it. */
export function Override({ label, pending, onAssign, onClose }: Props) {
  const t = useT();
  const [reason, setReason] = useState("");
  const given = reason.trim();
  return (
    <form
      className="override"
      onSubmit={(event) => {
        event.preventDefault();
        if (given) onAssign(given);
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <Input
        autoFocus
        value={reason}
        maxLength={500}
        aria-label={label}
        placeholder={`${label}（${t("queue.override.hint")}）`}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="primary" htmlType="submit" disabled={!given} loading={pending}>
        {t("queue.assign")} <kbd>Enter</kbd>
      </Button>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <div className="usual">
        {USUAL.map((key) => (
          <button key={key} type="button" onClick={() => setReason(t(key))}>
            {t(key)}
          </button>
        ))}
      </div>
    </form>
  );
}
