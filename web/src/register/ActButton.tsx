import { Button } from "antd";
import { useState } from "react";
import { may, useSession } from "../session/session";
import { ActDialog } from "./ActDialog";
import type { Act } from "./acts";
import { useSay } from "./words";

interface Props {
  act: Act;
  primary?: boolean;
  onDone?: (answer: unknown) => void;
}

/** A button that opens the act's form; it isn't there for who may not act. */
export function ActButton({ act, primary = false, onDone }: Props) {
  const say = useSay();
  const session = useSession().data;
  const [open, setOpen] = useState(false);
  if (!session || (act.permission && !may(session, act.permission))) return null;
  return (
    <>
      <Button
        size={primary ? "middle" : "small"}
        type={primary ? "primary" : "default"}
        danger={act.danger ?? false}
        onClick={() => setOpen(true)}
      >
        {say(act.label)}
      </Button>
      {open && (
        <ActDialog
          act={act}
          onClose={() => setOpen(false)}
          onDone={(answer) => {
            setOpen(false);
            onDone?.(answer);
          }}
        />
      )}
    </>
  );
}
