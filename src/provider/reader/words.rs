//! Words that provider files alone have; the others are defined with what they mean.

use crate::model::words;

words! {
    /// What an input is.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(crate) enum TypeWord {
        String = "string",
        Integer = "integer",
        Number = "number",
        Boolean = "boolean",
        Object = "object",
        Array = "array",
        Any = "any",
    }
}

words! {
    /// How an input's time is written on the wire.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(crate) enum Format {
        UnixSeconds = "unix-seconds",
        UnixMillis = "unix-millis",
        DateTime = "date-time",
        Date = "date",
    }
}

words! {
    /// What an operation says of its own authentication.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(crate) enum OperationAuth {
        /// It goes out without the provider's.
        None = "none",
    }
}
