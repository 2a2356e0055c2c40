"""Tencent's official Python clients against the sandbox: right answers, errors included."""

import logging
import socket
import time
import unittest
import unittest.mock

from simulator import Simulator, fresh_id
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.ess.v20201111 import models as ess
from tencentcloud.essbasic.v20210526 import models as essbasic

DAY = 86_400


def setUpModule():
    # The clients log their own exceptions; the tests look at them.
    logging.getLogger("tencentcloud_sdk_common").setLevel(logging.CRITICAL)


def ahead(days):
    return int(time.time()) + days * DAY


def operator():
    user = ess.UserInfo()
    user.UserId = "yDxxxUUckp"
    return user


def agent():
    user = essbasic.UserInfo()
    user.OpenId = "n9527"
    one = essbasic.Agent()
    one.AppId = "yDwhxUUckp3gl8j5UuFX33LSNozpRsbi"
    one.ProxyOrganizationOpenId = "org_dianziqian"
    one.ProxyOperator = user
    return one


def filled(request, **fields):
    for name, value in fields.items():
        setattr(request, name, value)
    return request


class Calls(unittest.TestCase):
    """Each class has a server of its own, so that one's calls do not fill another's limits."""

    options = ()

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(*cls.options)
        cls.addClassCleanup(cls.simulator.close)

    def refused(self, code, call, *arguments):
        with self.assertRaises(TencentCloudSDKException) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.get_code(), code)
        self.assertTrue(caught.exception.get_message())
        return caught.exception


class Essbasic(Calls):
    def setUp(self):
        self.client = self.simulator.essbasic()

    def extend(self, flow, deadline, recipient=None, client=None):
        fields = {"Agent": agent(), "FlowId": flow, "Deadline": deadline, "RecipientId": recipient}
        request = filled(essbasic.ModifyFlowDeadlineRequest(), **fields)
        return (client or self.client).ModifyFlowDeadline(request)

    def details(self, *flows):
        request = filled(essbasic.DescribeFlowDetailInfoRequest(), Agent=agent(), FlowIds=list(flows))
        return self.client.DescribeFlowDetailInfo(request)

    def test_deadlines_move_forward_and_are_read_back(self):
        flow, deadline = fresh_id(), ahead(30)
        self.assertTrue(self.extend(flow, deadline).RequestId)
        answer = self.details(flow)
        self.assertEqual(answer.ApplicationId, agent().AppId)
        self.assertEqual([info.DeadLine for info in answer.FlowInfo], [deadline])
        self.assertIn(answer.FlowInfo[0].FlowStatus, ("INIT", "PART"))
        self.refused("InvalidParameter.ParamError", self.extend, flow, deadline)
        self.refused("InvalidParameter.ParamError", self.extend, flow, ahead(-1))
        self.refused("FailedOperation", self.extend, fresh_id("expired"), ahead(30))
        self.refused("ResourceNotFound.Flow", self.extend, fresh_id("missing"), ahead(30))

    def test_one_signers_deadline_leaves_the_contracts(self):
        flow, recipient = fresh_id(), fresh_id()
        self.extend(flow, ahead(30), recipient)
        info = self.details(flow).FlowInfo[0]
        self.assertLess(info.DeadLine, ahead(30) - DAY)
        self.assertIn(recipient, [signer.RecipientId for signer in info.FlowApproverInfos])
        self.refused("InvalidParameter.ParamError", self.extend, flow, ahead(29), recipient)

    def test_a_contract_is_cancelled_once(self):
        flow = fresh_id()
        request = filled(essbasic.ChannelCancelFlowRequest(), Agent=agent(), FlowId=flow, CancelMessage="内容有误")
        self.assertTrue(self.client.ChannelCancelFlow(request).RequestId)
        self.refused("OperationDenied.FlowHasTerminated", self.client.ChannelCancelFlow, request)
        info = self.details(flow).FlowInfo[0]
        self.assertEqual((info.FlowStatus, info.FlowMessage), ("CANCEL", "内容有误"))
        self.refused("FailedOperation", self.extend, flow, ahead(30))

    def test_a_platforms_release(self):
        approver = filled(
            essbasic.ReleasedApprover(), ApproverNumber=0, ApproverType="ORGANIZATION", OrganizationName="典子谦"
        )
        reason = filled(essbasic.RelieveInfo(), Reason="合作结束")
        request = filled(
            essbasic.ChannelCreateReleaseFlowRequest(),
            Agent=agent(),
            NeedRelievedFlowId=fresh_id(),
            ReliveInfo=reason,
            ReleasedApprovers=[approver],
        )
        self.assertEqual(len(self.client.ChannelCreateReleaseFlow(request).FlowId), 32)
        self.refused("OperationDenied", self.client.ChannelCreateReleaseFlow, request)

    def test_what_is_missing_unknown_or_ill_typed(self):
        whole = {
            "Agent": {"AppId": "a", "ProxyOrganizationOpenId": "o", "ProxyOperator": {"OpenId": "p"}},
            "FlowId": fresh_id(),
            "Deadline": ahead(30),
        }
        call = lambda **changed: self.client.call_json("ModifyFlowDeadline", {**whole, **changed})
        error = self.refused("UnknownParameter", lambda: call(RecipientID=fresh_id()))
        self.assertIn("RecipientID", error.get_message())
        self.refused("InvalidParameter", lambda: call(Deadline=str(ahead(30))))
        self.refused("InvalidParameter.ParamError", lambda: call(FlowId="short"))
        without = {name: value for name, value in whole.items() if name != "FlowId"}
        self.refused("MissingParameter", self.client.call_json, "ModifyFlowDeadline", without)
        self.refused("InvalidAction", self.client.call_json, "CreateReleaseFlow", whole)
        self.assertIn("RequestId", call()["Response"])


class Ess(Calls):
    def setUp(self):
        self.client = self.simulator.ess()

    def release(self, flow, **fields):
        reason = filled(ess.RelieveInfo(), Reason="因为业务调整,结束合作。", OtherDeals="无")
        request = filled(
            ess.CreateReleaseFlowRequest(), Operator=operator(), NeedRelievedFlowId=flow, ReliveInfo=reason, **fields
        )
        return self.client.CreateReleaseFlow(request)

    def brief(self, flow):
        request = filled(ess.DescribeFlowBriefsRequest(), Operator=operator(), FlowIds=[flow])
        return self.client.DescribeFlowBriefs(request).FlowBriefs[0]

    def test_a_signed_contract_is_released_once(self):
        flow = fresh_id()
        approver = filled(
            ess.ReleasedApprover(), Name="典子谦", Mobile="18700000000", RelievedApproverRecipientId=fresh_id()
        )
        agreement = self.release(flow, ReleasedApprovers=[approver]).FlowId
        self.assertEqual(len(agreement), 32)
        self.assertEqual(self.brief(flow).FlowStatus, 4)
        self.assertEqual(self.brief(agreement).FlowStatus, 1)
        self.refused("OperationDenied", self.release, flow)
        self.refused("OperationDenied", self.release, fresh_id("expired"))
        self.refused("ResourceNotFound", self.release, fresh_id("missing"))

    def test_a_release_keeps_the_pages_limits(self):
        self.refused("InvalidParameter.FlowName", lambda: self.release(fresh_id(), FlowName="名" * 201))
        self.refused("InvalidParameter.FlowDeadLine", lambda: self.release(fresh_id(), Deadline=ahead(-1)))

    def test_deadlines_of_ones_own_enterprise(self):
        flow, deadline = fresh_id(), ahead(30)
        request = filled(ess.ModifyFlowDeadlineRequest(), Operator=operator(), FlowId=flow, Deadline=deadline)
        self.assertTrue(self.client.ModifyFlowDeadline(request).RequestId)
        self.assertEqual(self.brief(flow).Deadline, deadline)
        request.Deadline = ahead(-1)
        self.refused("InvalidParameter.ParamError", self.client.ModifyFlowDeadline, request)
        request.FlowId = None
        self.refused("MissingParameter", self.client.ModifyFlowDeadline, request)

    def test_reads_and_cancellation(self):
        flow = fresh_id()
        cancel = filled(ess.CancelFlowRequest(), Operator=operator(), FlowId=flow, CancelMessage="签署人有误")
        self.assertTrue(self.client.CancelFlow(cancel).RequestId)
        self.refused("OperationDenied.FlowHasTerminated", self.client.CancelFlow, cancel)
        request = filled(ess.DescribeFlowInfoRequest(), Operator=operator(), FlowIds=[flow])
        info = self.client.DescribeFlowInfo(request).FlowDetailInfos[0]
        self.assertEqual((info.FlowId, info.FlowStatus, info.FlowMessage), (flow, 6, "签署人有误"))
        self.assertTrue(info.FlowApproverInfos[0].RecipientId)
        request.FlowIds = [flow, fresh_id("missing")]
        self.refused("FailedOperation", self.client.DescribeFlowInfo, request)


class Credentials(Calls):
    def call(self, client):
        request = filled(ess.DescribeFlowBriefsRequest(), Operator=operator(), FlowIds=[fresh_id()])
        return client.DescribeFlowBriefs(request)

    def test_wrong_keys_and_tokens(self):
        self.refused("AuthFailure.SignatureFailure", self.call, self.simulator.ess(secret_key="wrong"))
        self.refused("AuthFailure.SecretIdNotFound", self.call, self.simulator.ess(secret_id="nobody"))
        self.refused("AuthFailure.TokenFailure", self.call, self.simulator.ess(token="nobody's"))
        self.assertTrue(self.call(self.simulator.ess(token=self.simulator.credentials["token"])).RequestId)

    def test_an_unsigned_payload(self):
        profile = self.simulator.profile()
        profile.unsignedPayload = True
        self.assertTrue(self.call(self.simulator.ess(profile=profile)).RequestId)

    def test_one_products_client_does_not_reach_the_others_actions(self):
        self.refused("InvalidAction", self.simulator.ess().call_json, "DescribeFlowDetailInfo", {"FlowIds": [fresh_id()]})

    def test_the_log_has_every_call_and_no_secret(self):
        flow = fresh_id()
        request = filled(ess.ModifyFlowDeadlineRequest(), Operator=operator(), FlowId=flow, Deadline=ahead(30))
        request_id = self.simulator.ess().ModifyFlowDeadline(request).RequestId
        entry = next(entry for entry in self.simulator.log() if entry.get("request_id") == request_id)
        self.assertEqual((entry["vendor"], entry["operation"]), ("tencent_ess", "ModifyFlowDeadline"))
        self.assertEqual((entry["code"], entry["effect"]), ("ok", True))
        self.assertEqual(entry["effect_id"], f"ModifyFlowDeadline:{flow}:-:{request.Deadline}")
        self.assertEqual(entry["request"]["Deadline"], request.Deadline)
        self.assertNotIn(self.simulator.credentials["secret_key"], str(self.simulator.log()))


class Names(Calls):
    """Both products by name, as the vendor's own hosts are named."""

    def setUp(self):
        # Not every system knows that names under `.localhost` lead to itself.
        known = socket.getaddrinfo
        here = lambda host, *more, **named: known("127.0.0.1" if host.endswith(".localhost") else host, *more, **named)
        patched = unittest.mock.patch("socket.getaddrinfo", here)
        patched.start()
        self.addCleanup(patched.stop)

    def test_each_product_answers_under_its_own_name(self):
        request = filled(ess.DescribeFlowBriefsRequest(), Operator=operator(), FlowIds=[fresh_id()])
        client = self.simulator.ess(profile=self.simulator.profile("ess.localhost"))
        self.assertTrue(client.DescribeFlowBriefs(request).RequestId)
        request = filled(essbasic.DescribeFlowDetailInfoRequest(), Agent=agent(), FlowIds=[fresh_id()])
        client = self.simulator.essbasic(profile=self.simulator.profile("essbasic.localhost"))
        self.assertTrue(client.DescribeFlowDetailInfo(request).RequestId)

    def test_one_products_name_does_not_answer_the_others_client(self):
        client = self.simulator.ess(profile=self.simulator.profile("essbasic.localhost"))
        request = filled(ess.DescribeFlowBriefsRequest(), Operator=operator(), FlowIds=[fresh_id()])
        self.refused("AuthFailure.SignatureFailure", client.DescribeFlowBriefs, request)


class OverHttps(Calls):
    options = ("--tls",)

    def test_the_sandboxs_own_authority_is_trusted(self):
        flow = fresh_id()
        client = self.simulator.ess()
        request = filled(ess.CancelFlowRequest(), Operator=operator(), FlowId=flow, CancelMessage="签署人有误")
        self.assertTrue(client.CancelFlow(request).RequestId)
        self.refused("OperationDenied.FlowHasTerminated", client.CancelFlow, request)
        effects = [entry["effect_id"] for entry in self.simulator.log() if entry["effect"]]
        self.assertEqual(effects, [f"CancelFlow:{flow}"])


class Limits(Calls):
    def test_twenty_calls_a_second(self):
        client = self.simulator.ess(profile=self.simulator.profile(keepAlive=True))
        request = filled(ess.DescribeFlowBriefsRequest(), Operator=operator(), FlowIds=[fresh_id()])
        codes = []
        for _ in range(60):
            try:
                client.DescribeFlowBriefs(request)
                codes.append("ok")
            except TencentCloudSDKException as error:
                codes.append(error.get_code())
        self.assertEqual(codes[:20], ["ok"] * 20)
        self.assertIn("RequestLimitExceeded", codes)
        self.assertLessEqual(set(codes), {"ok", "RequestLimitExceeded"})


class Refusals(Calls):
    options = ("--faults", "refuse=100%")

    def test_a_refusal_is_the_vendors_error_and_nothing_happens(self):
        request = filled(ess.CancelFlowRequest(), Operator=operator(), FlowId=fresh_id(), CancelMessage="refused")
        self.refused("OperationDenied", self.simulator.ess().CancelFlow, request)
        self.assertEqual([entry["effect"] for entry in self.simulator.log()], [False])


class Trouble(Calls):
    options = ("--faults", "lose=50%,cut=50%,seed=7")

    def test_a_lost_answer_is_a_network_error_and_its_effect_stands(self):
        flows = [fresh_id() for _ in range(8)]
        for flow in flows:
            request = filled(ess.CancelFlowRequest(), Operator=operator(), FlowId=flow, CancelMessage="lost")
            with self.assertRaises(TencentCloudSDKException) as caught:
                self.simulator.ess().CancelFlow(request)
            self.assertIsNone(caught.exception.get_request_id(), "the network's error, not the vendor's")
        effects = [entry["effect_id"] for entry in self.simulator.log() if entry["effect"]]
        self.assertEqual(effects, [f"CancelFlow:{flow}" for flow in flows])


if __name__ == "__main__":
    unittest.main()
