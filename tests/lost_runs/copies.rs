//! A folder that was put back from a copy: refused, and gone on with as if everything after the copy had been lost.
