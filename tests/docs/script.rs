//! A page as one script: its commands in one shell, its files between them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::blocks::{Block, Task};

/// What every page's script begins with. `$D` is the folder with the page's blocks, numbered from 0:
///
/// - `N.sh`, `N.file`: the blocks; `N.out`: what a block printed
/// - `N.pending`: where a file stands that `check` has not accepted yet; `N.check`: what it says of it
/// - `N.replaced`: the same for a file that was written anew before it was accepted
/// - `N.accepted`: a file that is shown as wrong and was accepted
/// - `at`: the number of the block that runs
const HEAD: &str = r#"
page_ended() { kill $(jobs -p) 2>/dev/null; wait; } 2>/dev/null
trap page_ended EXIT
exec </dev/null
page_file() {
  page_check
  mkdir -p "$(dirname "$2")"
  for page_pending in "$D"/*.pending; do
    if test -e "$page_pending" && test "$(cat "$page_pending")" = "$PWD/$2"; then
      mv "$page_pending" "${page_pending%.pending}.replaced"
    fi
  done
  cp "$D/$1.file" "$2"
  case $3 in
    playbook) printf %s "$PWD/$2" >"$D/$1.pending" ;;
    wrong) if runsheet check "$2" >"$D/$1.check" 2>&1; then touch "$D/$1.accepted"; fi ;;
  esac
}
page_check() {
  for page_pending in "$D"/*.pending; do
    if test -e "$page_pending" && runsheet check "$(cat "$page_pending")" >"${page_pending%.pending}.check" 2>&1; then
      rm "$page_pending"
    fi
  done
}
"#;

/// Writes a page's blocks into a folder and gives the script that runs them.
pub(super) fn script(blocks: &[(&Block, &Task)], folder: &Path, port: u16) -> String {
    let mut script = format!("D='{}'\n{HEAD}", folder.display());
    for (number, (block, task)) in blocks.iter().enumerate() {
        let text = block.text.replace("8470", &port.to_string());
        match task {
            Task::Run => {
                fs::write(folder.join(format!("{number}.sh")), text).unwrap();
                writeln!(script, "page_check; echo {number} >\"$D/at\"; source \"$D/{number}.sh\" >\"$D/{number}.out\" 2>&1; page_check")
                    .unwrap();
            }
            Task::Write { name, wrong } => {
                fs::write(folder.join(format!("{number}.file")), text).unwrap();
                let kind = match wrong {
                    true => "wrong",
                    false if is_playbook(block) => "playbook",
                    false => "other",
                };
                writeln!(script, "page_file {number} '{name}' {kind}").unwrap();
            }
            Task::Read { .. } | Task::Compare(_) | Task::Nothing => {}
        }
    }
    script.push_str("page_check\necho done >\"$D/at\"\n");
    script
}

fn is_playbook(block: &Block) -> bool {
    block.language() == "yaml" && block.text.lines().any(|line| line.starts_with("steps:"))
}
