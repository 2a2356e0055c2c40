//! The name of the user, for the record of what a person decided.

use std::env;
use std::fs;

/// The name of the user who runs this process: from the system, else from the environment, else `user ID`.
#[must_use]
pub fn user_name() -> String {
    let said = || ["USER", "LOGNAME"].into_iter().find_map(|name| env::var(name).ok());
    let id = rustix::process::getuid().as_raw();
    name_of_user(id).or_else(|| said().filter(|name| !name.is_empty())).unwrap_or_else(|| format!("user {id}"))
}

/// The id of the user who runs this process.
#[must_use]
pub fn user_id() -> u32 {
    rustix::process::getuid().as_raw()
}

/// The name of a user id in `/etc/passwd`; `None` if it has none.
pub(in crate::io) fn name_of_user(id: u32) -> Option<String> {
    name_of(&fs::read_to_string("/etc/passwd").unwrap_or_default(), id)
}

/// The name of a user id in the text of such a file.
fn name_of(users: &str, id: u32) -> Option<String> {
    let id = id.to_string();
    let line =
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|parts| parts.get(2) == Some(&&*id))?;
    line.first().filter(|name| !name.is_empty()).map(|name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_beside_its_id() {
        let users = "root:x:0:0::/root:/bin/sh\nbroken\n:x:7:7::/:\nmei:x:1000:1000:Mei:/home/mei:/bin/sh\n";
        assert_eq!(name_of(users, 1000).as_deref(), Some("mei"));
        assert_eq!((name_of(users, 7), name_of(users, 8), name_of("", 0)), (None, None, None));
    }
}
