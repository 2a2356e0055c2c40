//! Words that only provider files use; the others are defined with what they mean.

use crate::language::documents;
use crate::language::provider::{FORMATS, VALUE_TYPES};
use crate::model::words;

words! {
    /// What an input is.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(super) enum TypeWord {
        String = "string",
        Integer = "integer",
        Number = "number",
        Boolean = "boolean",
        Object = "object",
        Array = "array",
        Any = "any",
    }
}

documents!(VALUE_TYPES, TypeWord);

words! {
    /// How an input's time is written on the wire.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(super) enum FormatWord {
        UnixSeconds = "unix-seconds",
        UnixMillis = "unix-millis",
        DateTime = "date-time",
        Date = "date",
    }
}

documents!(FORMATS, FormatWord);

words! {
    /// What an operation says of its own authentication.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub(super) enum OperationAuthWord {
        /// It is sent without authentication.
        None = "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{assert_read, assert_serialized};
    use crate::provider::descriptor::SchemeWord;
    use crate::provider::{DangerKind, Effect, InputPlace, OutputKind, WireType};

    #[test]
    fn every_word_is_read_to_its_variant() {
        assert_read(TypeWord::named);
        assert_read(FormatWord::named);
        assert_read(OperationAuthWord::named);
        assert_read(SchemeWord::named);
        assert_read(OutputKind::named);
        assert_read(InputPlace::named);
        assert_read(WireType::named);
    }

    #[test]
    fn each_variant_is_stored_as_its_word() {
        assert_serialized::<DangerKind>();
        assert_serialized::<Effect>();
    }
}
