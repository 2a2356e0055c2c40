//! The texts of the verbs that explain: `operations`, `explain`, `schema`, `completions`, `man`.

use super::exits::{REFERENCE, TEXT};
use super::verb_text::{VerbText, example};

/// `operations`.
pub(super) const OPERATIONS: VerbText = VerbText {
    path: "operations",
    examples: &[
        example("List the operations of every provider", "runsheet operations"),
        example("Show one with an example step", "runsheet operations http.request"),
    ],
    text: "An operation is one kind of call to a vendor; a step names it after `uses:`. Shows its inputs, its outputs, its dangers, \
           whether it may be repeated, and an example step. The name of a provider lists its operations and what a connection to \
           it needs.",
    exits: REFERENCE,
    files: &[],
    see: &["new", "explain"],
};

/// `explain`.
pub(super) const EXPLAIN: VerbText = VerbText {
    path: "explain",
    examples: &[
        example("Explain the code of a message", "runsheet explain blank-cell"),
        example("Explain the outcome of a row", "runsheet explain unknown"),
        example("Explain a vendor's code", "runsheet explain http:429"),
        example("Explain a key of a playbook", "runsheet explain stop_when"),
        example("List the words", "runsheet explain"),
    ],
    text: "Says what a word means and what to do. It knows the codes of messages about files, of answers, of rows and of exits, the \
           codes of the vendors, the keys of your files, and the helpers of templates.

A word with several meanings shows them all. key:NAME, code:NAME and helper:NAME show those of one kind, PROVIDER:CODE the code \
           of one vendor. The name of a provider lists its codes.",
    exits: REFERENCE,
    files: &[],
    see: &["operations", "check"],
};

/// `schema`.
pub(super) const SCHEMA: VerbText = VerbText {
    path: "schema",
    examples: &[
        example("Write the schema of playbooks", "runsheet schema playbook > playbook.schema.json"),
        example("List the schemas", "runsheet schema"),
        example(
            "Include the operations of your own providers",
            "runsheet schema playbook --providers my-providers > playbook.schema.json",
        ),
        example(
            "Help an editor with a provider of your own",
            "runsheet schema operation > my-providers/operation.schema.json",
        ),
    ],
    text: "An editor that reads JSON Schema completes and checks your files while you write them. Name the schema in the first line \
           of a YAML file:

  # yaml-language-server: $schema=playbook.schema.json",
    exits: REFERENCE,
    files: &[],
    see: &["new", "check"],
};

/// `completions`.
pub(super) const COMPLETIONS: VerbText = VerbText {
    path: "completions",
    examples: &[
        example("Complete in this bash", "source <(runsheet completions bash)"),
        example("Complete in zsh", "runsheet completions zsh > ~/.zfunc/_runsheet"),
        example("Complete in fish", "runsheet completions fish > ~/.config/fish/completions/runsheet.fish"),
    ],
    text: "Prints a script that completes verbs and options. In bash, zsh and fish it also completes operations, examples, \
           environments, runs, codes and schemas: the script asks `runsheet` itself, which reads the settings and the names of the \
           runs, and neither a credential nor the network.

For bash, put the first line into ~/.bashrc. For zsh, ~/.zfunc must be in $fpath before `compinit` runs.",
    exits: TEXT,
    files: &[],
    see: &["man"],
};

/// `man`.
pub(super) const MAN: VerbText = VerbText {
    path: "man",
    examples: &[
        example("Read the first page", "runsheet man | man -l -"),
        example("Install all pages for yourself", "runsheet man ~/.local/share/man/man1"),
    ],
    text: "Prints the manual page of the program. With DIR, writes that page and one for each verb into the folder, such as \
           runsheet-run.1.",
    exits: TEXT,
    files: &[],
    see: &["completions"],
};
