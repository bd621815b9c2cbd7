import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem, read, remove, write } from "../api/client";
import type { Permission, SessionInfo } from "../api/types";

export const SESSION = ["session"] as const;

async function whoAmI(): Promise<SessionInfo | null> {
  try {
    return await read<SessionInfo>("/session");
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Who is logged in: `null` nobody, `undefined` not known yet. */
export function useSession() {
  return useQuery({ queryKey: SESSION, queryFn: whoAmI, staleTime: 60_000, retry: 1 });
}

/** Log-in and log-out; both forget everything that was read for somebody else. */
export function useSessionActs() {
  const client = useQueryClient();
  // The session itself stays in the cache: the page is watching it.
  const forget = () =>
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
  return {
    async logIn(username: string, password: string) {
      const session = await write<SessionInfo>("/session", { username, password });
      forget();
      client.setQueryData(SESSION, session);
    },
    async logOut() {
      await remove("/session");
      forget();
      client.setQueryData(SESSION, null);
    },
  };
}

/** What the logged-in person may do somewhere; used to choose what is offered, never to protect. */
export const may = (session: SessionInfo, permission: Permission): boolean =>
  session.permissions.includes(permission);
