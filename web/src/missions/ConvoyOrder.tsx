import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { useRef, useState } from "react";
import { type Problem, send } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { MissionDetail, MissionRide } from "../api/types";
import { useT } from "../i18n/console/words";
import { useSay } from "../register/words";

interface Props {
  mission: MissionDetail;
  onClose: () => void;
}

/** Puts the vehicles of a mission into another order, one step up or down at a time. */
export function ConvoyOrder({ mission, onClose }: Props) {
  const t = useT();
  const say = useSay();
  const client = useQueryClient();
  const list = useRef<HTMLOListElement>(null);
  const [rides, setRides] = useState<readonly MissionRide[]>(mission.rides);
  const save = useMutation<MissionDetail, Problem>({
    mutationFn: () =>
      send("PUT", `/missions/${mission.id}/convoy-order`, {
        ride_ids: rides.map((ride) => ride.id),
      }),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: [`/missions/${mission.id}`] }),
  });
  const nameOf = (ride: MissionRide) =>
    (ride.order ?? ride).vehicle?.plate ?? say("missions.convoy.number", { n: ride.position });

  function move(at: number, by: -1 | 1) {
    setRides(swapped(rides, at, at + by));
    // The keyboard follows what it moves; at an end only the other button is left.
    const way = at + by === 0 ? "down" : at + by === rides.length - 1 ? "up" : byName(by);
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-move="${at + by} ${way}"]`)?.focus(),
    );
  }

  return (
    <Modal
      open
      title={say("missions.convoy.order")}
      okText={t("common.ok")}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
      destroyOnHidden
    >
      {save.error && <Alert type="error" showIcon title={sentenceOf(t, save.error)} />}
      <ol ref={list} className="convoy">
        {rides.map((ride, at) => (
          <li key={ride.id}>
            <span>
              <strong>{nameOf(ride)}</strong>
              {ride.standby && ` · ${say("missions.standby")}`}
            </span>
            {([-1, 1] as const).map((by) => (
              <Button
                key={by}
                size="small"
                data-move={`${at} ${byName(by)}`}
                disabled={rides[at + by] === undefined}
                aria-label={say(`missions.convoy.${byName(by)}`, { vehicle: nameOf(ride) })}
                onClick={() => move(at, by)}
              >
                {by === -1 ? "↑" : "↓"}
              </Button>
            ))}
          </li>
        ))}
      </ol>
    </Modal>
  );
}

const byName = (by: -1 | 1) => (by === -1 ? "up" : "down");

function swapped<Item>(items: readonly Item[], one: number, other: number): readonly Item[] {
  const [a, b] = [items[one], items[other]];
  if (a === undefined || b === undefined) return items;
  return items.map((item, n) => (n === one ? b : n === other ? a : item));
}
