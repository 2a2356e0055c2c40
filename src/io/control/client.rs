//! The caller's end of the socket.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::address::SocketAddress;
use super::message::{Answer, ControlAnswer, ControlAsk, LONGEST_ANSWER, Question, VERSION, line};
use crate::policy::SteerOrigin;

/// Time between two tries to connect to a run that has too many callers.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// Why a run gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No process serves the socket of the run.
    #[error("no process listens at the run's socket")]
    NotServed,
    /// Too many callers wait already; nothing was asked.
    #[error("the run has too many callers, and took no further one within {0:?}")]
    Busy(Duration),
    /// The question was sent, and no answer came. The run may still do what was asked.
    #[error("the run did not answer within {0:?}")]
    NoAnswer(Duration),
    /// The socket failed.
    #[error("the run's socket: {0}")]
    Io(#[from] io::Error),
    /// The answer cannot be read.
    #[error("the run's answer cannot be read: {0}")]
    Unreadable(String),
}

/// Asks the run of a folder, and waits for its answer for at most `patience`.
///
/// # Errors
/// [`ControlError`] if there is no answer.
pub async fn ask(
    folder: &Path,
    ask: ControlAsk,
    from: SteerOrigin,
    patience: Duration,
) -> Result<ControlAnswer, ControlError> {
    let address = SocketAddress::of(folder)?;
    let connected = timeout(patience, connect(&address)).await.map_err(|_| ControlError::Busy(patience))?;
    let mut run = connected?;
    let question = line(&Question { v: VERSION, from, ask })?;
    let answered = async {
        run.write_all(&question).await?;
        let mut text = Vec::new();
        run.take(LONGEST_ANSWER as u64).read_to_end(&mut text).await?;
        Ok::<_, io::Error>(text)
    };
    let text = match timeout(patience, answered).await {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => return Err(error.into()),
        Err(_) => return Err(ControlError::NoAnswer(patience)),
    };
    if text.is_empty() {
        // The process ended between question and answer.
        return Err(ControlError::NotServed);
    }
    let answer: Answer = serde_json::from_slice(&text).map_err(|error| ControlError::Unreadable(error.to_string()))?;
    Ok(answer.answer)
}

async fn connect(address: &SocketAddress) -> Result<UnixStream, ControlError> {
    loop {
        match UnixStream::connect(address.path()).await {
            Ok(run) => return Ok(run),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => tokio::time::sleep(BETWEEN_TRIES).await,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
                return Err(ControlError::NotServed);
            }
            Err(error) => return Err(error.into()),
        }
    }
}
