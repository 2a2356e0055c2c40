// Makes a run on the built-in sandbox, with faults, and its report. The rows hold cells that try to break out.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLAYBOOK = `version: 1
name: Extend <b>deadlines</b>
rows:
  from: rows.csv
  key: flow
  columns:
    flow: { type: string, description: The contract's id }
    phone: { type: string, sensitive: true, description: The signer's phone }
limits: { in_flight: 64 }
steps:
  - id: extend
    name: Move the deadline
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: "{{ row.flow }}", Deadline: "2040-01-31T00:00:00Z" }
results:
  flow_again: "{{ row.flow }}"
`;

const SETTINGS = `environments:
  sandbox:
    connections:
      tencent_essbasic: { limits: { rate: 20000/s, in_flight: 64 } }
`;

/** Cells that would do harm if they were taken for anything but text. */
export const HOSTILE = [
  "</script><script>document.title='taken'</script>",
  "<img src=x onerror=document.title='taken'>",
  "\u202Edesrever",
  "::error::taken",
  "=HYPERLINK(1)",
  "預約　確認 & more",
];

export const flow = (row) => `yDCNtUUckpvrcvf4UELZnZDvMS${String(row).padStart(6, "0")}`;

/** The program that is tested. */
export function program() {
  const given = process.env.RUNSHEET_BIN;
  if (!given) throw new Error("RUNSHEET_BIN names no program: build one, then set it");
  return given;
}

/** Makes a run of `rows` rows. Returns its folder and a function that calls the program there. */
export function makeRun(rows, faults) {
  const folder = mkdtempSync(join(tmpdir(), "page-run-"));
  writeFileSync(join(folder, "playbook.yaml"), PLAYBOOK);
  writeFileSync(join(folder, "runsheet.yaml"), SETTINGS);
  const lines = ["flow,note,amount,phone"];
  for (let row = 0; row < rows; row++) {
    const note = HOSTILE[row % HOSTILE.length].replaceAll('"', '""');
    lines.push(`${flow(row)},"${note}",${(row * 7919) % 1000},0912${String(row).padStart(6, "0")}`);
  }
  writeFileSync(join(folder, "rows.csv"), `${lines.join("\n")}\n`);
  const call = (...args) => {
    try {
      return execFileSync(program(), [...args, "--state-dir", join(folder, "state")], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
    } catch (error) {
      // Runs with faults end with codes 4 to 6.
      if (error.status >= 4 && error.status <= 6) return error.stdout;
      throw new Error(`${args.join(" ")}: ${error.status}\n${error.stdout}\n${error.stderr}`);
    }
  };
  const summary = JSON.parse(call("run", "playbook.yaml", "--faults", faults, "--max-fail", String(rows + 1), "--format", "json"));
  return { folder, call, summary };
}
