import { defineConfig } from "vite";

const service = { target: process.env.FOOTFALL_ADDRESS ?? "https://127.0.0.1:8971", secure: false, ws: true };

// The built page ships inside the Python package: users need no Node.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/footfall/web/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    proxy: { "/api": service, "/customvision": service },
  },
});
