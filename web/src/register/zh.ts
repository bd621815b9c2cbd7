import { calendar } from "./zh/calendar";
import { duplicates } from "./zh/duplicates";
import { journal } from "./zh/journal";
import { missions } from "./zh/missions";
import { mobilisations } from "./zh/mobilisations";
import { orders } from "./zh/orders";
import { organisations } from "./zh/organisations";
import { people } from "./zh/people";
import { quotas } from "./zh/quotas";
import { rules } from "./zh/rules";
import { shared } from "./zh/shared";
import { things } from "./zh/things";
import { vehicles } from "./zh/vehicles";

/** Labels of the register; Chinese first. */
export const zh = {
  ...shared,
  ...orders,
  ...missions,
  ...mobilisations,
  ...organisations,
  ...people,
  ...things,
  ...calendar,
  ...journal,
  ...rules,
  ...vehicles,
  ...quotas,
  ...duplicates,
} as const;

export type Word = keyof typeof zh;
