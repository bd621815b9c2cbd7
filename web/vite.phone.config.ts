import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The phone pages run inside the web views of office apps, some of which are years old.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "chrome72",
    cssTarget: "chrome72",
    outDir: "dist",
    emptyOutDir: false,
    assetsDir: "assets",
    rollupOptions: { input: "m.html" },
  },
});
