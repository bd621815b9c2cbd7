import { Alert, Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { beside } from "../i18n/console/phrases";
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
  /** What speaks against the choice, where anything does: whoever goes on has read it. */
  against?: string | undefined;
  /** Whether that is why it was refused; else it is only known beforehand. */
  refused?: boolean;
  /** What else must be chosen, and whether it is. */
  children?: ReactNode;
  complete?: boolean;
  pending: boolean;
  onAssign: (reason: string) => void;
  onClose: () => void;
}

/** Asks why this vehicle is assigned all the same; the slip and the journal keep it. */
export function Override(props: Props) {
  const { label, against, children, complete = true, pending, onAssign, onClose } = props;
  const { refused = against !== undefined } = props;
  const t = useT();
  const [reason, setReason] = useState("");
  const given = complete ? reason.trim() : "";
  return (
    <form
      className="override"
      onSubmit={(event) => {
        event.preventDefault();
        if (given) onAssign(given);
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      {against && (
        <Alert type="warning" showIcon title={against} description={refused && t("queue.again")} />
      )}
      {children}
      <Input
        autoFocus={!children}
        value={reason}
        maxLength={500}
        aria-label={label}
        placeholder={beside(label, t("queue.override.hint"))}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="primary" htmlType="submit" disabled={!given} loading={pending}>
        {t(refused ? "queue.anyway" : "queue.assign")} <kbd>Enter</kbd>
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
