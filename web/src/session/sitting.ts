import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { read, write } from "../api/client";

/** Why somebody looks at tracks; the server writes it into the journal with every query. */
export const LOOKING_PURPOSES = [
  "supervision",
  "case",
  "complaint",
  "incident",
  "dispatching",
] as const;

export type LookingPurpose = (typeof LOOKING_PURPOSES)[number];

export interface NewSitting {
  purpose: LookingPurpose;
  reference: string | null;
}

interface CurrentSitting {
  sitting: (NewSitting & { id: string }) | null;
}

const SITTING = ["/sittings/current"] as const;

/** The sitting of this log-in; `null` before its purpose is said, `undefined` not known yet. */
export function useSitting() {
  return useQuery({
    queryKey: SITTING,
    queryFn: async () => (await read<CurrentSitting>("/sittings/current")).sitting,
    staleTime: 60_000,
  });
}

/** Begin a sitting: said once, it stands for every track until it ends. */
export function useBeginSitting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sitting: NewSitting) => write("/sittings", sitting),
    onSuccess: () => client.invalidateQueries({ queryKey: SITTING }),
  });
}
