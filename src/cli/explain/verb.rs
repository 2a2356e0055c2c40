//! Explains a word, or lists all words.

use std::path::Path;

use super::meanings::{meanings_of, nearest_word};
use super::render;
use crate::cli::args::{Common, ExplainArgs};
use crate::cli::context::context;
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult};
use crate::operate;

/// Runs `explain [WORD]`.
pub(crate) fn explain(args: &ExplainArgs, common: &Common, screen: Screen) -> VerbResult {
    let registry = operate::registry(Path::new(""), &context(common, screen))?;
    let asked = args.code.join(" ");
    let provider = registry.provider(&asked).map(|provider| provider.name.as_str());
    if asked.is_empty() || provider.is_some() {
        screen.data(match (screen.json(), provider) {
            (true, provider) => Output::json(&render::list_json(&registry, provider)),
            (false, Some(provider)) => render::of_provider(&registry, provider).into(),
            (false, None) => render::list(&registry).into(),
        })?;
        return Ok(Exit::Done);
    }
    // A code may be copied from a message: `error[blank-cell]`.
    let plain = asked.trim_start_matches("error").trim_start_matches("warning");
    let plain = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&asked);
    let found = meanings_of(&registry, plain);
    if found.is_empty() {
        let hint = match nearest_word(&registry, plain) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "`runsheet explain` lists what is known, `runsheet explain PROVIDER` a vendor's codes.".to_owned(),
        };
        return Err(Failure::Usage(format!("nothing is known of `{asked}`. {hint}")));
    }
    screen.data(if screen.json() {
        Output::json(&render::json(plain, &found))
    } else {
        render::text(&found).into()
    })?;
    Ok(Exit::Done)
}
