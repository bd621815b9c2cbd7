import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem, read, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Order, Page, Proposal } from "../api/types";
import { useT } from "../i18n/language";
import { timeOf } from "../time/format";
import { useWords } from "./words";

const KEY = ["/proposals"];
const CONFLICT = 409;

/** What the driver is asked about orders that they have accepted (变更征询). */
export default function Proposals({ orders }: { orders: readonly Order[] }) {
  const proposals = useQuery({
    queryKey: KEY,
    queryFn: () => read<Page<Proposal>>("/proposals"),
    refetchInterval: 5_000,
  });
  const items = proposals.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div className="cards">
      {items.map((one) => (
        <ProposalCard
          key={one.id}
          proposal={one}
          order={orders.find((order) => order.id === one.order_id)}
        />
      ))}
    </div>
  );
}

function ProposalCard({ proposal, order }: { proposal: Proposal; order: Order | undefined }) {
  const t = useT();
  const say = useWords();
  const client = useQueryClient();
  const answer = useMutation({
    mutationFn: (agree: boolean) => write<Proposal>(`/proposals/${proposal.id}/answer`, { agree }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: KEY });
      void client.invalidateQueries({ queryKey: ["/orders", "mine"] });
    },
  });
  const { error } = answer;
  const isOver = error instanceof Problem && error.status === CONFLICT;
  const { instead } = proposal;
  const first = order?.requests[0];
  return (
    <section className="card" aria-label={say("heading")}>
      <div className="card-head">
        <strong role="status">{say("heading")}</strong>
        {first && (
          <small>
            {say("yours", { ride: `${first.pickup.name} → ${first.destination.name}` })}
          </small>
        )}
        <small>
          <b>
            {instead
              ? say("instead", {
                  time: timeOf(instead.promised_pickup_at ?? instead.start),
                  place: instead.origin.name,
                  minutes: Math.ceil(instead.arrival_s / 60),
                })
              : say("nothing")}
          </b>
        </small>
        <small>{say("until", { time: timeOf(proposal.expires_at) })}</small>
      </div>
      {error && (
        <p className="problem" role="alert">
          {isOver ? say("over") : sentenceOf(t, error)}
        </p>
      )}
      {proposal.answer ? (
        <p className="note">{say("agreed")}</p>
      ) : (
        <div className="card-acts">
          <button
            type="button"
            className="main"
            disabled={answer.isPending}
            onClick={() => answer.mutate(true)}
          >
            {say("agree")}
          </button>
          <button
            type="button"
            className="second"
            disabled={answer.isPending}
            onClick={() => answer.mutate(false)}
          >
            {say("decline")}
          </button>
        </div>
      )}
    </section>
  );
}
