"""Starts `runsheet sandbox` for the tests and makes official clients for it."""

import json
import os
import pathlib
import ssl
import subprocess
import time
import urllib.request

from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ess.v20201111 import ess_client
from tencentcloud.essbasic.v20210526 import essbasic_client

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class Simulator:
    """A server of the binary in RUNSHEET_BIN; without it, of the debug build."""

    def __init__(self, *options):
        binary = os.environ.get("RUNSHEET_BIN", str(REPOSITORY / "target/debug/runsheet"))
        command = [binary, "sandbox", "--port", "0", "--format", "json", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        banner = json.loads(self.process.stdout.readline())
        self.url = banner["url"]
        self.credentials = banner["credentials"]
        self.ca_file = banner.get("ca_file")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    def log(self):
        """The calls so far, as the sandbox noted them."""
        trusted = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None
        with urllib.request.urlopen(self.url + "/_sandbox/log", timeout=10, context=trusted) as answer:
            return [json.loads(line) for line in answer.read().splitlines()]

    def profile(self, host=None, **options):
        """Settings of a client that calls the sandbox's own address, or a name under `.localhost`."""
        protocol, endpoint = self.url.split("://")
        if host:
            endpoint = f"{host}:{endpoint.rsplit(':', 1)[1]}"
        http = HttpProfile(protocol=protocol, endpoint=endpoint, reqTimeout=10, certification=self.ca_file, **options)
        return ClientProfile(httpProfile=http)

    def _credential(self, secret_id, secret_key, token):
        return credential.Credential(
            secret_id or self.credentials["secret_id"], secret_key or self.credentials["secret_key"], token
        )

    def ess(self, secret_id=None, secret_key=None, token=None, profile=None):
        key = self._credential(secret_id, secret_key, token)
        return ess_client.EssClient(key, "", profile or self.profile())

    def essbasic(self, secret_id=None, secret_key=None, token=None, profile=None):
        key = self._credential(secret_id, secret_key, token)
        return essbasic_client.EssbasicClient(key, "", profile or self.profile())


_SERIAL = iter(range(10**6))
_START = time.time_ns()


def fresh_id(word=""):
    """An id of 32 characters that no earlier call named; its end may say how the contract stands."""
    head = f"yD{_START:x}{next(_SERIAL):06d}"
    return head + "x" * (32 - len(head) - len(word)) + word
