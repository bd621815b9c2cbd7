import { useWords } from "./listWords";

interface Props {
  /** How a list reads on; null where all of it is there. */
  list: { more: (() => void) | null; loadingMore: boolean };
}

/** Reads a further part of a list, where there is one. */
export function More({ list: { more, loadingMore } }: Props) {
  const say = useWords();
  if (!more) return null;
  return (
    <div className="card-acts">
      <button type="button" className="second" disabled={loadingMore} onClick={more}>
        {say("more")}
      </button>
    </div>
  );
}
