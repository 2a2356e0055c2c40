// The schemas with ajv, and in an editor: yaml-language-server is driven over its protocol.
// Usage: node check.mjs REPOSITORY, in a folder where package.json of this folder is installed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(path.join(process.cwd(), "package.json"));
const Ajv = require("ajv");
const YAML = require("yaml");
const rpc = require("vscode-jsonrpc/node");

const repository = path.resolve(process.argv[2]);
const below = (...names) => path.join(repository, ...names);
const playbooks = readdirSync(below("playbooks")).filter((name) => name.endsWith(".yaml") && !name.endsWith(".test.yaml"));
assert.ok(playbooks.length > 7);

// ajv, strict but for unions of types.
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
ajv.addKeyword("deprecationMessage");
const compiled = (name) => ajv.compile(JSON.parse(readFileSync(below("schemas", `${name}.schema.json`), "utf8")));
const [playbook, settings, tests, provider, operation] = ["playbook", "settings", "test", "provider", "operation"].map(compiled);
for (const name of playbooks) {
  const text = readFileSync(below("playbooks", name), "utf8");
  assert.ok(playbook(YAML.parse(text)), `${name}: ${ajv.errorsText(playbook.errors)}`);
  assert.match(text, /^# yaml-language-server: \$schema=\.\.\/schemas\/playbook\.schema\.json\n/, name);
}
const wrong = YAML.parse(readFileSync(below("playbooks", playbooks[0]), "utf8"));
wrong.steps[0].with.Recipient = "x";
assert.ok(!playbook(wrong), "a misspelt input");
assert.ok(settings({ environments: { far: { connections: { http: { base_url: "https://api.example.com" } } } } }));
assert.ok(!settings({ environments: { far: { connections: { http: { base_uri: "https://api.example.com" } } } } }));
const providers = readdirSync(below("schemas", "providers"));
const files = providers.flatMap((folder) => readdirSync(below("schemas", "providers", folder)).map((name) => [folder, name]));
assert.ok(files.length > 25);
for (const [folder, name] of files) {
  const judge = name === "provider.yaml" ? provider : operation;
  const file = YAML.parse(readFileSync(below("schemas", "providers", folder, name), "utf8"));
  assert.ok(judge(file), `${folder}/${name}: ${ajv.errorsText(judge.errors)}`);
  for (const key of Object.keys(file)) {
    assert.ok(!judge({ ...file, [`${key}z`]: file[key] }), `${folder}/${name}: ${key}z`);
  }
}
// What a run tells programs; the tests of the program hold its own output against these.
const [events, summary] = ["events", "summary"].map(compiled);
const told = { v: 1, seq: 1, at: "2026-11-22T08:00:00.000Z", run_id: "r" };
assert.ok(events({ ...told, event: "warning", message: "m" }), ajv.errorsText(events.errors));
assert.ok(!events({ ...told, event: "warnign", message: "m" }) && !events({ ...told, event: "warning" }));
assert.ok(!summary({ run_id: "r" }));
console.log(`ajv: ${playbooks.length} playbooks, ${files.length} provider files`);
for (const name of playbooks.map((name) => name.replace(".yaml", ".test.yaml"))) {
  const text = readFileSync(below("playbooks", name), "utf8");
  assert.ok(tests(YAML.parse(text)), `${name}: ${ajv.errorsText(tests.errors)}`);
  assert.match(text, /^# yaml-language-server: \$schema=\.\.\/schemas\/test\.schema\.json\n/, name);
}
const test = (rest) => ({ tests: [{ name: "n", expect: { outcome: "failed" }, ...rest }] });
assert.ok(tests(test({ answers: [{ to: "a", like: "rejected" }] })));
assert.ok(!tests(test({ answers: [{ to: { stepp: "a" }, like: "rejected" }] })), "a misspelt key of a request");
assert.ok(!tests(test({ expect: {} })), "a test that cannot fail");
console.log(`ajv: ${playbooks.length} playbooks and their tests`);

// The editor's server.
const binary = path.join(process.cwd(), "node_modules/yaml-language-server/bin/yaml-language-server");
const server = spawn(process.execPath, [binary, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const connection = rpc.createMessageConnection(
  new rpc.StreamMessageReader(server.stdout),
  new rpc.StreamMessageWriter(server.stdin),
);
const options = { validate: true, completion: true, hover: true, schemaStore: { enable: false } };
connection.onRequest("workspace/configuration", (asked) => asked.items.map((item) => (item.section === "yaml" ? options : {})));
connection.onRequest("client/registerCapability", () => null);
connection.onRequest("custom/schema/request", () => []);
const waiting = new Map();
connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => waiting.get(uri)?.(diagnostics));
connection.listen();
await connection.sendRequest("initialize", {
  processId: process.pid,
  rootUri: pathToFileURL(repository).href,
  capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: {} }, workspace: { configuration: true } },
});
await connection.sendNotification("initialized", {});
await connection.sendNotification("workspace/didChangeConfiguration", { settings: { yaml: options } });

let count = 0;
async function opened(text, folder = "playbooks") {
  const uri = pathToFileURL(below(folder, `typed-${count++}.yaml`)).href;
  const found = new Promise((resolve) => waiting.set(uri, resolve));
  await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
  return { uri, diagnostics: await found };
}
async function completed(text, folder) {
  const before = text.slice(0, text.indexOf("¦")).split("\n");
  const { uri } = await opened(text.replace("¦", ""), folder);
  const position = { line: before.length - 1, character: before.at(-1).length };
  const answer = await connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });
  return (answer.items ?? answer).map((item) => item.label);
}

const head = "# yaml-language-server: $schema=../schemas/playbook.schema.json\nname: Typed\nsteps:\n";
for (const name of playbooks) {
  const { diagnostics } = await opened(readFileSync(below("playbooks", name), "utf8"));
  assert.deepEqual(diagnostics, [], name);
}
const operations = await completed(`${head}  - id: a\n    uses: ¦\n`);
assert.ok(operations.includes("fxiaoke.get_task") && operations.includes("http.request"), String(operations));
const inputs = await completed(`${head}  - id: a\n    uses: tencent_essbasic.extend_deadline\n    with:\n      ¦\n`);
assert.ok(inputs.includes("FlowId") && inputs.includes("RecipientId"), String(inputs));
assert.ok(!inputs.includes("objectDataId"), "inputs of another operation");
const keys = await completed(`${head}  - id: a\n    uses: http.request\n    ¦\n`);
assert.ok(keys.includes("on_failure") && keys.includes("for_each"), String(keys));
const words = await completed(`${head}  - id: a\n    uses: http.request\n    with:\n      method: ¦\n`);
assert.ok(words.includes("POST"), String(words));

const line = (found) => found.map((one) => `${one.range.start.line}: ${one.message}`).join("\n");
const misspelt = (await opened(`${head}  - id: a\n    uses: http.reqest\n`)).diagnostics;
assert.match(line(misspelt), /^4: /, "a misspelt operation");
const input = (await opened(`${head}  - id: a\n    uses: http.request\n    with: { method: GET, pth: / }\n`)).diagnostics;
assert.match(line(input), /5: .*pth/, "a misspelt input");

// Provider files, in a folder of one's own.
const inFolder = ["schemas", "providers", "arctos"].join("/");
const headed = (name, text) => `# yaml-language-server: $schema=../../${name}.schema.json\n${text}`;
for (const [folder, name] of files) {
  const text = readFileSync(below("schemas", "providers", folder, name), "utf8");
  const { diagnostics } = await opened(headed(name === "provider.yaml" ? "provider" : "operation", text), inFolder);
  assert.deepEqual(diagnostics, [], `${folder}/${name}`);
}
const ofProvider = await completed(headed("provider", "title: Acme\n¦\n"), inFolder);
assert.ok(ofProvider.includes("credential_sets") && ofProvider.includes("attempt_query"), String(ofProvider));
const schemes = await completed(headed("provider", "title: Acme\nauth:\n  scheme: ¦\n"), inFolder);
assert.ok(schemes.includes("tc3") && schemes.includes("oauth_app"), String(schemes));
const ofOperation = await completed(headed("operation", "summary: Makes\n¦\n"), inFolder);
assert.ok(ofOperation.includes("vendor_name") && ofOperation.includes("natural_key"), String(ofOperation));
const ofInput = await completed(headed("operation", "inputs:\n  properties:\n    id:\n      type: string\n      ¦\n"), inFolder);
assert.ok(ofInput.includes("maxLength") && ofInput.includes("widens_when_absent"), String(ofInput));
const key = await opened(headed("provider", "titel: Acme\nauth: { scheme: none }\nanswer: {}\n"), inFolder);
assert.match(line(key.diagnostics), /1: .*titel/, "a misspelt key of a provider");
const word = await opened(headed("operation", "summary: A\nvendor_name: a\neffect: wirte\npath: /\nexamples: []\n"), inFolder);
assert.match(line(word.diagnostics), /3: .*(read|write)/, "a misspelt word of an operation");
const testHead = "# yaml-language-server: $schema=../schemas/test.schema.json\ntests:\n  - name: Typed\n";
for (const name of playbooks.map((name) => name.replace(".yaml", ".test.yaml"))) {
  const { diagnostics } = await opened(readFileSync(below("playbooks", name), "utf8"));
  assert.deepEqual(diagnostics, [], name);
}
const expected = await completed(`${testHead}    expect:\n      ¦\n`);
assert.ok(expected.includes("requests") && expected.includes("counts"), String(expected));
const like = await completed(`${testHead}    answers:\n      - like: ¦\n`);
assert.ok(like.includes("throttled"), String(like));
const stray = (await opened(`${testHead}    expct: { outcome: failed }\n`)).diagnostics;
assert.match(line(stray), /expct/, "a misspelt key of a test");
console.log(`yaml-language-server: completions and errors of ${count} documents`);
connection.dispose();
server.kill();
