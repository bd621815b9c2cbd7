import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** All filters kept in the page's address, and how one is set; "" removes it. */
export function useFilterValues(): [URLSearchParams, (name: string, value: string) => void] {
  const search = useSearch();
  const [location, navigate] = useLocation();
  const values = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback(
    (name: string, value: string) => {
      const query = new URLSearchParams(window.location.search);
      if (value) query.set(name, value);
      else query.delete(name);
      const text = query.toString();
      navigate(location + (text ? `?${text}` : ""), { replace: true });
    },
    [location, navigate],
  );
  return [values, set];
}

/** One filter kept in the page's address, so that a link carries it; the fallback isn't written. */
export function useFilter(name: string, fallback = ""): [string, (value: string) => void] {
  const [values, set] = useFilterValues();
  const value = values.get(name) ?? fallback;
  const setOne = useCallback(
    (next: string) => set(name, next === fallback ? "" : next),
    [name, fallback, set],
  );
  return [value, setOne];
}
