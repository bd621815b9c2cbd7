import { Button, Input } from "antd";
import { useState } from "react";
import { useT } from "../i18n/console/words";

export type Verdict = "approve" | "send_back" | "reject";

interface Props {
  pending: boolean;
  onDecide: (verdict: Verdict, reason: string) => void;
}

/** Approves what is asked for, or refuses it for a reason. */
export function Decision({ pending, onDecide }: Props) {
  const t = useT();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);

  function decide(verdict: Verdict) {
    const lacks = verdict !== "approve" && !reason.trim();
    setMissing(lacks);
    if (!lacks) onDecide(verdict, reason.trim());
  }

  return (
    <div className="decision">
      <Input.TextArea
        value={reason}
        rows={2}
        maxLength={500}
        status={missing ? "error" : ""}
        placeholder={t(missing ? "common.reason.needed" : "common.reason")}
        aria-label={t("common.reason")}
        onChange={(event) => setReason(event.target.value)}
      />
      <div>
        <Button type="primary" loading={pending} onClick={() => decide("approve")}>
          {t("approvals.approve")}
        </Button>
        <Button disabled={pending} onClick={() => decide("send_back")}>
          {t("approvals.send_back")}
        </Button>
        <Button danger disabled={pending} onClick={() => decide("reject")}>
          {t("approvals.reject")}
        </Button>
      </div>
    </div>
  );
}
