import { Button } from "antd";
import type { VehicleEvent } from "../api/types";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { Dated } from "../register/Dated";
import { codeIn, useSay } from "../register/words";

/** What happened in a vehicle's life, the day it happened and who entered it. */
export function VehicleEvents({ vehicleId }: { vehicleId: string }) {
  const t = useT();
  const say = useSay();
  const events = useList<VehicleEvent>(`/vehicles/${vehicleId}/events`, {});
  return (
    <>
      <Dated
        title="vehicle.events"
        items={events.items}
        keyOf={(event) => event.id}
        cells={[
          (event) => event.day,
          (event) => codeIn(say, "event", event.kind),
          (event) => event.unit?.name ?? "—",
          (event) => event.recorded_by?.name ?? "—",
        ]}
      />
      {events.more && (
        <Button size="small" onClick={events.more}>
          {t("common.more")}
        </Button>
      )}
    </>
  );
}
