import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = "http://127.0.0.1:8000";

/** Every browser that runs us reads WOFF2: the older forms of each font would only lie in `dist`. */
const newestFontsOnly: Plugin = {
  name: "newest-fonts-only",
  enforce: "pre",
  transform: (code, id) =>
    id.includes("katex.min.css")
      ? code.replace(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\([^)]+\)/g, "")
      : null,
};

export default defineConfig({
  base: "/",
  plugins: [react(), newestFontsOnly],
  build: {
    target: "es2022",
    // An inlined asset would need `data:` in the content security policy for scripts and fonts alike.
    assetsInlineLimit: 0,
    manifest: true,
    rollupOptions: {
      output: {
        // What a frame without an origin may load lies apart, under headers of its own (api/frontend.py).
        assetFileNames: ({ names }) =>
          names.some((name) => name.startsWith("mermaid"))
            ? "assets/sandbox/[name]-[hash][extname]"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/_allauth": server,
      "/v1": server,
      // A one-time sign-in link is the server's; the sign-in page itself is a client route.
      "^/sign-in/.+": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // A busy machine is no failure.
    testTimeout: 30_000,
  },
});
