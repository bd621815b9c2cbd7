import type { orders as zh } from "../zh/orders";

export const orders: Record<keyof typeof zh, string> = {
  "order.driver": "Driver",
  "order.reassign": "Reassign",
  "order.swap_vehicle": "Swap vehicle",
  "order.swap_driver": "Swap driver",
  "order.extend": "Extend",
  "order.override": "Do it against the rules",
  "order.override.hint": "What they say is shown first; the reason is kept in the journal",
  "order.until": "Until",
  "order.odometer_km": "Odometer of the vehicle that takes over (km)",
  "order.left_odometer_km": "Odometer of the vehicle that is left (km)",
};
