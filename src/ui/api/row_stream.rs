//! The rows of a run as lines of JSON. A thread reads the journal and waits for the reader of the answer, a few pieces ahead
//! of it; a reader that takes nothing for a while, or never comes to the end, is cut.

use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Serialize;
use serde::ser::SerializeTuple;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::answer::{Answer, busy, failed, lines, refused};
use super::blocking::{BlockingCalls, NotDone};
use super::reading_pace::{PacedReading, ReadingPace};
use crate::model::RowOutcome;
use crate::operate::{Context, KindKey, Refusal, RowsAfterPart, RowsAfterRequest, ViewedRow, rows_after};

/// The bytes of a piece, unless one line is longer.
const PIECE: usize = 64 * 1024;

/// The pieces that wait for the reader.
const PIECES: usize = 4;

/// The patience with readers.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReaderPatience {
    /// The longest time in which a reader may take nothing.
    pub(super) piece: Duration,
    /// The longest time for a whole answer. While it lasts, the journal cannot be folded into one file.
    pub(super) whole: Duration,
}

impl Default for ReaderPatience {
    fn default() -> Self {
        Self { piece: Duration::from_secs(30), whole: Duration::from_secs(300) }
    }
}

/// How the reading of the rows ended.
type Ended = Result<Result<(), Refusal>, NotDone>;

/// Answers with rows.
pub(super) async fn answer_rows(
    calls: BlockingCalls,
    context: Context,
    request: RowsAfterRequest,
    pace: ReadingPace,
    patience: ReaderPatience,
) -> Answer {
    let (pieces, mut received) = mpsc::channel(PIECES);
    let handle = Handle::current();
    let reading: JoinHandle<Ended> = tokio::spawn(async move {
        let read = move || read_rows(&context, &request, pace, PieceWriter::new(pieces, handle, patience));
        calls.run(read).await
    });
    // A refusal comes before the first piece, while the answer can still have its status.
    match received.recv().await {
        Some(first) => lines(rest(first, received, reading)),
        None => match reading.await.unwrap_or(Err(NotDone::Failed)) {
            Ok(Ok(())) => failed(),
            Ok(Err(refusal)) => refused(&refusal),
            Err(NotDone::Busy) => busy(),
            Err(NotDone::Failed) => failed(),
        },
    }
}

/// The pieces of an answer. If the reading fails, the answer is cut and its connection closed.
fn rest(
    first: Bytes,
    received: mpsc::Receiver<Bytes>,
    reading: JoinHandle<Ended>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let state = (Some(first), received, Some(reading));
    stream::unfold(state, |(first, mut received, reading)| async move {
        if let Some(first) = first {
            return Some((Ok(first), (None, received, reading)));
        }
        if let Some(piece) = received.recv().await {
            return Some((Ok(piece), (None, received, reading)));
        }
        match reading?.await {
            Ok(Ok(Ok(()))) => None,
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => {
                Some((Err(io::ErrorKind::ConnectionAborted.into()), (None, received, None)))
            }
        }
    })
}

/// Reads the rows and writes their lines.
fn read_rows(
    context: &Context,
    request: &RowsAfterRequest,
    pace: ReadingPace,
    mut out: PieceWriter,
) -> Result<(), Refusal> {
    let mut reading = PacedReading::begin(pace);
    let report = rows_after(request, context, &mut |part| match part {
        RowsAfterPart::Head(head) => {
            reading.set_driven(head.driven);
            out.line(&serde_json::json!({"entry": head.entry, "all": head.all, "total": head.total}))
        }
        RowsAfterPart::Row(row) => out.line(&RowLine(row)),
        RowsAfterPart::Pause => out.rest(reading.rest()),
    })?;
    let ended =
        report.complete && out.line(&serde_json::json!({"end": true})).is_continue() && out.flush().is_continue();
    if ended { Ok(()) } else { Err(Refusal::broken("The reader did not take the rows in time.")) }
}

/// Joins lines to pieces, and hands them to the reader.
struct PieceWriter {
    pieces: mpsc::Sender<Bytes>,
    handle: Handle,
    patience: Duration,
    end: Instant,
    buffer: Vec<u8>,
}

impl PieceWriter {
    fn new(pieces: mpsc::Sender<Bytes>, handle: Handle, patience: ReaderPatience) -> Self {
        let ReaderPatience { piece, whole } = patience;
        Self { pieces, handle, patience: piece, end: Instant::now() + whole, buffer: Vec::with_capacity(PIECE) }
    }

    /// Adds a line. Breaks off if the reader left or was too slow.
    fn line(&mut self, line: &impl Serialize) -> ControlFlow<()> {
        let before = self.buffer.len();
        if serde_json::to_writer(&mut self.buffer, line).is_err() {
            return ControlFlow::Break(());
        }
        self.buffer.push(b'\n');
        if self.buffer.len() <= PIECE {
            return ControlFlow::Continue(());
        }
        let last = self.buffer.split_off(before);
        let flushed = self.flush();
        self.buffer = last;
        flushed
    }

    /// Hands over what is there and waits so long. Breaks off if the reader left.
    fn rest(&mut self, rest: Duration) -> ControlFlow<()> {
        if rest.is_zero() {
            return ControlFlow::Continue(());
        }
        self.flush()?;
        // The reader is not late because of it.
        self.end += rest;
        match self.handle.block_on(timeout(rest, self.pieces.closed())) {
            Ok(()) => ControlFlow::Break(()),
            Err(_) => ControlFlow::Continue(()),
        }
    }

    /// Hands over what is there.
    fn flush(&mut self) -> ControlFlow<()> {
        let piece = Bytes::from(std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE)));
        if piece.is_empty() {
            return ControlFlow::Continue(());
        }
        let limit = self.end.min(Instant::now() + self.patience);
        match self.handle.block_on(timeout_at(limit, self.pieces.send(piece))) {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(_)) | Err(_) => ControlFlow::Break(()),
        }
    }
}

/// A row as an array: short, because there may be hundreds of thousands.
struct RowLine<'r>(&'r ViewedRow);

impl Serialize for RowLine<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let ViewedRow { position, shown, kind, open } = self.0;
        let outcome: RowOutcome = shown.outcome;
        let mut line = to.serialize_tuple(12)?;
        line.serialize_element(position)?;
        line.serialize_element(&shown.number)?;
        line.serialize_element(&shown.key)?;
        line.serialize_element(&shown.cells)?;
        line.serialize_element(outcome.as_str())?;
        line.serialize_element(&shown.step)?;
        line.serialize_element(&shown.code)?;
        line.serialize_element(&shown.message)?;
        line.serialize_element(&kind.map(KindKey::text))?;
        line.serialize_element(&shown.attempts)?;
        line.serialize_element(&shown.ended_ms)?;
        line.serialize_element(open)?;
        line.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(patience: ReaderPatience) -> (PieceWriter, mpsc::Receiver<Bytes>) {
        let (pieces, received) = mpsc::channel(PIECES);
        (PieceWriter::new(pieces, Handle::current(), patience), received)
    }

    /// The lines that are taken before the writer breaks off, at most a thousand. Each line fills half a piece.
    async fn taken(mut writer: PieceWriter) -> usize {
        let line = "x".repeat(PIECE / 2 + 1);
        let write = move || (0..1_000).take_while(|_| writer.line(&line).is_continue()).count();
        tokio::task::spawn_blocking(write).await.unwrap()
    }

    #[tokio::test]
    async fn lines_come_whole_and_in_order_in_pieces_of_bounded_length() {
        let (mut writer, mut received) = writer(ReaderPatience::default());
        let lines: Vec<String> = (0..2_000_usize).map(|at| "é".repeat(at % 200)).collect();
        let long = "x".repeat(PIECE * 2);
        let expected: String = lines.iter().chain([&long]).map(|line| format!("{line:?}\n")).collect();
        let write = tokio::task::spawn_blocking(move || {
            lines.iter().chain([&long]).for_each(|line| assert!(writer.line(line).is_continue()));
            assert!(writer.flush().is_continue() && writer.flush().is_continue());
        });
        let mut came = Vec::new();
        while let Some(piece) = received.recv().await {
            assert!(piece.ends_with(b"\n") && (piece.len() <= PIECE || piece.len() > PIECE * 2));
            came.extend_from_slice(&piece);
        }
        write.await.unwrap();
        assert_eq!(String::from_utf8(came).unwrap(), expected);
    }

    #[tokio::test]
    async fn a_reader_that_takes_nothing_or_left_is_cut_after_a_few_pieces() {
        let patience = ReaderPatience { piece: Duration::from_millis(20), whole: Duration::from_secs(3_600) };
        let (stuck, held) = writer(patience);
        let taken_by_stuck = taken(stuck).await;
        assert!((PIECES..=PIECES + 2).contains(&taken_by_stuck), "{taken_by_stuck}");
        drop(held);
        let (left, received) = writer(ReaderPatience::default());
        drop(received);
        assert!(taken(left).await <= 2);
    }

    #[tokio::test]
    async fn a_rest_hands_over_what_is_there_and_ends_when_the_reader_leaves() {
        let (mut resting, mut received) = writer(ReaderPatience::default());
        let rested = tokio::task::spawn_blocking(move || {
            let end = resting.end;
            assert!(resting.rest(Duration::ZERO).is_continue() && resting.line(&1).is_continue());
            assert!(resting.rest(Duration::from_millis(20)).is_continue());
            assert_eq!(resting.end, end + Duration::from_millis(20), "the reader has as much time as before");
            resting
        });
        assert_eq!(received.recv().await.unwrap(), "1\n");
        let mut resting = rested.await.unwrap();
        let rested = tokio::task::spawn_blocking(move || resting.rest(Duration::from_secs(3_600)).is_break());
        drop(received);
        assert!(rested.await.unwrap());
    }

    #[tokio::test]
    async fn a_reader_that_never_comes_to_the_end_is_cut_too() {
        let patience = ReaderPatience { piece: Duration::from_secs(3_600), whole: Duration::ZERO };
        let (late, held) = writer(patience);
        assert!(taken(late).await <= PIECES + 2);
        drop(held);
    }
}
