import { useState } from "react";
import { useT } from "../i18n/console/words";
import { Picker } from "../register/Picker";
import { Override } from "./Override";

interface Props {
  /** What speaks against the vehicle, and with a driver tried, against both. */
  against: string;
  /** Whether that is all: the server has told it of this very vehicle and driver. */
  refused: boolean;
  pending: boolean;
  /** Another driver is chosen: what was told is of another pair. */
  onDriver: () => void;
  onAssign: (driver: string, reason: string) => void;
  onClose: () => void;
}

/** Assigns a vehicle that was left out: its driver, and why all the same. */
export function AssignLeftOut(props: Props) {
  const { against, refused, pending, onDriver, onAssign, onClose } = props;
  const t = useT();
  const [driver, setDriver] = useState<string>();
  return (
    <Override
      label={t("queue.later")}
      against={against}
      refused={refused}
      complete={driver !== undefined}
      pending={pending}
      onAssign={(reason) => driver && onAssign(driver, reason)}
      onClose={onClose}
    >
      <Picker
        from="/drivers"
        label={t("common.driver")}
        placeholder={t("common.driver")}
        autoFocus
        {...(driver === undefined ? {} : { value: driver })}
        onChange={(chosen) => {
          setDriver(typeof chosen === "string" ? chosen : undefined);
          onDriver();
        }}
      />
    </Override>
  );
}
