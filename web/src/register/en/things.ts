import type { things as zh } from "../zh/things";

export const things: Record<keyof typeof zh, string> = {
  terminals: "Terminals",
  "terminals.add": "Add a terminal",
  "terminals.bind": "Bind to a vehicle",
  "terminals.unbind": "End the binding",
  "terminals.phone": "Number",
  "terminals.maker": "Maker",
  "terminals.model": "Model",
  "terminals.registered": "Registered",
  custodies: "Custody",
  "custodies.add": "Enter an item",
  "custodies.handover": "Hand over",
  "custodies.holder": "Holder",
  "custodies.holder.person": "To a person",
  "custodies.holder.place": "To a place",
  "custodies.number": "Number",
  "custody.key": "Key",
  "custody.vehicle_licence": "Vehicle licence",
  "custody.fuel_card": "Fuel card",
  "custody.etc_card": "ETC card",
};
