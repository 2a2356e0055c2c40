//! The vendors' simulators and their faults.
