//! The run's end of the socket. It has a thread of its own, so that neither a busy run nor a silent caller holds up the
//! other.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener as StdListener;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use super::address::SocketAddress;
use super::call::SteerCall;
use super::message::{Answer, ControlAnswer, ControlAsk, LONGEST_QUESTION, Question, VERSION, line};
use crate::io::system::name_of_user;
use crate::model::Value;
use crate::policy::{SteerOrigin, SteerRefusal, SteeredBy};

/// The most callers that are served at once; further ones wait.
const MOST_CALLERS: usize = 8;

/// The most commands that wait for the run.
const MOST_COMMANDS: usize = 16;

/// How long a caller may take to ask, and to take its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a command may take until it is on disk.
const LONGEST_COMMAND: Duration = Duration::from_secs(15);

/// How long the last callers have to take their answers when the run ends.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// Only its owner may use the socket.
const OWNER_ONLY: u32 = 0o600;

/// Answers how far the run is.
type Status = dyn Fn() -> Value + Send + Sync;

/// Serves the socket of a run until it is dropped, which removes the socket.
#[derive(Debug)]
pub struct ControlServer {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ControlServer {
    /// Begins to serve the socket of a run's folder, whose lock this process must hold: a socket that a killed process
    /// left behind is replaced. Commands come through the receiver; `status` answers how far the run is.
    ///
    /// # Errors
    /// The system's error if there can be no socket in that folder, or no thread.
    pub fn start(
        folder: &Path,
        status: impl Fn() -> Value + Send + Sync + 'static,
    ) -> io::Result<(Self, mpsc::Receiver<SteerCall>)> {
        let address = SocketAddress::of(folder)?;
        match fs::remove_file(address.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let listener = StdListener::bind(address.path())?;
        fs::set_permissions(address.path(), fs::Permissions::from_mode(OWNER_ONLY))?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, received) = mpsc::channel(MOST_COMMANDS);
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            let door = Door { commands, status: Arc::new(status) };
            if let Err(error) = runtime.block_on(door.serve(listener, stopped)) {
                tracing::warn!("the run can no longer be steered from elsewhere: {error}");
            }
            // The folder may be gone with the socket.
            let _ = fs::remove_file(address.path());
        };
        let thread = thread::Builder::new().name("control".to_owned()).spawn(serve)?;
        Ok((Self { stop: Some(stop), thread: Some(thread) }, received))
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was printed; it does not change the result of the run.
            let _ = thread.join();
        }
    }
}

/// What every caller gets.
#[derive(Clone)]
struct Door {
    commands: mpsc::Sender<SteerCall>,
    status: Arc<Status>,
}

impl Door {
    async fn serve(self, listener: StdListener, mut stopped: oneshot::Receiver<()>) -> io::Result<()> {
        let listener = UnixListener::from_std(listener)?;
        let places = Arc::new(Semaphore::new(MOST_CALLERS));
        loop {
            let accepted = async {
                let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
                Ok::<_, io::Error>((listener.accept().await, place))
            };
            let (accepted, place) = tokio::select! {
                accepted = accepted => accepted?,
                _ = &mut stopped => break,
            };
            match accepted {
                Ok((caller, _)) => {
                    let door = self.clone();
                    tokio::spawn(async move {
                        // A caller that went away wants no answer.
                        let _ = door.serve_caller(caller).await;
                        drop(place);
                    });
                }
                // No file descriptor is free at this moment, or the caller went away.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        let all = u32::try_from(MOST_CALLERS).unwrap_or(u32::MAX);
        let _ = timeout(LAST_ANSWERS, places.acquire_many(all)).await;
        Ok(())
    }

    async fn serve_caller(&self, mut caller: UnixStream) -> io::Result<()> {
        let answer = match self.user(&caller) {
            Ok(user) => match timeout(PATIENCE, read_question(&mut caller)).await {
                Ok(Ok(question)) => self.answer(question, user).await,
                Ok(Err(why)) => ControlAnswer::Refused(why),
                Err(_) => ControlAnswer::Refused("no question came".to_owned()),
            },
            Err(why) => ControlAnswer::Refused(why),
        };
        let answer = line(&Answer { v: VERSION, answer })?;
        timeout(PATIENCE, caller.write_all(&answer)).await.map_err(io::Error::from)??;
        timeout(PATIENCE, caller.shutdown()).await.map_err(io::Error::from)?
    }

    /// The user id of a caller.
    ///
    /// # Errors
    /// Why it is refused, as a sentence: only the user who runs the run may steer it, and root only its own runs.
    fn user(&self, caller: &UnixStream) -> Result<u32, String> {
        let own = rustix::process::geteuid().as_raw();
        match caller.peer_cred() {
            Ok(peer) if peer.uid() == own => Ok(own),
            Ok(peer) => Err(format!("user {} may not steer a run of user {own}", peer.uid())),
            Err(error) => Err(format!("the system does not say who asks: {error}")),
        }
    }

    async fn answer(&self, question: Question, uid: u32) -> ControlAnswer {
        let wish = match question.ask {
            ControlAsk::Status => return ControlAnswer::Status((self.status)()),
            ControlAsk::Steer(wish) => wish,
        };
        let from = match question.from {
            SteerOrigin::Page => SteerOrigin::Page,
            SteerOrigin::Key | SteerOrigin::Ctl | SteerOrigin::Program => SteerOrigin::Ctl,
        };
        let name = name_of_user(uid).unwrap_or_else(|| format!("user {uid}"));
        let (reply, replied) = oneshot::channel();
        let call = SteerCall { wish, by: SteeredBy { name, uid, from }, reply };
        match self.commands.try_send(call) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                return ControlAnswer::Refused("too many commands wait for the run; try again".to_owned());
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return ControlAnswer::Refused(SteerRefusal::Ended.to_string());
            }
        }
        match timeout(LONGEST_COMMAND, replied).await {
            Ok(Ok(Ok(done))) => ControlAnswer::Done(done),
            Ok(Ok(Err(refusal))) => ControlAnswer::Refused(refusal.to_string()),
            Ok(Err(_)) => ControlAnswer::Refused("the run ended before the command was on disk".to_owned()),
            Err(_) => ControlAnswer::Refused("the command is not on disk yet: the disk is slow or fails".to_owned()),
        }
    }
}

/// Reads a question.
///
/// # Errors
/// What is wrong with it, as a sentence.
async fn read_question(caller: &mut UnixStream) -> Result<Question, String> {
    let mut text = Vec::new();
    let mut bounded = BufReader::new(caller).take(LONGEST_QUESTION as u64);
    bounded.read_until(b'\n', &mut text).await.map_err(|error| error.to_string())?;
    if text.last() != Some(&b'\n') {
        return Err(format!("a question is one line of at most {LONGEST_QUESTION} bytes"));
    }
    let version = serde_json::from_slice::<Value>(&text).ok().and_then(|value| value.get("v")?.as_u64());
    match version {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => return Err(format!("the run answers version {VERSION} of the questions, not {version}")),
        None => return Err("the question has no version".to_owned()),
    }
    serde_json::from_slice(&text).map_err(|error| format!("the question cannot be read: {error}"))
}
