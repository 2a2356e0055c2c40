//! Files that playbooks, rows, tests and provider files name are read only inside the root.

use std::fs;
use std::os::unix::fs::symlink;

use crate::program::{CommandResult, TestFolder};

/// What must never be shown.
const SECRET: &str = "root:$6$hunter2:19000\nid,token\n1,hunter2\n";

const PLAYBOOK: &str = "name: n
rows: { from: FROM, key: id }
steps: [{ id: a, uses: http.request, with: { method: GET, path: \"/{{ row.id }}\" } }]
";

/// A desk with a project, and a secret beside it. The home folder is another one.
struct Project {
    desk: TestFolder,
}

impl Project {
    fn new() -> Self {
        let desk = TestFolder::new();
        desk.write("secret.csv", SECRET);
        desk.write("home/.keep", "");
        desk.write("project/runsheet.yaml", "environments: { sandbox: {} }\n");
        desk.write("project/data/shared.csv", "id\n7\n");
        desk.write("project/pb/own.csv", "id\n7\n");
        Self { desk }
    }

    fn playbook(&self, from: &str) {
        self.desk.write("project/pb/p.yaml", &PLAYBOOK.replace("FROM", from));
    }

    fn run(&self, line: &str) -> CommandResult {
        let home = self.desk.path().join("home");
        let came = self.desk.run_with(line, &[("HOME", home.to_str().unwrap())]);
        came.never_says(&["hunter2", "$6$"])
    }

    fn link(&self, to: &str, at: &str) {
        symlink(self.desk.path().join(to), self.desk.path().join(at)).unwrap();
    }
}

#[test]
fn rows_outside_are_neither_read_nor_quoted_however_they_are_named() {
    let project = Project::new();
    project.link("secret.csv", "project/pb/link.csv");
    project.link("", "project/pb/up");
    project.link("secret-that-is-none.csv", "project/pb/dangling.csv");
    let absolute = project.desk.path().join("secret.csv").display().to_string();
    for from in [
        "../../secret.csv",
        "link.csv",
        "up/secret.csv",
        "../pb/../../secret.csv",
        "/etc/passwd",
        "/proc/self/environ",
        "dangling.csv",
        "../../secret-that-is-none.csv",
        absolute.as_str(),
    ] {
        project.playbook(from);
        for verb in ["check", "plan", "run", "check --fix fixed.csv"] {
            let came = project.run(&format!("{verb} project/pb/p.yaml")).exits(3);
            came.says_wrapped(&["outside-root", "project/pb/p.yaml:2:", "--rows FILE", "--confine DIR"]);
        }
        assert!(!project.desk.path().join("fixed.csv").exists(), "{from}");
        assert_eq!(fs::read_dir(project.desk.path().join("state/runs")).map_or(0, Iterator::count), 0);
    }
}

#[test]
fn the_folder_of_the_settings_is_the_root_else_the_playbooks_own() {
    let project = Project::new();
    for inside in ["own.csv", "../data/shared.csv", "../pb/own.csv"] {
        project.playbook(inside);
        project.run("check project/pb/p.yaml").exits(0);
    }
    // Without settings above it, its own folder is all.
    fs::remove_file(project.desk.path().join("project/runsheet.yaml")).unwrap();
    project.playbook("../data/shared.csv");
    project.run("check project/pb/p.yaml").exits(3).says_wrapped(&["outside-root"]);
    project.playbook("own.csv");
    project.run("check project/pb/p.yaml").exits(0);
    // Settings in the home folder, or above it, make it no root.
    for (file, home) in [("project/runsheet.yaml", "project"), ("runsheet.yaml", "project")] {
        project.desk.write(file, "environments: { sandbox: {} }\n");
        project.playbook("../data/shared.csv");
        let home = project.desk.path().join(home);
        let came = project.desk.run_with("check project/pb/p.yaml", &[("HOME", home.to_str().unwrap())]);
        came.exits(3).says_wrapped(&["outside-root"]);
        fs::remove_file(project.desk.path().join(file)).unwrap();
    }
    // Settings beside the playbook's folder do not stand above it.
    project.desk.write("project/data/runsheet.yaml", "environments: { sandbox: {} }\n");
    project
        .run("check project/pb/p.yaml --settings project/data/runsheet.yaml")
        .exits(3)
        .says_wrapped(&["outside-root"]);
}

#[test]
fn what_the_command_line_names_may_lie_anywhere() {
    let project = Project::new();
    project.desk.write("lists/mine.csv", "id\n9\n");
    project.playbook("../../secret.csv");
    project.run("check project/pb/p.yaml --rows lists/mine.csv").exits(0);
    project.playbook("../../lists/mine.csv");
    project.run("check project/pb/p.yaml").exits(3);
    project.run("check project/pb/p.yaml --confine .").exits(0);
    project.run("check project/pb/p.yaml --confine project").exits(3).says_wrapped(&["outside-root"]);
    let home = project.desk.path().join("home");
    let variables = [("RUNSHEET_CONFINE", "."), ("HOME", home.to_str().unwrap())];
    project.desk.run_with("check project/pb/p.yaml", &variables).exits(0);
    project.run("check project/pb/p.yaml --confine nowhere").exits(2).says_wrapped(&["--confine nowhere"]);
    project.run("check project/pb/p.yaml --confine secret.csv").exits(2).says_wrapped(&["not a folder"]);
    // A narrower folder holds too.
    project.playbook("../data/shared.csv");
    project.run("check project/pb/p.yaml --confine project/pb").exits(3).says_wrapped(&["outside-root"]);
    project.desk.write("vars.yaml", "x: 1\n");
    project.desk.write("project/pb/v.yaml", "name: n\nvars: { x: { type: string } }\nsteps: [{ id: a, uses: http.request, with: { method: GET, path: / } }]\n");
    project.run("check project/pb/v.yaml --vars-file vars.yaml").exits(0);
}

#[test]
fn lists_are_rows() {
    let project = Project::new();
    let playbook = "name: n
rows: { from: own.csv, key: id, lists: { more: { from: ../../secret.csv, match: id } } }
steps: [{ id: a, uses: http.request, with: { method: GET, path: \"/{{ row.id }}\" } }]
";
    project.desk.write("project/pb/p.yaml", playbook);
    project.run("check project/pb/p.yaml").exits(3).says_wrapped(&["outside-root", "--rows more=FILE"]);
}

#[test]
fn devices_pipes_and_folders_are_no_rows_and_hold_nothing_up() {
    let project = Project::new();
    project.desk.bash("mkfifo project/pb/pipe.csv && mkdir project/pb/folder.csv").exits(0);
    for (from, word) in [("pipe.csv", "a pipe"), ("folder.csv", "a folder"), ("none.csv", "no such file")] {
        project.playbook(from);
        project.run("check project/pb/p.yaml").exits(3).says_wrapped(&[word, "missing-rows"]);
        project.run("run project/pb/p.yaml").exits(3).says_wrapped(&[word]);
    }
    for from in ["/dev/zero", "/dev/tty", "/dev/stdin"] {
        project.playbook(from);
        project.run("check project/pb/p.yaml").exits(3).says_wrapped(&["outside-root"]);
        project.run("check project/pb/p.yaml --confine /").exits(3);
    }
}

#[test]
fn tests_name_nothing_outside() {
    let project = Project::new();
    let test = |text: &str| project.desk.write("project/pb/p.test.yaml", text);
    project.playbook("own.csv");
    let answers = "answers: [{ to: a, body: {} }], expect: { rows: { 7: succeeded } }";
    test(&format!("tests: [{{ name: t, rows: ../../secret.csv, {answers} }}]\n"));
    project.run("test project/pb").exits(4).says_wrapped(&[]);
    let shown = project.run("test project/pb");
    assert!(format!("{}{}", shown.out, shown.err).contains("outside"), "{shown:?}");
    project.link("secret.csv", "project/pb/other.yaml");
    test(&format!("playbook: other.yaml\ntests: [{{ name: t, {answers} }}]\n"));
    for verb in ["test project/pb", "test project/pb/p.test.yaml", "check project/pb/p.test.yaml"] {
        project.run(verb).exits(3).says_wrapped(&["outside-root", "--confine DIR"]);
    }
    // A test that is found and not named may be a link as well.
    fs::remove_file(project.desk.path().join("project/pb/p.test.yaml")).unwrap();
    project.link("secret.csv", "project/pb/p.test.yaml");
    for verb in ["test project", "test project/pb", "test project/pb/p.yaml"] {
        project.run(verb).exits(2).says_wrapped(&["p.test.yaml", "--confine DIR"]);
    }
}

#[test]
fn provider_files_lie_in_their_folder_or_the_root() {
    let project = Project::new();
    project.playbook("own.csv");
    project.desk.write("elsewhere/acme/provider.yaml", "title: Acme\n");
    project.desk.bash("mkdir -p project/own/acme && mkfifo project/own/acme/pipe.yaml").exits(0);
    project.link("secret.csv", "project/own/acme/provider.yaml");
    for line in ["operations --providers project/own", "check project/pb/p.yaml --providers project/own"] {
        project.run(line).exits(3);
    }
    let said = project.run("check project/pb/p.yaml --providers project/own").err;
    assert!(said.contains("outside") || said.contains("a pipe"), "{said}");
    fs::remove_file(project.desk.path().join("project/own/acme/pipe.yaml")).unwrap();
    project
        .run("check project/pb/p.yaml --providers project/own")
        .exits(3)
        .says_wrapped(&["outside-root", "--confine DIR"]);
    // The folder itself is for the command line to name, wherever it lies.
    project
        .run("check project/pb/p.yaml --providers elsewhere")
        .exits(3)
        .says_wrapped(&["elsewhere/acme/provider.yaml"]);
}
