import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The console: its own build, so that nothing of it can leak into the phone pages.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    outDir: "dist",
    assetsDir: "assets",
    rollupOptions: { input: "index.html" },
    // The kit is one large chunk by its nature; tools/budget.mjs watches the sizes instead.
    chunkSizeWarningLimit: 2000,
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": "http://127.0.0.1:8000",
      "/maps": "http://127.0.0.1:8000",
      "/ws": { target: "ws://127.0.0.1:8000", ws: true },
    },
  },
});
