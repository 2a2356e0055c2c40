// Starts `runsheet sandbox` for the tests and makes Tencent's own Node clients for it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(path.join(process.cwd(), "package.json"));
export const { ess, essbasic } = require("tencentcloud-sdk-nodejs");
const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const binary = process.env.RUNSHEET_BIN ?? path.join(repository, "target/debug/runsheet");

const DAY = 86_400;
export const ahead = (days) => Math.floor(Date.now() / 1000) + days * DAY;
export const operator = { UserId: "yDxxxUUckp" };
export const agent = {
  AppId: "yDwhxUUckp3gl8j5UuFX33LSNozpRsbi",
  ProxyOrganizationOpenId: "org_dianziqian",
  ProxyOperator: { OpenId: "n9527" },
};

let serial = 0;
/** An id of 32 characters that no earlier call named; its end may say how the contract stands. */
export function freshId(word = "") {
  const head = `yN${Date.now().toString(16)}${String(serial++).padStart(6, "0")}`;
  return head + "x".repeat(32 - head.length - word.length) + word;
}

/** Starts a sandbox; gives its banner and a function that ends it. */
export async function simulator(...options) {
  const process_ = spawn(binary, ["sandbox", "--port", "0", "--format", "json", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: process_.stdout }), "line");
  const stop = async () => {
    process_.kill();
    await once(process_, "exit");
  };
  return { ...JSON.parse(line), stop };
}

/**
 * A client as a user makes one: region, credentials, protocol and address. This client takes the product from the
 * address; it signs the host without the port, and sends it with the port.
 */
export function client(Client, server, { credential = {}, host } = {}) {
  const { protocol, port } = new URL(server.url);
  const { secret_id: secretId, secret_key: secretKey } = server.credentials;
  const own = Client === ess.v20201111.Client ? "ess.localhost" : "essbasic.localhost";
  // Not every system knows that names under `.localhost` lead to itself.
  const lookup = (_, options, done) =>
    options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
  const { Agent } = protocol === "https:" ? https : http;
  const httpProfile = { protocol: `${protocol}//`, endpoint: `${host ?? own}:${port}`, reqTimeout: 10 };
  return new Client({
    credential: { secretId, secretKey, ...credential },
    region: "ap-guangzhou",
    profile: { httpProfile: { ...httpProfile, agent: new Agent({ lookup }) } },
  });
}

export async function log(server) {
  const answer = await fetch(`${server.url}/_sandbox/log`);
  return (await answer.text()).trim().split("\n").map((line) => JSON.parse(line));
}

export const refused = (code, call) =>
  assert.rejects(call, (error) => {
    assert.equal(error.code, code, error.message);
    assert.ok(error.message && error.requestId);
    return true;
  });
