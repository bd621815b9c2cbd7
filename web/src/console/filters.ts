import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

/** One filter kept in the page's address, so that a link carries it; "" removes it. */
export function useFilter(name: string, fallback = ""): [string, (value: string) => void] {
  const search = useSearch();
  const [location, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? fallback;
  const set = useCallback(
    (next: string) => {
      const query = new URLSearchParams(window.location.search);
      if (next && next !== fallback) query.set(name, next);
      else query.delete(name);
      const text = query.toString();
      navigate(location + (text ? `?${text}` : ""), { replace: true });
    },
    [name, fallback, location, navigate],
  );
  return [value, set];
}
