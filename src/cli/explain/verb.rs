//! Explains the code that is asked for, or lists what can be explained.

use std::path::Path;

use super::meanings::{find, nearest};
use super::render;
use crate::cli::args::{Common, ExplainArgs};
use crate::cli::context::context;
use crate::cli::output::{Data, Ended, Exit, Failure, Screen};
use crate::operate;

/// Runs `explain [CODE]`.
pub(crate) fn explain(args: &ExplainArgs, common: &Common, screen: Screen) -> Ended {
    let registry = operate::registry(Path::new(""), &context(common, screen))?;
    let asked = args.code.join(" ");
    let provider = registry.provider(&asked).map(|provider| provider.name.as_str());
    if asked.is_empty() || provider.is_some() {
        screen.data(match (screen.json(), provider) {
            (true, provider) => Data::json(&render::list_json(&registry, provider)),
            (false, Some(provider)) => render::of_provider(&registry, provider).into(),
            (false, None) => render::list(&registry).into(),
        })?;
        return Ok(Exit::Done);
    }
    // As messages and copied lines have it: `error[blank-cell]`.
    let plain = asked.trim_start_matches("error").trim_start_matches("warning");
    let plain = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&asked);
    let found = find(&registry, plain);
    if found.is_empty() {
        let hint = match nearest(&registry, plain) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "`runsheet explain` lists what is known, `runsheet explain PROVIDER` a vendor's codes.".to_owned(),
        };
        return Err(Failure::Usage(format!("nothing is known of the code `{asked}`. {hint}")));
    }
    screen.data(if screen.json() { Data::json(&render::json(plain, &found)) } else { render::text(&found).into() })?;
    Ok(Exit::Done)
}
