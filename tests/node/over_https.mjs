// Calls over https, in a process of its own that trusts the sandbox's authority by NODE_EXTRA_CA_CERTS.

import assert from "node:assert/strict";

import { agent, client, ess, essbasic, freshId, operator, refused } from "./simulator.mjs";

const server = JSON.parse(process.env.SANDBOX);

const own = client(ess.v20201111.Client, server);
const FlowId = freshId();
const cancel = () => own.CancelFlow({ Operator: operator, FlowId, CancelMessage: "签署人有误" });
assert.ok((await cancel()).RequestId);
await refused("OperationDenied.FlowHasTerminated", cancel);
const [info] = (await own.DescribeFlowInfo({ Operator: operator, FlowIds: [FlowId] })).FlowDetailInfos;
assert.deepEqual([info.FlowId, info.FlowStatus, info.FlowMessage], [FlowId, 6, "签署人有误"]);
const forged = client(ess.v20201111.Client, server, { credential: { secretKey: "wrong" } });
await refused("AuthFailure.SignatureFailure", () => forged.CancelFlow({ Operator: operator, FlowId }));

const platform = client(essbasic.v20210526.Client, server);
assert.ok((await platform.DescribeFlowDetailInfo({ Agent: agent, FlowIds: [freshId()] })).RequestId);
console.log("2 clients");
