// Builds the client of both pages anew and compares it with the build that is checked in: both must be the same, byte for
// byte.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fresh = mkdtempSync(join(tmpdir(), "page-"));
try {
  for (const mode of ["page", "live"]) {
    await build({ root, mode, configFile: join(root, "vite.config.ts"), logLevel: "error", build: { outDir: fresh } });
  }
  const [kept, made] = [readdirSync(join(root, "dist")).sort(), readdirSync(fresh).sort()];
  const different = kept.join() === made.join()
    ? made.filter((name) => !readFileSync(join(root, "dist", name)).equals(readFileSync(join(fresh, name))))
    : [`the files ${kept.join()} and ${made.join()}`];
  if (different.length > 0) {
    console.error(`web/dist is not what web/src builds to: ${different.join(", ")}. Run \`npm run build\` in web/ and commit.`);
    process.exitCode = 1;
  } else {
    console.log(`web/dist is what web/src builds to: ${made.join(", ")}`);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
