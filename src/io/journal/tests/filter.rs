//! What these tests ask for of other runs.

use crate::io::journal::HistoryFilter;
use crate::model::RunId;

/// What another run asks for: the effects of one operation in the environment `near`.
pub(super) fn filter() -> HistoryFilter {
    HistoryFilter {
        environment: "near".to_owned(),
        operations: vec!["a.make".to_owned()],
        own: RunId::from_text("20260102-000000-bbbbbb"),
        except: Vec::new(),
    }
}
