import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  plugins: [react()],
  build: {
    target: "es2022",
    // An inlined asset would need `data:` in the content security policy for scripts and fonts alike.
    assetsInlineLimit: 0,
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
  },
});
