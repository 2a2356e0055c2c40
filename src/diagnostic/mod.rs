//! Messages about the user's files: places, many at once, rendered with miette.
