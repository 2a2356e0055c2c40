//! Compares tables of words with the enums that readers turn the words into, when the program is compiled.

use super::shape::WordDoc;
use crate::model::same;

/// Makes the build fail where a table of words has not the words of an enum in their order: without it, a reader would take
/// a word that schemas and manual do not know.
macro_rules! documents {
    ($table:path, $words:ty) => {
        const _: () = assert!(
            $crate::language::has_words(&$table, &<$words>::WORDS),
            concat!("`", stringify!($table), "` must have the words of `", stringify!($words), "` in their order")
        );
    };
}
pub(crate) use documents;

/// Whether a table has these words in this order.
pub(crate) const fn has_words(table: &[WordDoc], words: &[&str]) -> bool {
    let mut at = 0;
    while at < table.len() && at < words.len() {
        if !same(table[at].word, words[at]) {
            return false;
        }
        at += 1;
    }
    table.len() == words.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::word;

    #[test]
    fn a_table_has_the_words_in_their_order_and_no_others() {
        const TABLE: [WordDoc; 2] = [word("red", "Red"), word("blue", "Blue")];
        assert!(has_words(&TABLE, &["red", "blue"]));
        for other in [&["red"][..], &["red", "blue", "gold"], &["blue", "red"], &["red", "blu"], &[]] {
            assert!(!has_words(&TABLE, other), "{other:?}");
        }
    }
}
