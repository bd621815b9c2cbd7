import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// What every visit loads lies in one file, however its modules are shared with what loads later:
// each further file costs a header and packs worse. Lists that read on load later.
const FIRST_LOAD =
  /node_modules\/(react|react-dom|scheduler|@tanstack)\/(?!.*\/(useI|i)nfiniteQuery)|src\/(api|time)\/|src\/session\/(session|activity)\.ts|src\/i18n\/(language|words|zh|chunkWords)\./;

// The phone pages run inside the web views of office apps, some of which are years old.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "chrome72",
    cssTarget: "chrome72",
    outDir: "dist",
    emptyOutDir: false,
    assetsDir: "assets",
    rollupOptions: {
      input: "m.html",
      output: { codeSplitting: { groups: [{ name: "phone", test: FIRST_LOAD }] } },
    },
  },
});
