"""The schemas against `runsheet check`, with a validator that is not ours: what one takes, the other takes."""

import copy
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import jsonschema
import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("RUNSHEET_BIN", str(REPOSITORY / "target/debug/runsheet"))
# What a schema can know of; the rest of `check` needs names, rows and time.
SHAPES = {"unknown-key", "missing-key", "unknown-operation", "unknown-input", "not-built", "yaml-key"}


class Core(yaml.SafeLoader):
    """YAML as the core schema reads it: `no` is text, and so is a date."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", ["<"]),
]:
    import re

    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def load(path):
    return yaml.load(path.read_text(), Loader=Core)


def schema(name):
    text = subprocess.run([BINARY, "schema", name], check=True, capture_output=True, text=True).stdout
    assert text.strip() == (REPOSITORY / f"schemas/{name}.schema.json").read_text().strip(), "stale"
    made = json.loads(text)
    jsonschema.Draft7Validator.check_schema(made)
    return jsonschema.Draft7Validator(made)


def problems(path, *options):
    """The codes of errors that `check` finds in a file itself, not in its rows."""
    done = subprocess.run([BINARY, "check", str(path), "--format", "json", *options], capture_output=True, text=True)
    found = json.loads(done.stdout)["diagnostics"]
    return [one["code"] for one in found if one["severity"] == "error" and one["file"] in (str(path), None)]


def maps(node, path=()):
    """The paths of all maps of a document."""
    if isinstance(node, dict):
        yield path
        for key, value in node.items():
            yield from maps(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from maps(value, (*path, index))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def is_playbook(path):
    """Whether a file has steps and is YAML that any reader takes."""
    if path.name.startswith(("yaml-", "duplicate-key")):
        return False
    try:
        # Rows of a run need that run.
        return "\nsteps:" in path.read_text(encoding="utf-8") and "from: run:" not in path.read_text() and bool(load(path))
    except (UnicodeDecodeError, yaml.YAMLError):
        return False


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.playbook, cls.settings, cls.test = schema("playbook"), schema("settings"), schema("test")
        cls.playbooks = sorted(
            path
            for folder in ("playbooks", "tests/cases")
            for path in (REPOSITORY / folder).rglob("*.yaml")
            if is_playbook(path)
        )
        cls.good = [path for path in cls.playbooks if path.parent.name == "playbooks"]

    def changed(self, path, document):
        """What `check` says of a changed copy beside the rows of the original."""
        with tempfile.TemporaryDirectory() as folder:
            for rows in path.parent.glob("*.csv"):
                shutil.copy(rows, folder)
            copy_ = pathlib.Path(folder) / "playbook.yaml"
            copy_.write_text(json.dumps(document, ensure_ascii=False))
            return problems(copy_)

    def test_every_playbook_is_taken_or_refused_by_both(self):
        self.assertGreater(len(self.good), 7)
        for path in self.playbooks:
            with self.subTest(path=path):
                found = problems(path)
                refused = not self.playbook.is_valid(load(path))
                if not found:
                    self.assertFalse(refused, [error.message for error in self.playbook.iter_errors(load(path))])
                elif SHAPES & set(found):
                    self.assertTrue(refused, found)

    def test_a_key_too_many_is_refused_where_check_refuses_it(self):
        seen = 0
        for path in self.good:
            for place in maps(load(path)):
                document = load(path)
                at(document, place)["zzz"] = 1
                found = self.changed(path, document)
                with self.subTest(path=path.name, place=place):
                    self.assertEqual(bool(found), not self.playbook.is_valid(document), found)
                seen += 1
        self.assertGreater(seen, 60)

    def test_what_the_schema_refuses_check_refuses_too(self):
        refused = 0
        for path in self.good:
            for place in maps(load(path)):
                for key in at(load(path), place):
                    for value in ([], {}, "words", 7, True):
                        # A plain `true` is a text where a text is wanted.
                        if key == "id" and value is True:
                            continue
                        document = load(path)
                        at(document, place)[key] = value
                        if not self.playbook.is_valid(document):
                            refused += 1
                            if refused % 7 == 0:
                                with self.subTest(path=path.name, place=place, key=key, value=value):
                                    self.assertTrue(self.changed(path, document))
        self.assertGreater(refused, 100)

    def test_a_test_file_is_taken_or_refused_by_both(self):
        seen = 0
        for path in sorted((REPOSITORY / "playbooks").glob("*.test.yaml")):
            good = load(path)
            self.assertEqual([error.message for error in self.test.iter_errors(good)], [], path)
            for place in list(maps(good)):
                # What rows, variables, bodies and results hold is the user's own.
                own = {"rows", "vars", "body", "results", "lists"} & set(place)
                document = load(path)
                at(document, place)["zzz"] = 1
                refused = not self.test.is_valid(document)
                if own:
                    continue
                self.assertTrue(refused, place)
                if seen % 11 == 0:
                    with self.subTest(path=path.name, place=place):
                        self.assertTrue(self.codes_of(path, document))
                seen += 1
        self.assertGreater(seen, 200)

    def codes_of(self, path, document):
        """The codes that `test` gives for a changed copy beside the playbook of the original."""
        with tempfile.TemporaryDirectory() as folder:
            for other in path.parent.glob("*"):
                if not other.name.endswith(".test.yaml"):
                    (pathlib.Path(folder) / other.name).symlink_to(other)
            copy_ = pathlib.Path(folder) / path.name
            copy_.write_text(json.dumps(document, ensure_ascii=False))
            done = subprocess.run([BINARY, "test", str(copy_), "--format", "json"], capture_output=True, text=True)
            return [one["code"] for one in json.loads(done.stdout).get("diagnostics", [])]

    def test_settings(self):
        good = yaml.load(SETTINGS, Loader=Core)
        self.assertEqual([error.message for error in self.settings.iter_errors(good)], [])
        for place in maps(good):
            document = copy.deepcopy(good)
            at(document, place)["zzz"] = 1
            with self.subTest(place=place), tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / "settings.yaml"
                file.write_text(json.dumps(document, ensure_ascii=False))
                playbook = REPOSITORY / "playbooks/return-documents.yaml"
                command = [BINARY, "check", str(playbook), "--settings", str(file), "--format", "json"]
                found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["diagnostics"]
                own = [one for one in found if one["severity"] == "error" and one["file"] == str(file)]
                self.assertEqual(bool(own), not self.settings.is_valid(document), own)

    def test_provider_files(self):
        schemas = {True: schema("provider"), False: schema("operation")}
        seen = 0
        for path in sorted((REPOSITORY / "schemas/providers").rglob("*.yaml")):
            judge, good = schemas[path.name == "provider.yaml"], load(path)
            self.assertEqual([error.message for error in judge.iter_errors(good)], [], path)
            for key in list(good):
                with self.subTest(path=path, key=key):
                    self.assertFalse(judge.is_valid({**good, key + "z": good[key]}))
                    self.assertFalse(judge.is_valid({**good, key: [[[]]]}) and key != "body")
            seen += 1
        self.assertGreater(seen, 25)


SETTINGS = """
environments:
  staging:
    confirm: true
    connections:
      tencent_essbasic:
        base_url: https://essbasic.test.ess.tencent.cn
        credentials:
          secret_id:  { env: TENCENTCLOUD_SECRET_ID }
          secret_key: { file: /run/secrets/tencent_key }
        defaults:
          Agent: { AppId: yDwhxUUckp3gl8j5UuFX33LSNozpRsbi }
        limits: { rate: 15/s, in_flight: 8 }
        timeout: 30s
        proxy: { env: CORP_PROXY }
      fxiaoke:
        credentials: { app_id: { env: FX_APP_ID }, app_secret: { command: [pass, show, fx] }, permanent_code: { env: FX_CODE } }
        settings: { user_id: "1000" }
        limits: { rate: 60/20s }
      second:
        provider: arctos
        base_url: https://api.example.com
        credentials: { token: { env: ARCTOS_TOKEN } }
        operations: { update_status: { path: /told, limits: { rate: 1/s } } }
      http:
        base_url: https://api.example.com
        auth: { scheme: bearer, token: { env: TOKEN } }
        headers: { X-Team: ops }
"""


if __name__ == "__main__":
    unittest.main()
