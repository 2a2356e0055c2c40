//! What a vendor is, read from files: operations, request building, answers, signing.
