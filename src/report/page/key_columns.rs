//! Which column of a list is the key of its rows, so that pages need not show the key twice.

/// The columns that equal the key in every row so far.
#[derive(Debug, Clone)]
pub(super) struct KeyColumns {
    columns: Vec<usize>,
    has_keys: bool,
}

impl KeyColumns {
    /// The place of a key that is no column of the list.
    pub(super) const OF_ITS_OWN: i64 = -1;

    /// The place where rows have no key.
    const WITHOUT_KEYS: i64 = -2;

    /// A list with so many columns and no row yet.
    pub(super) fn new(columns: usize) -> Self {
        Self { columns: (0..columns).collect(), has_keys: false }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, key: &str, cells: &[String]) {
        self.columns.retain(|column| cells.get(*column).is_some_and(|cell| cell == key));
        self.has_keys |= !key.is_empty();
    }

    /// Whether a column may still be the key.
    pub(super) fn may_be_one(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The place of the key's column, from 0; [`Self::OF_ITS_OWN`] if no column is the key, -2 if rows have no key.
    pub(super) fn place(&self) -> i64 {
        match self.columns.first() {
            _ if !self.has_keys => Self::WITHOUT_KEYS,
            Some(column) => i64::try_from(*column).unwrap_or(Self::OF_ITS_OWN),
            None => Self::OF_ITS_OWN,
        }
    }
}
