//! The languages of the page, and its words for outcomes, states and labels.

use crate::model::{RowOutcome, words};
use crate::report::{RecordedState, RunKind, RunOutcome, RunRecord};

words! {
    /// A language of the page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum PageLanguage {
        /// English.
        English = "en",
        /// Chinese.
        Chinese = "zh",
    }
}

impl PageLanguage {
    /// The language's code in HTML.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The word of this language.
    pub(super) fn choose(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// A row's outcome.
    pub(super) fn outcome(self, outcome: RowOutcome) -> &'static str {
        match outcome {
            RowOutcome::Unknown => self.choose("unknown", "未知"),
            RowOutcome::Partial => self.choose("partial", "部分完成"),
            RowOutcome::Failed => self.choose("failed", "失败"),
            RowOutcome::NotStarted => self.choose("not started", "未开始"),
            RowOutcome::Succeeded => self.choose("succeeded", "成功"),
            RowOutcome::Unchanged => self.choose("unchanged", "无需更改"),
            RowOutcome::Skipped => self.choose("skipped", "已跳过"),
        }
    }

    /// What a run does.
    pub(super) fn kind(self, kind: RunKind) -> &'static str {
        match kind {
            RunKind::Run => self.choose("Run", "运行"),
            RunKind::Retry => self.choose("Retry", "重试"),
            RunKind::Undo => self.choose("Undo", "撤销"),
        }
    }

    /// How a run stands as a whole: its outcome once it has one.
    pub(super) fn standing(self, record: &RunRecord) -> &'static str {
        match (record.state, record.outcome) {
            (RecordedState::Running, _) => self.choose("under way", "运行中"),
            (RecordedState::BrokenOff, _) => self.choose("broken off", "已中断"),
            (RecordedState::Stopped | RecordedState::Finished, Some(outcome)) => self.run_outcome(outcome),
            (RecordedState::Stopped, None) => self.choose("stopped", "已停止"),
            (RecordedState::Finished, None) => self.choose("finished", "已结束"),
        }
    }

    fn run_outcome(self, outcome: RunOutcome) -> &'static str {
        match outcome {
            RunOutcome::Succeeded => self.choose("succeeded", "成功"),
            RunOutcome::Failed => self.choose("finished with failures", "已结束，有失败"),
            RunOutcome::Unknown => self.choose("some rows are unknown", "有些行结果未知"),
            RunOutcome::Stopped => self.choose("stopped early", "提前停止"),
            RunOutcome::Refused => self.choose("refused by the vendor", "被厂商拒绝"),
            RunOutcome::Interrupted => self.choose("interrupted", "被中断"),
            RunOutcome::Broken => self.choose("broken", "出错中断"),
        }
    }
}
