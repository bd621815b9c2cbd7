import { calendar } from "./en/calendar";
import { duplicates } from "./en/duplicates";
import { journal } from "./en/journal";
import { missions } from "./en/missions";
import { mobilisations } from "./en/mobilisations";
import { orders } from "./en/orders";
import { organisations } from "./en/organisations";
import { people } from "./en/people";
import { quotas } from "./en/quotas";
import { rules } from "./en/rules";
import { shared } from "./en/shared";
import { things } from "./en/things";
import { vehicles } from "./en/vehicles";
import type { Word } from "./zh";

/** English second; a missing or surplus word does not compile. */
export const en: Record<Word, string> = {
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
};
