//! The priority of this process beside others of the machine.

/// How much lower the priority becomes: the lowest there is. Where all processors are busy, one of usual priority keeps more
/// than 98 % of its share.
const LOWER_BY: i32 = 19;

/// Lets other processes go first where they want the processor, too. A system that refuses changes nothing.
pub fn lower_priority() {
    let _ = rustix::process::nice(LOWER_BY);
}
