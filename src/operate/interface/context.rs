//! The context of a use case: folders, settings, who follows a run and who answers its questions.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::notices::{NoticesUnderWay, UnsentNotice};
use super::observer::{Notice, Observer, Unobserved};
use super::questions::{Questions, Unattended};
use super::refusal::Refusal;
use super::steering::Steering;
use super::stored_path::refuse_unstorable;
use crate::io::marks::{MARKS, RUNS};
use crate::io::{EventLog, Untrusted, check_ours_or_link, looser_parent};

/// What every use case needs beside its request. By default it keeps runs where the command line keeps them, looks for
/// settings beside the playbook, masks sensitive values, catches no signals, sends no notices and answers no questions.
///
/// If the settings have `notify`, notices of the end of a run are sent in the background. Dropping the last clone of the
/// context waits for that, 15 seconds at most.
#[derive(Clone)]
pub struct Context {
    state_folder: Option<PathBuf>,
    pub(crate) settings: Option<PathBuf>,
    pub(crate) providers: Option<PathBuf>,
    pub(crate) confine: Option<PathBuf>,
    pub(crate) unmask: bool,
    /// Whether the warning about the parent of the state folder was given.
    warned_of_parent: Arc<AtomicBool>,
    pub(crate) catches_signals: bool,
    pub(crate) steering: Steering,
    pub(crate) events: Option<Arc<EventLog>>,
    observer: Arc<dyn Observer>,
    /// The notices of ended runs that are on their way.
    notices: Arc<NoticesUnderWay>,
    pub(crate) questions: Arc<dyn Questions>,
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl Context {
    /// Creates a context with the defaults: runs are kept in `$XDG_STATE_HOME/runsheet` or `~/.local/state/runsheet`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state_folder: default_state_folder(),
            settings: None,
            providers: None,
            confine: None,
            unmask: false,
            warned_of_parent: Arc::default(),
            catches_signals: false,
            steering: Steering::default(),
            events: None,
            observer: Arc::new(Unobserved),
            notices: Arc::default(),
            questions: Arc::new(Unattended),
        }
    }

    /// Keeps runs in `folder`.
    #[must_use]
    pub fn state_folder(self, folder: impl Into<PathBuf>) -> Self {
        Self { state_folder: Some(folder.into()), ..self }
    }

    /// Reads the settings from `file` instead of the nearest `runsheet.yaml`.
    #[must_use]
    pub fn settings(self, file: impl Into<PathBuf>) -> Self {
        Self { settings: Some(file.into()), ..self }
    }

    /// Adds the user's own providers from `folder` to the built-in ones.
    #[must_use]
    pub fn providers(self, folder: impl Into<PathBuf>) -> Self {
        Self { providers: Some(folder.into()), ..self }
    }

    /// Reads the files that playbooks, rows, tests and providers name only inside `folder`. By default that is the folder of
    /// the settings, or of the playbook where no settings apply.
    #[must_use]
    pub fn confine(self, folder: impl Into<PathBuf>) -> Self {
        Self { confine: Some(folder.into()), ..self }
    }

    /// Shows sensitive values instead of masking them.
    #[must_use]
    pub fn unmask(self, unmask: bool) -> Self {
        Self { unmask, ..self }
    }

    /// Stops a run in an orderly way on the signals that would end the process, such as SIGINT, SIGTERM and SIGHUP. Off by
    /// default, because a program may have handlers of its own.
    #[must_use]
    pub fn catch_signals(self) -> Self {
        Self { catches_signals: true, ..self }
    }

    /// Lets `steering` stop runs.
    #[must_use]
    pub fn steered_by(self, steering: Steering) -> Self {
        Self { steering, ..self }
    }

    /// Sends notices to `observer`.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// Puts questions to `questions`.
    #[must_use]
    pub fn asking(self, questions: Arc<dyn Questions>) -> Self {
        Self { questions, ..self }
    }

    /// Writes the events of a run to `events`.
    pub(crate) fn with_events(self, events: Arc<EventLog>) -> Self {
        Self { events: Some(events), ..self }
    }

    /// Returns the folder that holds the runs, once it is known to be the user's own.
    ///
    /// # Errors
    /// [`Refusal::Usage`] where neither the caller nor the environment names one; [`Refusal::Conflict`] where another user
    /// could put runs into it; [`Refusal::Broken`] where it cannot be read.
    pub(crate) fn state(&self) -> Result<&std::path::Path, Refusal> {
        let missing = || Refusal::Usage("no folder for runs: give one with `--state-dir DIR`".to_owned());
        let state = self.state_folder.as_deref().ok_or_else(missing)?;
        refuse_unstorable("the folder of the runs", state)?;
        for (folder, of) in [(RUNS, "the runs"), (MARKS, "the runs' marks")] {
            check_ours_or_link(&state.join(folder)).map_err(|error| match error {
                Untrusted::NotOurs(why) => {
                    Refusal::Conflict(format!("the folder of {of} is not used: {why}; nothing was sent"))
                }
                Untrusted::Io { .. } => Refusal::broken(error.to_string()),
            })?;
        }
        if let Some(said) = looser_parent(state).filter(|_| !self.warned_of_parent.swap(true, Ordering::Relaxed)) {
            self.notice(Notice::LooseParentFolder(said));
        }
        Ok(state)
    }

    /// Returns the folder that holds the runs; `None` where neither the caller nor the environment names one.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where another user could put runs into it; [`Refusal::Broken`] where it cannot be read.
    pub(crate) fn state_if_any(&self) -> Result<Option<&std::path::Path>, Refusal> {
        self.state_folder.as_ref().map(|_| self.state()).transpose()
    }

    /// Adds a thread that sends notices of a run's end.
    pub(crate) fn add_notices(&self, thread: JoinHandle<Vec<UnsentNotice>>) {
        self.notices.add(thread, Arc::clone(&self.observer));
    }

    /// Tells the observer that a notice of the end of a run could not be sent.
    pub(crate) fn not_notified(&self, to: String, why: String) {
        self.notice(Notice::NotNotified { to, why });
    }

    /// Sends a notice to the observer.
    pub(crate) fn notice(&self, notice: Notice<'_>) {
        self.observer.notice(notice);
    }
}

/// `$XDG_STATE_HOME/runsheet`, or `~/.local/state/runsheet`; `None` where neither variable holds an absolute path.
fn default_state_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("runsheet"))
}
