// `runsheet ui` as a process of a test, and runs that are under way while it looks.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { program } from "./run_fixture.mjs";

/** The longest wait for anything, in milliseconds. */
const PATIENCE = 60_000;

/** A served page. `port` 0 takes one that is free. */
export async function startUi(folder, port = 0) {
  const asked = port === 0 ? [] : ["--port", String(port)];
  const child = spawn(program(), ["ui", "--format", "json", ...asked, "--state-dir", join(folder, "state")], {
    cwd: folder, stdio: ["ignore", "pipe", "inherit"],
  });
  const links = [];
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    links.push(JSON.parse(line).url);
    waiting.splice(0).forEach((wake) => wake());
  });
  let used = 0;
  /** The next link that was not used: each works once, and then another one is printed. */
  const link = async () => {
    const limit = Date.now() + PATIENCE;
    while (links.length <= used) {
      if (Date.now() > limit || child.exitCode !== null) throw new Error("`runsheet ui` shows no link");
      await Promise.race([new Promise((wake) => waiting.push(wake)), new Promise((wake) => setTimeout(wake, 200))]);
    }
    return links[used++];
  };
  const first = await link();
  used = 0;
  const origin = new URL(first).origin;
  const kill = () => ended(child, "SIGKILL");
  return { link, origin, port: Number(new URL(first).port), kill };
}

/** A run of `rows` rows at a slow rate, from a list of its own. It goes on until something ends it. */
export function startRun(folder, name, rows, rate) {
  const lines = ["flow,note,amount,phone"];
  // The vendor's ids have 32 characters.
  for (let row = 0; row < rows; row++) lines.push(`${name}${String(row).padStart(32 - name.length, "0")},,1,`);
  writeFileSync(join(folder, `${name}.csv`), `${lines.join("\n")}\n`);
  const child = spawn(
    program(),
    ["run", "playbook.yaml", "--rows", `${name}.csv`, "--rate", rate, "--in-flight", "2", "-q", "--state-dir", join(folder, "state")],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  return { child, ended: () => ended(child, null) };
}

/** Waits for the end of a process; returns its exit code. */
async function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const end = new Promise((done) => child.once("exit", done));
  if (signal) child.kill(signal);
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("a process does not end")), PATIENCE).unref());
  return Promise.race([end, late]);
}
