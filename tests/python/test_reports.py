"""Reports of a run, read by programs that are not ours: JUnit by junitparser, Markdown by GitHub's own renderer (cmark-gfm).
Their counts are those of the run's summary, and nothing hostile in cells or answers becomes markup."""

import html.parser
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest
import xml.etree.ElementTree as ElementTree

import cmarkgfm
import junitparser
from cmarkgfm.cmark import Options

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("RUNSHEET_BIN", str(REPOSITORY / "target/debug/runsheet"))
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "a|b \\| c",
    "@ops see http://evil.example and www.evil.example",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "`code` ``` $x$ #1 *b* _i_ ~~s~~",
    "]]></failure><testcase name='x'/>",
    "mail a@evil.example & &lt;b&gt;",
]
PLAYBOOK = """name: Hostile <b>|`@ops`
rows: { from: rows.csv, key: cell }
limits: { in_flight: 1 }
stop_when: { failed: 1000 }
steps:
  - id: send
    uses: http.request
    with: { method: POST, path: /cells, body: { cell: '{{ row.cell }}' } }
"""


class Parrot(http.server.BaseHTTPRequestHandler):
    """A vendor that refuses hostile cells and repeats them in its message and its code."""

    def do_POST(self):
        cell = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["cell"]
        if cell.startswith("lost"):
            self.close_connection = True
            return
        good = cell.startswith("good")
        body = json.dumps({"message": "ok" if good else cell, "code": "0" if good else cell}).encode()
        self.send_response(200 if good else 422)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Seen(html.parser.HTMLParser):
    """What a browser would see of a page: its tags with their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.within = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in ("td", "th"):
            self.cells.append("")
            self.within = True

    def handle_endtag(self, tag):
        self.within = self.within and tag not in ("td", "th")

    def handle_data(self, data):
        if self.within:
            self.cells[-1] += data


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Parrot)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        url = "http://127.0.0.1:%d" % cls.server.server_address[1]
        (cls.path / "runsheet.yaml").write_text("environments:\n  near:\n    connections:\n      http: { base_url: '%s' }\n" % url)
        (cls.path / "playbook.yaml").write_text(PLAYBOOK)
        cells = ["good %d" % n for n in range(5)] + ["lost"] + HOSTILE
        quoted = ['"%s"' % cell.replace('"', '""') for cell in cells]
        (cls.path / "rows.csv").write_text("cell\n" + "\n".join(quoted) + "\n")
        done = cls.runsheet("run", "playbook.yaml", "--env", "near", "--format", "json", "--report-junit", "junit.xml")
        cls.summary = json.loads(done.stdout)
        assert "rows" in cls.summary, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    @classmethod
    def runsheet(cls, *words):
        environment = {**os.environ, "RUNSHEET_STATE_DIR": str(cls.path / "state")}
        return subprocess.run([BINARY, *words], cwd=cls.path, env=environment, capture_output=True, text=True)

    def report(self, form):
        done = self.runsheet("report", "latest", "--format", form)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_junit_has_the_counts_of_the_summary(self):
        rows = self.summary["rows"]
        for source in (self.path / "junit.xml").read_text(), self.report("junit"):
            read = junitparser.JUnitXml.fromstring(source)
            suites = list(read)
            self.assertEqual([suite.name for suite in suites], ["run", "Hostile <b>|`@ops`"])
            suite = suites[1]
            cases = list(suite)
            kinds = {"failure": 0, "error": 0, "skipped": 0}
            for case in cases:
                for result in case.result:
                    kinds[result._tag] += 1
            self.assertEqual(len(cases), rows["total"])
            self.assertEqual((suite.tests, suite.failures, suite.errors, suite.skipped),
                             (rows["total"], rows["failed"] + rows["partial"], rows["unknown"],
                              rows["skipped"] + rows["not_started"]))
            self.assertEqual(kinds, {"failure": suite.failures, "error": suite.errors, "skipped": suite.skipped})
            self.assertGreater(suite.failures, 0)
            names = [case.name for case in cases]
            for cell in HOSTILE:
                self.assertIn(cell, names)
            properties = {one.name: one.value for one in suites[0].properties()}
            self.assertEqual(properties["run_id"], self.summary["run_id"])
            self.assertEqual(properties["rows.failed"], str(rows["failed"]))
            self.assertEqual((read.tests, read.failures), (rows["total"] + 1, suite.failures + suites[0].failures))

    def test_junit_is_xml_without_anything_beside_its_own_elements(self):
        tree = ElementTree.fromstring(self.report("junit"))
        known = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"}
        self.assertEqual({element.tag for element in tree.iter()} - known, set())

    def test_markdown_renders_as_tables_and_nothing_hostile_is_markup(self):
        text = self.report("markdown")
        self.assertLess(len(text.encode()), 1024 * 1024)
        seen = Seen(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
        known = {"h3", "h4", "p", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td", "pre"}
        self.assertEqual({tag for tag, _ in seen.tags} - known, set())
        links = [attributes for _, attributes in seen.tags if {"href", "src", "onerror"} & set(attributes)]
        self.assertEqual(links, [])
        # Every row of a table has as many cells as its head, so that no cell ended early.
        rendered = cmarkgfm.github_flavored_markdown_to_html(text)
        for table in rendered.split("<table>")[1:]:
            table = table.split("</table>")[0]
            heads = table.count("<th") - table.count("<thead")
            for row in table.split("<tr>")[2:]:
                self.assertEqual(row.count("<td"), heads, row)
        for outcome, count in self.summary["rows"].items():
            cells = seen.cells
            found = any(cells[at].strip() == outcome and cells[at + 1].strip() == str(count) for at in range(len(cells) - 1))
            self.assertEqual(found, count > 0 or outcome == "total", outcome)

    def test_the_record_has_the_counts_of_the_summary(self):
        record = json.loads(self.report("json"))
        self.assertEqual(record["rows"], self.summary["rows"])
        self.assertEqual(record["outcome"], self.summary["outcome"])
        self.assertEqual(record["failures"], self.summary["failures"])


if __name__ == "__main__":
    unittest.main()
