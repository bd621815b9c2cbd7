import { Alert } from "antd";
import { Link } from "wouter";
import type { Order } from "../api/types";
import { useWords } from "./consoleWords";
import "./sharing.css";

/** Tells into which order a request was taken along. */
export default function JoinedNotice({ order, onClose }: { order: Order; onClose: () => void }) {
  const say = useWords();
  return (
    <Alert
      className="joined"
      type="success"
      showIcon
      role="status"
      closable
      onClose={onClose}
      title={
        <>
          {say("joined", { plate: order.vehicle?.plate ?? "" })}{" "}
          <Link href={`/orders/${order.id}`}>{say("open")}</Link>
        </>
      }
    />
  );
}
