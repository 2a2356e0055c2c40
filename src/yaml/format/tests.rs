//! What formatting changes and what it keeps; formatting twice changes nothing more.

use std::sync::Arc;

use proptest::prelude::*;

use super::reformat;
use crate::diagnostic::{Diagnostics, Source};

fn formatted(text: &str) -> Result<String, Vec<&'static str>> {
    let mut diagnostics = Diagnostics::new();
    let source: Arc<Source> = Source::new("f.yaml", text);
    reformat(&source, &mut diagnostics).ok_or_else(|| diagnostics.iter().map(|one| one.code).collect())
}

#[track_caller]
fn becomes(text: &str, wanted: &str) {
    assert_eq!(formatted(text).as_deref(), Ok(wanted), "{text}");
    assert_eq!(formatted(wanted).as_deref(), Ok(wanted), "a second time");
}

#[test]
fn a_file_that_cannot_be_read_is_reported_and_left_unchanged() {
    for (text, code) in [
        ("a: [1\n", "yaml-syntax"),
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: 1\n---\nb: 2\n", "yaml-documents"),
        ("a: !secret x\n", "yaml-tag"),
        ("# nothing\n", "yaml-empty"),
        ("a: |+\n  x\n\t\nb: 1\n", "format-unknown"),
    ] {
        assert_eq!(formatted(text), Err(vec![code]), "{text}");
    }
}

#[test]
fn indentation_spaces_and_line_ends_are_normalized() {
    becomes(
        "\u{feff}\r\n\r\na:   1 \r\nb:\r\n    c : 'x'\t\r\n\r\n\r\n\r\n    d: [1,2 , {x: 1,y: [ ]}]",
        "a: 1\nb:\n  c: 'x'\n\n  d: [1, 2, { x: 1, y: [] }]\n",
    );
    becomes(
        "a:\n- 1\n-   k: v\n    l: w\n- - 2\n  - 3\n-\n  - 4\nb: 1\n",
        "a:\n  - 1\n  - k: v\n    l: w\n  - - 2\n    - 3\n  -\n    - 4\nb: 1\n",
    );
    becomes("---\na: {}\n...\n", "---\na: {}\n...\n");
    becomes("a: &x {k: 1}\nb: *x\n", "a: &x { k: 1 }\nb: *x\n");
    becomes("&k a: 1\nb:\n  *k : 2\n", "&k a: 1\nb:\n  *k : 2\n");
}

#[test]
fn scalars_stay_as_they_are_written() {
    let plain = "a: \"0911\"\nb: no\nc: 1.50\nd: 2026-03-01\ne: '1'\nf: ~\ng:\nh: 0x1F\ni: \"\\u0041\\tb\"\n";
    becomes(plain, plain);
    becomes(
        "a: one\n      two\n\n      three\nb: \"x  \n      y\\\n      \\  z\"\n",
        "a: one\n      two\n\n      three\nb: \"x\n      y\\\n      \\  z\"\n",
    );
}

#[test]
fn block_scalars_keep_what_they_say() {
    becomes(
        "a: |\n      x  \n        y\n\n      z\n\n\nb: >-   # why\n   p\n   q\n",
        "a: |\n  x  \n    y\n\n  z\n\nb: >-   # why\n  p\n  q\n",
    );
    becomes("a:\n    b: |+\n        x\n\n\n    c: |2-\n        two\n", "a:\n  b: |+\n    x\n\n\n  c: |2-\n      two\n");
    becomes("a:\n- |\n  x\n- >\n    y\n", "a:\n  - |\n    x\n  - >\n    y\n");
    becomes("a: |\n  x", "a: |\n  x\n");
    becomes("a: |+\n    x\n  ", "a: |+\n  x\n");
    becomes("a: |-\n  x\n\n\n", "a: |-\n  x\n");
    becomes("a: |+\n\n\nb: 1\n", "a: |+\n\n\nb: 1\n");
}

#[test]
fn comments_keep_their_place() {
    let text = "# top\n\n# of a\na:  # aside\n    # first\n    - x     # one\n    # between\n    - yy    # two\n    # last\n# of b\nb:\n# of c\n  c: 1\n # odd\nd: 1\n# end\n";
    becomes(
        text,
        "# top\n\n# of a\na:  # aside\n  # first\n  - x     # one\n  # between\n  - yy    # two\n  # last\n# of b\nb:\n# of c\n  c: 1\n# odd\nd: 1\n# end\n",
    );
    becomes("a: {\n    x: 1, # c\n    # d\n    y: 2\n  }\n", "a: {\n    x: 1, # c\n    # d\n    y: 2\n  }\n");
}

#[test]
fn steps_are_separated_by_one_empty_line() {
    becomes(
        "steps:\n- id: a\n  note: |\n    x\n\n    y\n# of b\n- id: b\n  uses: y\n\n\n- id: c\n  uses: z\nafter:\n  - id: d\n    uses: w\n",
        "steps:\n  - id: a\n    note: |\n      x\n\n      y\n\n  # of b\n  - id: b\n    uses: y\n\n  - id: c\n    uses: z\nafter:\n  - id: d\n    uses: w\n",
    );
    let short =
        "steps:\n  - { id: a, uses: x }\n  - { id: b, uses: y }\nother:\n  - k: 1\n    l: 2\n  - k: 3\n    l: 4\n";
    becomes(short, short);
    becomes(
        "steps:\n  - id: a\n    with: |+\n      x\n  - id: b\n    uses: y\n",
        "steps:\n  - id: a\n    with: |+\n      x\n  - id: b\n    uses: y\n",
    );
}

/// Texts made of pieces of YAML in any order; many are not valid YAML.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a: 1\n",
        "b:\n",
        "  c: x\n",
        "    d: 'q'\n",
        "- e\n",
        "  - f: 1\n",
        "    g: 2\n",
        "-\n",
        "- - h\n",
        "# r\n",
        "  # s\n",
        "      # t\n",
        "\n",
        "\n\n",
        "k: |\n",
        "k2: >-  # u\n",
        "k3: |+\n",
        "k4: |2\n",
        "    text  \n",
        "      more\n",
        "  \n",
        "l: [1,\n",
        "  2]\n",
        "m: {x: 1,\n",
        " y: 2 }\n",
        "n: \"o\n",
        "   p\"\n",
        "q: r\n",
        "   s\n",
        "? t\n",
        ": u\n",
        "&v w: 1\n",
        "z: *v\n",
        "steps:\n",
        "- id: a1\n",
        "  uses: b1\n",
        "  with: { x:   1 } # c\n",
        "a2:   \t3   # d\n",
        "\"q2\" : 1\n",
        "a3: !!str 5\n",
        "---\n",
        "a4: &n\n",
        "  o: 1\n",
        "\r\n",
        "a5: 1\r\n",
        "- {id: x,uses: y}\n",
        "<<: *v\n",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn formatted_text_says_the_same_and_formats_to_itself(text in texts()) {
        // `reformat` itself proves that the result says the same. Here: the proof never has to refuse, and a second
        // pass changes nothing.
        match formatted(&text) {
            Ok(once) => {
                prop_assert_eq!(formatted(&once), Ok(once.clone()));
                let loose = |line: &str| line.ends_with([' ', '\t']) && !line.trim().is_empty();
                prop_assert!(!once.lines().any(|line| loose(line) && !line.contains("text")), "{}", once);
            }
            Err(codes) => prop_assert!(!codes.contains(&"format-unknown"), "{}", text),
        }
    }
}
