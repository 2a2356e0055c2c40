//! Lists of words: an enum whose variants each have one word in files, defined once for readers, messages and schemas.

/// An enum whose variants each have one word. The macro `words!` makes it.
pub trait Word: Copy + PartialEq + 'static {
    /// Every variant with its word, in the order in which messages and schemas list them.
    const TABLE: &'static [(&'static str, Self)];
}

/// A word that names no value of its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is none of these words: {}", words.join(", "))]
pub struct UnknownWord {
    word: String,
    words: &'static [&'static str],
}

impl UnknownWord {
    pub(crate) fn new(word: &str, words: &'static [&'static str]) -> Self {
        Self { word: word.to_owned(), words }
    }
}

/// Defines an enum together with the word of each variant: `Safe = "safe"`.
///
/// It generates `ALL`, `WORDS`, `as_str` and `named`, and implements [`Word`], `Display` and `FromStr`. A duplicate word
/// does not compile.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$of_variant:meta])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $($(#[$of_variant])* $variant),+
        }

        #[allow(dead_code, reason = "some lists are read and never written, or the reverse")]
        impl $name {
            /// Every variant, in the order in which messages and schemas list them.
            pub(crate) const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word of every variant, in the order of `ALL`.
            pub(crate) const WORDS: [&'static str; Self::ALL.len()] = {
                let words = [$($word),+];
                assert!($crate::model::distinct(&words), "a word occurs twice");
                words
            };

            /// The variant's word.
            #[must_use]
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The variant with this word; `None` if no variant has it.
            #[must_use]
            pub(crate) fn named(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::UnknownWord;

            /// Reads the word with which `Display` writes a value.
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::named(word).ok_or_else(|| $crate::model::UnknownWord::new(word, &Self::WORDS))
            }
        }

        impl std::fmt::Display for $name {
            /// Writes the value as its word in files, such as `not_started`.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::model::Word for $name {
            const TABLE: &'static [(&'static str, Self)] = {
                // Evaluates the check of `WORDS` even where nothing else uses them.
                let _ = Self::WORDS;
                &[$(($word, Self::$variant)),+]
            };
        }
    };
}
pub(crate) use words;

/// Whether all words differ.
pub(crate) const fn distinct(words: &[&str]) -> bool {
    let mut at = 0;
    while at < words.len() {
        let mut other = at + 1;
        while other < words.len() {
            if same(words[at], words[other]) {
                return false;
            }
            other += 1;
        }
        at += 1;
    }
    true
}

/// Whether two words are the same.
pub(crate) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Asserts that `read` takes each word to its own variant and takes nothing else.
#[cfg(test)]
pub(crate) fn assert_read<T: Word + std::fmt::Debug>(read: impl Fn(&str) -> Option<T>) {
    assert!(!T::TABLE.is_empty());
    for &(word, variant) in T::TABLE {
        assert_eq!(read(word), Some(variant), "{word}");
        assert_eq!(read(&format!("{word}x")), None, "{word}x");
    }
}

/// Asserts that serde writes and reads each variant as its word.
#[cfg(test)]
pub(crate) fn assert_serialized<T>()
where
    T: Word + std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned,
{
    for &(word, variant) in T::TABLE {
        assert_eq!(serde_json::to_value(variant).unwrap(), word);
    }
    assert_read::<T>(|word| serde_json::from_value(word.into()).ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    words! {
        /// A light.
        #[derive(Debug, Clone, Copy, PartialEq)]
        enum Light {
            /// Stop.
            Red = "red",
            /// Go.
            Green = "green-light",
        }
    }

    #[test]
    fn variants_words_and_the_table_come_from_one_list() {
        assert_eq!(Light::ALL, [Light::Red, Light::Green]);
        assert_eq!(Light::WORDS, ["red", "green-light"]);
        assert_eq!(Light::Green.as_str(), "green-light");
        assert_eq!(format!("{:>5}", Light::Red), "  red");
        assert_read(|word| word.parse::<Light>().ok());
        let unknown = "amber".parse::<Light>().unwrap_err().to_string();
        assert_eq!(unknown, "`amber` is none of these words: red, green-light");
        assert_eq!(Light::TABLE, [("red", Light::Red), ("green-light", Light::Green)]);
        assert_read(Light::named);
    }

    #[test]
    fn a_duplicate_word_is_found() {
        assert!(distinct(&["a", "b", "ab", ""]));
        assert!(!distinct(&["a", "b", "a"]));
    }

    #[test]
    fn each_variant_is_stored_as_its_word() {
        use crate::model::{Disposition, Method, Repeat, RowOutcome, StepOutcome};
        assert_serialized::<Disposition>();
        assert_serialized::<Method>();
        assert_serialized::<Repeat>();
        assert_serialized::<RowOutcome>();
        assert_serialized::<StepOutcome>();
    }
}
