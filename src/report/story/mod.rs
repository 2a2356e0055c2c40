//! The story of one row: everything that its journal shows of it, as data and as text.
//!
//! | files | what they hold |
//! |---|---|
//! | `row_story`, `moment`, `shown_value`, `limit` | the story as data: the JSON of `why`, which the report page shows too |
//! | `tell`, `tell_attempt`, `tell_request`, `next_steps` | from the facts of a row to its story |
//! | `text`, `text_moment` | the story as text for a terminal |

mod limit;
mod moment;
mod next_steps;
mod row_story;
mod shown_value;
mod tell;
mod tell_attempt;
mod tell_request;
mod text;
mod text_moment;

pub use limit::StoryLimit;
pub use moment::{
    AttemptThen, CallName, Condition, Moment, MomentKind, RequestCheck, StoryAttempt, StoryRequest, StoryRule,
    StoryRuleKind, StoryWait,
};
pub use row_story::{
    RowStanding, STORY_VERSION, Story, StoryCell, StoryElsewhere, StoryRow, StoryRun, StoryState, StoryStep,
};
pub use shown_value::ShownValue;
pub use tell::StorySource;
