// Tencent's own Node client, unchanged, against `runsheet sandbox`: right answers, errors included.
// Usage: node --test clients.test.mjs, in a folder where package.json of this folder is installed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { agent, ahead, client, ess, essbasic, freshId, log, operator, refused, simulator } from "./simulator.mjs";

describe("over http", () => {
  let server;
  let own;
  let platform;
  before(async () => {
    server = await simulator();
    own = client(ess.v20201111.Client, server);
    platform = client(essbasic.v20210526.Client, server);
  });
  after(() => server.stop());

  test("a write changes what a read tells, and the log has it once", async () => {
    const [FlowId, Deadline] = [freshId(), ahead(30)];
    const brief = () => own.DescribeFlowBriefs({ Operator: operator, FlowIds: [FlowId] });
    assert.notEqual((await brief()).FlowBriefs[0].Deadline, Deadline);
    const { RequestId } = await own.ModifyFlowDeadline({ Operator: operator, FlowId, Deadline });
    assert.equal((await brief()).FlowBriefs[0].Deadline, Deadline);
    const entries = (await log(server)).filter((entry) => entry.request_id === RequestId);
    assert.deepEqual(
      entries.map(({ vendor, operation, code, effect, effect_id }) => [vendor, operation, code, effect, effect_id]),
      [["tencent_ess", "ModifyFlowDeadline", "ok", true, `ModifyFlowDeadline:${FlowId}:-:${Deadline}`]],
    );
  });

  test("the platform's edition too, and a contract is cancelled once", async () => {
    const FlowId = freshId();
    const cancel = () => platform.ChannelCancelFlow({ Agent: agent, FlowId, CancelMessage: "内容有误" });
    assert.ok((await cancel()).RequestId);
    await refused("OperationDenied.FlowHasTerminated", cancel);
    const answer = await platform.DescribeFlowDetailInfo({ Agent: agent, FlowIds: [FlowId] });
    assert.deepEqual([answer.FlowInfo[0].FlowStatus, answer.FlowInfo[0].FlowMessage], ["CANCEL", "内容有误"]);
  });

  test("errors have the vendor's codes", async () => {
    const extend = (fields) => own.ModifyFlowDeadline({ Operator: operator, ...fields });
    await refused("ResourceNotFound.Flow", () =>
      platform.ModifyFlowDeadline({ Agent: agent, FlowId: freshId("missing"), Deadline: ahead(30) }),
    );
    await refused("InvalidParameter.ParamError", () => extend({ FlowId: freshId(), Deadline: ahead(-1) }));
    await refused("MissingParameter", () => extend({ Deadline: ahead(30) }));
    await refused("InvalidAction", () => own.request("NoSuchAction", {}));
    await refused("InvalidAction", () => own.request("DescribeFlowDetailInfo", { FlowIds: [freshId()] }));
  });

  test("wrong keys and tokens", async () => {
    const call = (credential) =>
      client(ess.v20201111.Client, server, { credential }).DescribeFlowBriefs({
        Operator: operator,
        FlowIds: [freshId()],
      });
    await refused("AuthFailure.SignatureFailure", () => call({ secretKey: "wrong" }));
    await refused("AuthFailure.SecretIdNotFound", () => call({ secretId: "nobody" }));
    await refused("AuthFailure.TokenFailure", () => call({ token: "nobody's" }));
    assert.ok((await call({ token: server.credentials.token })).RequestId);
  });

  test("one product's name does not answer the other's client", async () => {
    const crossed = client(ess.v20201111.Client, server, { host: "essbasic.localhost" });
    await refused("NoSuchVersion", () => crossed.DescribeFlowBriefs({ Operator: operator, FlowIds: [freshId()] }));
  });

  test("an address that names no product says which do", async () => {
    const unnamed = client(ess.v20201111.Client, server, { host: "127.0.0.1" });
    const call = () => unnamed.DescribeFlowBriefs({ Operator: operator, FlowIds: [freshId()] });
    await refused("NoSuchProduct", call);
    await assert.rejects(call, /call ess\.localhost or essbasic\.localhost/);
  });
});

describe("over https", () => {
  let server;
  before(async () => {
    server = await simulator("--tls");
  });
  after(() => server.stop());

  // Node reads NODE_EXTRA_CA_CERTS when it starts.
  const another = (env) => {
    const script = fileURLToPath(new URL("over_https.mjs", import.meta.url));
    const { url, credentials } = server;
    const variables = { ...process.env, ...env, SANDBOX: JSON.stringify({ url, credentials }) };
    return promisify(execFile)(process.execPath, [script], { env: variables });
  };

  test("with the sandbox's authority in NODE_EXTRA_CA_CERTS, and not without", async () => {
    assert.match((await another({ NODE_EXTRA_CA_CERTS: server.ca_file })).stdout, /2 clients/);
    await assert.rejects(() => another({}), /certificate/);
  });
});
