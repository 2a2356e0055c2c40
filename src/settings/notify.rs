//! The key `notify`: who hears of the end of a run, and of which ends.

use serde::{Deserialize, Serialize};
use url::Url;

use super::credential::{CredentialContext, read as read_credential};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean_among};
use crate::language::Fields;
use crate::language::settings::NOTIFY;
use crate::model::words;
use crate::provider::{CredentialSource, is_loopback};
use crate::yaml::{Node, NodeKind};

words! {
    /// An end of a run for which a notice is sent.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum NotifyOn {
        /// It came to its end, whatever became of its rows.
        Ended = "ended",
        /// It stopped early, was interrupted or broke off.
        Stopped = "stopped",
        /// Some rows are unknown.
        Unknown = "unknown",
    }
}

/// Who is notified, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyRule {
    /// The ends that it is about.
    pub on: Vec<NotifyOn>,
    /// Where the notice goes.
    pub to: NotifyTarget,
}

/// Where a notice goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifyTarget {
    /// It is posted.
    Url {
        /// The address.
        url: NotifyUrl,
        /// What is sent as `Authorization: Bearer`; `None` for nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<CredentialSource>,
    },
    /// A program gets it on standard input: the program and its arguments.
    Command(Vec<String>),
}

/// An address, as it is written or from where a secret lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifyUrl {
    /// The address itself.
    Written(String),
    /// An address that is a secret, as that of many chat services is.
    From(CredentialSource),
}

impl NotifyTarget {
    /// The target as it is shown: of an address, the host alone.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Command(words) => format!("command `{}`", words.first().map_or("", String::as_str)),
            Self::Url { url: NotifyUrl::Written(url), .. } => host_of(url),
            Self::Url { url: NotifyUrl::From(source), .. } => match source {
                CredentialSource::Env(name) => format!("the address in ${name}"),
                CredentialSource::File(path) => format!("the address in {}", path.display()),
                CredentialSource::Command(words) => {
                    format!("the address that `{}` prints", words.first().map_or("", String::as_str))
                }
                CredentialSource::Literal(_) => "an address of the settings".to_owned(),
            },
        }
    }
}

/// The host of an address, with its port where it has one.
fn host_of(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Checks an address that notices are posted to.
///
/// # Errors
/// The text is not such an address; the message shows nothing of it.
pub fn check_notify_url(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL: write it in full, such as `https://ops.example.com/hook`")?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url.as_str()) => {}
        "http" => return Err("must begin with `https://`; `http://` is for this machine's own addresses only"),
        _ => return Err("must begin with `https://`"),
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("names no host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "holds no user or password: name a secret with `token`, or the whole address with `url: { env: NAME }`",
        );
    }
    Ok(())
}

/// Reads `notify`: a rule, or a list of rules. Mistakes are added to `diagnostics`.
pub(super) fn rules(node: &Node, context: CredentialContext<'_>, diagnostics: &mut Diagnostics) -> Vec<NotifyRule> {
    match &node.kind {
        NodeKind::List(items) => items.iter().filter_map(|item| rule(item, context, diagnostics)).collect(),
        NodeKind::Scalar { .. } | NodeKind::Map(_) => rule(node, context, diagnostics).into_iter().collect(),
    }
}

fn rule(node: &Node, context: CredentialContext<'_>, diagnostics: &mut Diagnostics) -> Option<NotifyRule> {
    let mut fields = Fields::open(node, context.source, diagnostics, &NOTIFY)?;
    let on = on(&mut fields);
    let command = command(&mut fields);
    let url = url(context, &mut fields);
    let given = ["command", "url"].into_iter().filter(|key| node.get(key).is_some()).count();
    if given != 1 {
        let help = "Write `url: https://…` or `command: [PROGRAM, ARGUMENT]`.";
        let span = fields.span();
        fields.error("bad-value", span, "`notify` needs exactly one of `url` and `command`", Some(help.to_owned()));
    }
    let token = match (&url, fields.node("token")) {
        (_, None) => None,
        (None, Some(_)) => {
            fields.refuse("token", "It goes with `url`.");
            None
        }
        (Some(_), Some(node)) => read_credential("token", node, context, fields.diagnostics()),
    };
    fields.finish();
    let to = match (command, url) {
        (Some(words), None) => NotifyTarget::Command(words),
        (None, Some(url)) => NotifyTarget::Url { url, token },
        (Some(_), Some(_)) | (None, None) => return None,
    };
    Some(NotifyRule { on: on?, to })
}

/// Reads the ends; all of them where none is named.
fn on(fields: &mut Fields<'_, '_>) -> Option<Vec<NotifyOn>> {
    let Some(items) = fields.list("on") else {
        return fields.node("on").is_none().then(|| NotifyOn::ALL.to_vec());
    };
    let mut found = Vec::new();
    for item in items {
        let text = item.as_text().unwrap_or_default();
        match NotifyOn::named(text) {
            Some(on) => found.push(on),
            None => {
                let known = NotifyOn::ALL.map(NotifyOn::as_str);
                let help = did_you_mean_among(text, &known, "There are");
                fields.error("bad-value", item.span, format!("`{text}` is no end of a run"), Some(help));
            }
        }
    }
    if items.is_empty() {
        let span = fields.span();
        fields.error("bad-value", span, "`on` names no end of a run", Some("Leave it out for all.".to_owned()));
    }
    Some(found)
}

fn command(fields: &mut Fields<'_, '_>) -> Option<Vec<String>> {
    let items = fields.list("command")?;
    let words: Option<Vec<String>> = items.iter().map(|item| item.as_text().map(str::to_owned)).collect();
    let words = words.filter(|words| words.first().is_some_and(|program| !program.is_empty()));
    if words.is_none() {
        let span = fields.node("command").map_or_else(|| fields.span(), |node| node.span);
        let message = "`command` must be a list of a program and its arguments";
        fields.error("bad-type", span, message, Some("Write `[logger, -t, runsheet]`.".to_owned()));
    }
    words
}

fn url(context: CredentialContext<'_>, fields: &mut Fields<'_, '_>) -> Option<NotifyUrl> {
    let node = fields.node("url")?;
    match &node.kind {
        NodeKind::Scalar { text, .. } => match check_notify_url(text) {
            Ok(()) => Some(NotifyUrl::Written(text.clone())),
            Err(why) => {
                let error = Diagnostic::error("bad-value", format!("The address of `notify` {why}"));
                let place = context.source.place(node.span);
                fields.diagnostics().push(error.at(place, ""));
                None
            }
        },
        NodeKind::List(_) | NodeKind::Map(_) => {
            read_credential("url", node, context, fields.diagnostics()).map(NotifyUrl::From)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_or_of_this_machine_and_holds_no_password() {
        for good in ["https://ops.example.com/hook?key=a", "http://127.0.0.1:8470/x", "https://h/"] {
            assert_eq!(check_notify_url(good), Ok(()), "{good}");
        }
        for bad in ["", "/hook", "http://ops.example.com/", "https://u:p@h/", "ftp://h/", "https://"] {
            let said = check_notify_url(bad).unwrap_err();
            assert!(!said.contains("u:p"), "{said}");
        }
    }

    #[test]
    fn of_an_address_only_the_host_is_shown() {
        let written = |url: &str| NotifyTarget::Url { url: NotifyUrl::Written(url.to_owned()), token: None };
        assert_eq!(written("https://hooks.example.com/services/T0/B0/s3cret?key=s3cret").shown(), "hooks.example.com");
        assert_eq!(written("http://127.0.0.1:8470/s3cret").shown(), "127.0.0.1:8470");
        let command = NotifyTarget::Command(vec!["mail".to_owned(), "s3cret".to_owned()]);
        assert_eq!(command.shown(), "command `mail`");
    }
}
