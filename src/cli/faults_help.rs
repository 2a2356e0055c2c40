//! What the help of `run` and `sandbox` says of `--faults`.

/// The faults that `--faults` takes, with what they do.
pub(super) const FAULTS: &str = "Faults, each a share of the calls (2% or 0.02), separated by commas:\n  \
    lose, close          the connection closes without an answer: after the effect; before it\n  \
    500, 503             a gateway's error before the effect\n  \
    500after, 503after   a gateway's error after the effect\n  \
    throttle             the vendor's own \"too many requests\", before the effect\n  \
    expire               the token in use runs out\n  \
    cut, garble          the effect is made, the answer arrives cut short; unreadable\n  \
    refuse               the vendor refuses the call for good, before the effect: the row fails, so that\n                       \
                         rollbacks, `retry` and `undo` can be rehearsed; never a login\n  \
    slow=5%:300ms        the answer comes later\n  \
    all=2%               each of them that is not named itself, except `refuse`\n  \
    seed=7               selects the sequence of faults; equal specs give equal faults";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::CommandLine;
    use crate::sandbox::Faults;
    use clap::CommandFactory;

    #[test]
    fn the_help_names_every_fault() {
        // The message for a wrong kind lists them all.
        let message = Faults::parse("nothing=1%").unwrap_err();
        let (_, kinds) = message.split_once(": write ").unwrap();
        let kinds: Vec<&str> = kinds.split('`').skip(1).step_by(2).collect();
        assert!(kinds.len() > 10 && kinds.contains(&"refuse"), "{message}");
        for kind in kinds {
            let mut words = FAULTS.split(|c: char| !c.is_ascii_alphanumeric());
            assert!(words.any(|word| word == kind), "{kind}");
        }
    }

    #[test]
    fn every_spec_in_the_help_of_a_verb_is_taken() {
        let mut specs = 0;
        for verb in CommandLine::command().get_subcommands_mut() {
            let help = verb.render_long_help().to_string();
            for (_, rest) in help.match_indices("--faults ").map(|(at, word)| help.split_at(at + word.len())) {
                let spec = rest.split_whitespace().next().unwrap();
                if spec != "<SPEC>" {
                    assert_eq!(Faults::parse(spec).map(|_| ()), Ok(()), "{spec}");
                    specs += 1;
                }
            }
        }
        assert!(specs >= 2, "{specs}");
    }
}
