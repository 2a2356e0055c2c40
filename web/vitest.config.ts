// The unit tests run in Node; what needs a browser is in `tests/browser/`.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["tests/unit/**/*.test.ts"], environment: "node" } });
