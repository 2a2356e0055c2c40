"""Tencent's own command line, tccli, against the sandbox: unchanged, in a home folder and a trust store of its own."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from simulator import REPOSITORY, Simulator, fresh_id

TCCLI = pathlib.Path(os.environ.get("TCCLI", REPOSITORY / "target/tccli/bin/tccli"))
OPERATOR = {"UserId": "yDxxxUUckp"}
AGENT = {
    "AppId": "yDwhxUUckp3gl8j5UuFX33LSNozpRsbi",
    "ProxyOrganizationOpenId": "org_dianziqian",
    "ProxyOperator": {"OpenId": "n9527"},
}


class Calls:
    """What is called over http and over https alike."""

    options = ()

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(*cls.options)
        cls.addClassCleanup(cls.simulator.close)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        cls.variables = {"HOME": str(cls.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        cls.endpoint = cls.simulator.url

    def tccli(self, product, action, secret_key=None, **inputs):
        """Calls an action as a user types it; the answer, or the vendor's code."""
        known = self.simulator.credentials
        words = ["--secretId", known["secret_id"], "--secretKey", secret_key or known["secret_key"]]
        words += ["--region", "ap-guangzhou", "--endpoint", self.endpoint, "--timeout", "10"]
        for name, value in inputs.items():
            words += [f"--{name}", value if isinstance(value, str) else json.dumps(value)]
        command = [str(TCCLI), product, action, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=self.variables, timeout=60)
        if done.returncode == 0:
            return json.loads(done.stdout)
        said = done.stdout + done.stderr
        self.assertIn(" code:", said)
        return said.split(" code:")[1].split(" ")[0]

    def test_a_write_changes_what_a_read_tells_and_happens_once(self):
        flow, deadline = fresh_id(), int(time.time()) + 30 * 86_400
        read = lambda: self.tccli("ess", "DescribeFlowBriefs", Operator=OPERATOR, FlowIds=[flow])["FlowBriefs"][0]
        self.assertNotEqual(read()["Deadline"], deadline)
        fields = {"Operator": OPERATOR, "FlowId": flow, "Deadline": deadline}
        request_id = self.tccli("ess", "ModifyFlowDeadline", **fields)["RequestId"]
        self.assertEqual(read()["Deadline"], deadline)
        entries = [entry for entry in self.simulator.log() if entry.get("request_id") == request_id]
        told = [(entry["vendor"], entry["operation"], entry["effect_id"]) for entry in entries]
        self.assertEqual(told, [("tencent_ess", "ModifyFlowDeadline", f"ModifyFlowDeadline:{flow}:-:{deadline}")])

    def test_errors_have_the_vendors_codes(self):
        cancel = {"Operator": OPERATOR, "FlowId": fresh_id(), "CancelMessage": "签署人有误"}
        self.assertEqual(self.tccli("ess", "CancelFlow", secret_key="wrong", **cancel), "AuthFailure.SignatureFailure")
        self.assertIn("RequestId", self.tccli("ess", "CancelFlow", **cancel))
        self.assertEqual(self.tccli("ess", "CancelFlow", **cancel), "OperationDenied.FlowHasTerminated")
        # An action that the vendor has and the sandbox does not.
        self.assertEqual(self.tccli("ess", "DescribeFlowTemplates", Operator=OPERATOR), "InvalidAction")

    def test_the_platforms_edition(self):
        answer = self.tccli("essbasic", "DescribeFlowDetailInfo", Agent=AGENT, FlowIds=[fresh_id()])
        self.assertEqual(answer["ApplicationId"], AGENT["AppId"])


class OverHttp(Calls, unittest.TestCase):
    """tccli takes http only as part of the address, and sends and signs it as part of `Host`."""


class OverHttps(Calls, unittest.TestCase):
    options = ("--tls",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint = cls.simulator.url.removeprefix("https://")
        # tccli trusts the authorities that `certifi` lists: its list with the sandbox's behind it.
        [listed] = TCCLI.parents[1].glob("lib/python3*/site-packages/certifi")
        shutil.copytree(listed, cls.home / "trusting/certifi")
        with open(cls.home / "trusting/certifi/cacert.pem", "a", encoding="utf-8") as file:
            file.write("\n" + pathlib.Path(cls.simulator.ca_file).read_text())
        cls.variables["PYTHONPATH"] = str(cls.home / "trusting")

    def test_without_the_sandboxs_authority_nothing_is_sent(self):
        trusting = self.variables.pop("PYTHONPATH")
        self.addCleanup(self.variables.__setitem__, "PYTHONPATH", trusting)
        before = len(self.simulator.log())
        code = self.tccli("ess", "CancelFlow", Operator=OPERATOR, FlowId=fresh_id(), CancelMessage="x")
        self.assertEqual((code, len(self.simulator.log())), ("ClientNetworkError", before))


if __name__ == "__main__":
    unittest.main()
