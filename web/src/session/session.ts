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

/** What a log-in needs beyond the password. */
export interface Challenge {
  challenge: string;
  kind: string;
}

/** The challenge that a log-in by a provider has left in the address. */
export function challengeIn(): Challenge | null {
  const { challenge, kind } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  return challenge && kind ? { challenge, kind } : null;
}

/** Log-in and log-out; both forget everything that was read for somebody else. */
export function useSessionActs() {
  const client = useQueryClient();
  // The session itself stays in the cache: the page is watching it.
  const forget = () =>
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
  const take = (answer: SessionInfo | Challenge): Challenge | null => {
    if ("challenge" in answer) return answer;
    forget();
    client.setQueryData(SESSION, answer);
    return null;
  };
  return {
    /** Log in; returns what is still needed, or null. */
    async logIn(username: string, password: string): Promise<Challenge | null> {
      return take(await write<SessionInfo | Challenge>("/session", { username, password }));
    },
    take,
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
