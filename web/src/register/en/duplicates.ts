import type { duplicates as zh } from "../zh/duplicates";

export const duplicates: Record<keyof typeof zh, string> = {
  duplicates: "Duplicates",
  "duplicates.note": "Entries that look like one; a merger keeps the history of both",
  "duplicates.same": "Same",
  "duplicates.members": "Entries",
  "duplicates.merge": "Merge",
  "duplicates.keep": "Keep",
  "duplicates.drop": "Merge into it",
  "same.plate": "Plate",
  "same.engine_number": "Engine number",
  "same.name": "Name",
  "same.uscc": "Credit code",
};
