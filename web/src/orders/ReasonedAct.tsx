import { Button, Input, Popover } from "antd";
import { useState } from "react";
import { useT } from "../i18n/console/words";

interface Props {
  label: string;
  pending: boolean;
  /** Whether it ends something. */
  danger?: boolean;
  onAct: (reason: string) => void;
}

/** A step that asks for its reason, which the slip and the journal keep. */
export function ReasonedAct({ label, pending, danger = true, onAct }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const given = reason.trim();

  function act() {
    setOpen(false);
    onAct(given);
  }

  const form = (
    <div className="reasoned">
      <Input.TextArea
        autoFocus
        value={reason}
        rows={2}
        maxLength={200}
        placeholder={t("common.reason.needed")}
        aria-label={t("common.reason")}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button danger={danger} type="primary" disabled={!given} onClick={act}>
        {label}
      </Button>
    </div>
  );
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      content={form}
    >
      <Button danger={danger} loading={pending}>
        {label}
      </Button>
    </Popover>
  );
}
