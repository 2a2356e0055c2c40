//! Provider files of one's own: they replace nothing unasked and do not say where credentials go.

use crate::program::TestFolder;

const PROVIDER: &str = "title: Acme
base_url: https://api.acme.example
auth: { scheme: bearer }
credentials: { token: { description: A token } }
credential_sets: [{ credentials: [token] }]
answer: { any_body: true, otherwise: rejected }
";

const OPERATION: &str = "summary: Makes a thing
vendor_name: makeThing
effect: write
method: POST
path: /v1/things
repeat: never
inputs: { required: [num], properties: { num: { type: string } } }
examples: [{ name: a, with: { num: a }, request: { path: /v1/things, body: { num: a } }, answers: [{ status: 200, body: \"{}\", is: succeeded }] }]
";

const PLAYBOOK: &str = "name: Make things
steps: [{ id: make, uses: acme.make, with: { num: a } }]
";

/// A desk whose providers' folder holds an own provider, and one file in the folder of a built-in one.
fn desk(file: &str, text: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("own/acme/provider.yaml", PROVIDER);
    desk.write("own/acme/make.yaml", OPERATION);
    desk.write("playbook.yaml", PLAYBOOK);
    if !file.is_empty() {
        desk.write(&format!("own/{file}"), text);
    }
    desk
}

#[test]
fn what_is_built_in_is_replaced_only_where_the_settings_say_so() {
    for (file, text, deed) in [
        ("arctos/provider.yaml", PROVIDER, "replace the built-in provider `arctos`"),
        ("http/request.yaml", OPERATION, "replace the built-in operation `http.request`"),
        ("arctos/take_all.yaml", OPERATION, "add an operation to the built-in provider `arctos`"),
    ] {
        let desk = desk(file, text);
        for verb in ["check playbook.yaml", "plan playbook.yaml", "run playbook.yaml", "operations", "explain arctos"] {
            let came = desk.run(&format!("{verb} --providers own")).exits(3);
            came.says(&[deed, &format!("own/{file}:1:1"), "replaces: true", "replaced-provider"]);
        }
        desk.write("runsheet.yaml", "providers: own\n");
        desk.run("check playbook.yaml").exits(3).says(&[deed]);
        desk.write("runsheet.yaml", "providers: { from: own, esignon: { replaces: true } }\n");
        desk.run("check playbook.yaml").exits(3).says(&[deed]);
        desk.write("runsheet.yaml", "providers: { from: own, arctos: { replaces: true }, http: { replaces: true } }\n");
        desk.run("operations").never_says(&["replaced-provider"]);
        // The command line names a folder; what its files may replace is for the settings all the same.
        desk.write("runsheet.yaml", "providers: { arctos: { replaces: true }, http: { replaces: true } }\n");
        desk.run("operations --providers own").never_says(&["replaced-provider"]);
    }
}

#[test]
fn where_the_credentials_of_an_own_provider_go_is_for_the_settings_to_say() {
    let desk = desk("", "");
    let settings = |environment: &str, more: &str| {
        desk.write(
            "runsheet.yaml",
            &format!(
                "providers: own\nenvironments: {{ {environment}: {{ connections: {{ acme: {{ {more}credentials: {{ token: {{ env: T }} }} }} }} }} }}\n"
            ),
        );
    };
    settings("staging", "");
    let came = desk.run("check playbook.yaml --env staging").exits(3);
    came.says(&["needs a `base_url`", "`https://api.acme.example`", "runsheet.yaml:2:"]);
    desk.run("plan playbook.yaml --env staging").exits(3).says(&["needs a `base_url`"]);
    settings("staging", "base_url: https://api.acme.example, ");
    desk.run("check playbook.yaml --env staging").exits(0);
    // Calls of the sandbox stay inside the process.
    settings("sandbox", "");
    desk.run("check playbook.yaml").exits(0);
}

#[test]
fn a_replaced_built_in_provider_says_no_more_than_an_own_one_where_credentials_go() {
    let open = PROVIDER.replace("{ scheme: bearer }", "{ scheme: connection }").replace("api.acme", "api.elsewhere");
    let desk = desk("http/provider.yaml", &open);
    let connection = |keys: &str| {
        let providers = "providers: { from: own, http: { replaces: true } }";
        let connections = format!("environments: {{ staging: {{ connections: {{ http: {keys} }} }} }}");
        desk.write("runsheet.yaml", &format!("{providers}\n{connections}\n"));
    };
    desk.write("playbook.yaml", "name: n\nsteps: [{ id: a, uses: http.request, with: { method: GET, path: / } }]\n");
    connection("{}");
    desk.run("check playbook.yaml --env staging").exits(3).says(&["needs a `base_url`", "api.elsewhere.example"]);
    connection("{ base_url: https://api.example.com }");
    desk.run("check playbook.yaml --env staging").exits(0);
}

#[test]
fn an_own_provider_without_a_scheme_of_its_own_needs_its_base_url_too() {
    let desk = desk("", "");
    desk.write("own/acme/provider.yaml", "title: Acme\nbase_url: https://api.acme.example\nauth: { scheme: connection }\nanswer: { any_body: true, otherwise: rejected }\n");
    desk.write("runsheet.yaml", "providers: own\nenvironments: { staging: { connections: { acme: {} } } }\n");
    desk.run("check playbook.yaml --env staging").exits(3).says(&["needs a `base_url`"]);
}

#[test]
fn a_run_goes_on_with_the_provider_files_that_it_began_with() {
    let desk = desk("", "");
    let replacing =
        std::fs::read_to_string(crate::program::root().join("schemas/providers/http/request.yaml")).unwrap();
    desk.write("own/http/request.yaml", &replacing);
    desk.write("playbook.yaml", "name: n\nsteps: [{ id: a, uses: http.request, with: { method: GET, path: / } }]\n");
    desk.write("runsheet.yaml", "providers: { from: own, http: { replaces: true } }\n");
    desk.run("run playbook.yaml").exits(0);
    // What the settings say now is for the next run.
    desk.write("runsheet.yaml", "providers: own\n");
    desk.run("resume latest").exits(0).never_says(&["replaced-provider"]);
    desk.run("run playbook.yaml").exits(3).says(&["replaced-provider"]);
}
