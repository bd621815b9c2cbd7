import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "../api/queries";
import { CONSOLE_WORDS } from "../i18n/console/words";
import { startLanguage } from "../i18n/language";
import { watchInput } from "../session/activity";
import { startAppearance } from "./appearance";
import { Console } from "./Console";
import "./console.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
const page = createRoot(root);
watchInput(window);
startAppearance();
void startLanguage(CONSOLE_WORDS).then(() =>
  page.render(
    <StrictMode>
      <QueryClientProvider client={newQueryClient()}>
        <Console />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
