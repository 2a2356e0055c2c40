//! Answers that cannot be read: a later call never loses a field to them.

use super::{desk, run};
use crate::recorder::{Recorder, answer};

const STEPS: &str = "  - { id: s, uses: http.request, with: { method: POST, path: /a } }
  - { id: t, uses: http.request, with: { method: POST, path: /b, body: { id: '{{ steps.s.READ }}', kept: x } } }
";

const GZIP: &[u8] = &[
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0x56, 0xca, 0x4c, 0x51, 0xb2, 0x32, 0xad, 5, 0, 0x5c, 0x7c, 0x8c, 0x6b,
    8, 0, 0, 0,
];

fn both(
    status: u16,
    headers: &'static [&'static str],
    body: &'static [u8],
    read: &str,
) -> (Recorder, crate::program::CommandResult) {
    let server = Recorder::start(move |_, _| answer(status, headers, body));
    let desk = desk(&server, "", &STEPS.replace("READ", read), "id\na1\n");
    let came = run(&desk);
    (server, came)
}

#[test]
fn a_field_of_an_answer_that_cannot_be_read_fails_the_step_that_reads_it() {
    let cases: &[(u16, &'static [&'static str], &'static [u8])] = &[
        (200, &["Content-Encoding: gzip"], GZIP),
        (200, &[], GZIP),
        (200, &["Content-Encoding: br"], b"\x0b\x02\x80{\"id\":5}\x03\xff"),
        (200, &["Content-Encoding: deflate"], b"x\x9c\xabV\xcaLQ\xb22\xad\x05\0\x0b\xb7\x02\xa5"),
        (200, &["Content-Type: application/json"], b"{\"id\":1,\"name\":\"\xcd\xf5\xce\xb0\"}"),
        (200, &["Content-Type: application/json; charset=utf-8"], b"{\"id\":1,\"name\":\"\xcd\xf5\xce\xb0\"}"),
        (200, &["Content-Type: application/json; charset=x-unknown"], b"{\"id\":\"\xff\"}"),
        (202, &[], b""),
        (200, &[], b""),
        (204, &[], b""),
        (200, &["Content-Type: text/html"], b"<html><title>Sign in</title></html>"),
        (200, &["Content-Type: application/json"], b"{\"id\":"),
        (200, &["Content-Type: application/json"], b"[{\"id\":5}]"),
        (200, &["Content-Type: application/json"], b"\"id\""),
        (200, &["Content-Type: application/json"], b"null"),
        (200, &["Content-Type: application/json"], b"{\"other\":5}"),
        (200, &["Content-Type: application/json"], b"\xff\xfe{\0\""),
    ];
    for (status, headers, body) in cases {
        for read in ["body.id", "outputs.body.id"] {
            let (server, came) = both(*status, headers, body, read);
            let came = came.exits(4);
            assert_eq!(server.paths(), ["/a"], "{status} {headers:?} {read}: {}", came.out);
            assert!(came.out.contains("template"), "{}", came.out);
        }
    }
}

#[test]
fn the_whole_of_what_cannot_be_read_is_no_value_either() {
    for read in ["body", "outputs.body"] {
        let (server, came) = both(200, &["Content-Encoding: gzip"], GZIP, read);
        came.exits(4);
        assert_eq!(server.paths(), ["/a"]);
    }
}

#[test]
fn marks_and_charsets_are_read_and_the_value_arrives() {
    let cases: &[(&'static [&'static str], &'static [u8], &str)] = &[
        (&[], b"\xef\xbb\xbf{\"id\":9007199254740993}", "9007199254740993"),
        (&["Content-Type: application/json; charset=GBK"], b"{\"id\":\"\xcd\xf5\xce\xb0\"}", "\"王伟\""),
        (&["Content-Type: application/json;charset=\"Big5\""], b"{\"id\":\"\xb9w\xac\xf9\"}", "\"預約\""),
        (&["Content-Type: application/json; charset=ISO-8859-1"], b"{\"id\":\"Jos\xe9\"}", "\"José\""),
        (&["Content-Type: application/json; charset=utf-16le"], b"{\0\"\0i\0d\0\"\0:\x005\0}\0", "5"),
        (&[], b"\xfe\xff\0{\0\"\0i\0d\0\"\0:\x005\0}", "5"),
    ];
    for (headers, body, told) in cases {
        let (server, came) = both(200, headers, body, "body.id");
        came.exits(0);
        let sent = String::from_utf8(server.requests()[1].body.clone()).unwrap();
        assert_eq!(sent, format!("{{\"id\":{told},\"kept\":\"x\"}}"), "{headers:?}");
    }
}

#[test]
fn a_rule_of_success_is_not_kept_by_what_cannot_be_read() {
    let cases: [(&'static [&'static str], &'static [u8]); 3] =
        [(&["Content-Encoding: gzip"], GZIP), (&[], b"<html>Sign in</html>"), (&[], b"{\"err")];
    for (headers, body) in cases {
        for rule in ["{ absent: error }", "{ present: id }", "{ path: code, is: 0 }"] {
            let server = Recorder::start(move |_, _| answer(200, headers, body));
            let steps =
                format!("  - {{ id: s, uses: http.request, with: {{ method: POST, path: /a, success: {rule} }} }}\n");
            run(&desk(&server, "", &steps, "id\na1\n")).exits(5);
        }
    }
}
