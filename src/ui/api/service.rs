//! From a request to its answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::sync::watch;

use super::answer::{Answer, DownloadName, busy, failed, failure, json_of, json_text, lines, page, refused};
use super::blocking::{BlockingCalls, NotDone};
use super::downloads::{download, open_regular};
use super::listed_run::RunList;
use super::live_views::LiveViews;
use super::overviews::{NoOverview, Overviews};
use super::query::Query;
use super::reading_pace::ReadingPace;
use super::route::{FileName, OfRun, Route};
use super::row_stream::{ReaderPatience, answer_rows};
use super::runs_query::runs_request;
use crate::model::RunId;
use crate::operate::{
    self, Context, CtlRequest, Refusal, ReportContent, ReportFormat, ReportRequest, RowFilesRequest, RowsAfterRequest,
    RunsRequest, SteerCommand, SteerOrigin, WhichRow, WhyRequest,
};
use crate::ui::session::{Asked, Sessions, judge};

/// The header that holds the session's token.
const SESSION: &str = "runsheet-session";

/// The most use cases at once, other than the reading of rows.
const CALLS_AT_ONCE: usize = 3;

/// The most answers with rows at once. They have turns of their own, because a slow reader keeps its turn.
const ROWS_AT_ONCE: usize = 2;

/// The longest body of a request, in bytes.
const LONGEST_BODY: usize = 4 * 1024;

/// How long a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Answers the requests of all connections.
#[derive(Clone)]
pub(in crate::ui) struct UiService(Arc<Shared>);

struct Shared {
    context: Context,
    sessions: Sessions,
    /// The token of the link that works now.
    link: watch::Sender<String>,
    calls: BlockingCalls,
    row_calls: BlockingCalls,
    reading_pace: ReadingPace,
    overviews: Overviews,
    live: LiveViews,
}

/// The body that opens a session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionRequest {
    token: String,
}

/// The body that steers a run: `{"what": "pause"}`, `{"what": {"rate": "5/s"}}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SteerRequest {
    what: SteerCommand,
}

impl UiService {
    /// A service over the runs of a context, with the token of its first link.
    pub(in crate::ui) fn new(context: Context) -> Self {
        let (sessions, link) = Sessions::start();
        let (calls, row_calls) = (BlockingCalls::new(CALLS_AT_ONCE), BlockingCalls::new(ROWS_AT_ONCE));
        let overviews = Overviews::new(context.clone(), calls.clone());
        let live = LiveViews::new(context.clone(), calls.clone(), overviews.clone());
        let (link, reading_pace) = (watch::channel(link).0, ReadingPace::default());
        Self(Arc::new(Shared { context, sessions, link, calls, row_calls, reading_pace, overviews, live }))
    }

    /// The token of the link that works now, also when it changes.
    pub(in crate::ui) fn link(&self) -> watch::Receiver<String> {
        self.0.link.subscribe()
    }

    /// Answers one request. Sets `trusted` if it shows a session.
    pub(in crate::ui) async fn answer(&self, request: Request<Incoming>, trusted: &AtomicBool) -> Answer {
        let (head, body) = request.into_parts();
        let route = Route::parse(head.uri.path());
        // A foreign page learns nothing, not even which addresses there are.
        let asked = route.as_ref().map_or(Asked::Read, Route::asked);
        if let Err(refusal) = judge(&head, asked) {
            return failure(refusal.status(), refusal.message());
        }
        if route.as_ref().is_none_or(|route| !route.is_open()) {
            if !self.has_session(&head) {
                return failure(401, "The page has no session: open the link that `runsheet ui` shows.");
            }
            trusted.store(true, Ordering::Relaxed);
        }
        match route {
            None => failure(404, "There is nothing at this address."),
            Some(Route::Page(file)) => page(file),
            Some(Route::OpenSession) => self.open_session(body).await,
            Some(Route::Runs) => match Query::parse(head.uri.query()).and_then(runs_request) {
                Ok(request) => self.runs(request).await,
                Err(wrong) => failure(400, &wrong),
            },
            Some(Route::OfRun(run, what)) => match Query::parse(head.uri.query()) {
                Ok(query) => self.of_run(run, what, query, body).await,
                Err(wrong) => failure(400, &wrong),
            },
        }
    }

    /// Answers what is asked of one run.
    async fn of_run(&self, run: RunId, what: OfRun, mut query: Query, body: Incoming) -> Answer {
        let taken = match what {
            OfRun::Rows => query.number("after"),
            OfRun::Story => query.number("row"),
            OfRun::Report(_) | OfRun::Events | OfRun::Overview | OfRun::Files | OfRun::File(_) | OfRun::Steer => {
                Ok(None)
            }
        };
        let number = match taken.and_then(|number| query.finish().map(|()| number)) {
            Ok(number) => number,
            Err(wrong) => return failure(400, &wrong),
        };
        match what {
            OfRun::Report(format) => self.report(run, format).await,
            OfRun::Files => self.files(run).await,
            OfRun::File(name) => self.file(run, name).await,
            OfRun::Events => match self.0.live.lines(run) {
                Some(states) => lines(states),
                None => failure(503, "Too many runs are followed at once. Close some tabs."),
            },
            OfRun::Overview => self.overview(run).await,
            OfRun::Rows => self.rows(run, number.unwrap_or_default()).await,
            OfRun::Story => match number {
                Some(number) => self.story(run, number).await,
                None => failure(400, "Name the row by its number, as in `?row=7`."),
            },
            OfRun::Steer => self.steer(run, body).await,
        }
    }

    fn has_session(&self, head: &Parts) -> bool {
        let mut shown = head.headers.get_all(SESSION).into_iter();
        let (Some(token), None) = (shown.next(), shown.next()) else { return false };
        token.to_str().is_ok_and(|token| self.0.sessions.knows(token))
    }

    async fn open_session(&self, body: Incoming) -> Answer {
        let SessionRequest { token } = match read_json(body).await {
            Ok(request) => request,
            Err(answer) => return answer,
        };
        match self.0.sessions.open(&token) {
            Some(opened) => {
                self.0.link.send_replace(opened.next_link);
                json_of(&json!({"session": opened.session}))
            }
            None => failure(
                403,
                "This link was used before, or belongs to an earlier `runsheet ui`: open the link that it shows now.",
            ),
        }
    }

    async fn runs(&self, request: RunsRequest) -> Answer {
        self.call(move |context| Ok(json_of(&RunList::of(&operate::runs(&request, context)?)))).await
    }

    async fn overview(&self, run: RunId) -> Answer {
        match operate::has_folder(&run, &self.0.context) {
            Ok(true) => match self.0.overviews.newest(&run).await {
                Ok(newest) => json_text(newest.json.clone()),
                Err(NoOverview::Refused(refusal)) => refused(&refusal),
                Err(NoOverview::NotDone(NotDone::Busy)) => busy(),
                Err(NoOverview::NotDone(NotDone::Failed)) => failed(),
            },
            Ok(false) => no_such_run(&run),
            Err(refusal) => refused(&refusal),
        }
    }

    async fn rows(&self, run: RunId, after: u64) -> Answer {
        match operate::has_folder(&run, &self.0.context) {
            Ok(true) => {
                let (request, patience) = (RowsAfterRequest { run, after }, ReaderPatience::default());
                let (calls, context, pace) =
                    (self.0.row_calls.clone(), self.0.context.clone(), self.0.reading_pace.clone());
                answer_rows(calls, context, request, pace, patience).await
            }
            Ok(false) => no_such_run(&run),
            Err(refusal) => refused(&refusal),
        }
    }

    async fn story(&self, run: RunId, number: u64) -> Answer {
        self.call_for(run, move |run, context| {
            let request = WhyRequest { run: run.to_string(), which: WhichRow::Number(number), step: None };
            match operate::why(&request, context) {
                Ok(story) => Ok(json_of(&story)),
                Err(Refusal::Usage(none)) => Ok(failure(404, &none)),
                Err(refusal) => Err(refusal),
            }
        })
        .await
    }

    async fn report(&self, run: RunId, format: ReportFormat) -> Answer {
        let name = report_name(&run, format);
        self.call_for(run, move |run, context| {
            let request = ReportRequest { run: run.to_string(), format, out: None, language: None };
            match operate::report(&request, context)?.content {
                ReportContent::Kept(file) => Ok(download(file, &name)?),
                ReportContent::Written(path) => Ok(download(open_regular(&path)?, &name)?),
            }
        })
        .await
    }

    async fn files(&self, run: RunId) -> Answer {
        self.call_for(run, |run, context| {
            let files = operate::row_files(&RowFilesRequest { run: run.to_string() }, context)?.files;
            let name = |path: &PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
            Ok(json_of(&json!({"files": files.iter().filter_map(name).collect::<Vec<_>>()})))
        })
        .await
    }

    async fn file(&self, run: RunId, name: FileName) -> Answer {
        self.call_for(run, move |run, context| {
            let files = operate::row_files(&RowFilesRequest { run: run.to_string() }, context)?.files;
            let named = |path: &&PathBuf| path.file_name().is_some_and(|own| own == name.as_str());
            let Some(path) = files.iter().find(named) else {
                return Ok(failure(404, &format!("The run has no file `{}`.", name.as_str())));
            };
            let name =
                DownloadName { name: format!("{run}-{}", name.as_str()), media_type: "application/octet-stream" };
            Ok(download(open_regular(path)?, &name)?)
        })
        .await
    }

    async fn steer(&self, run: RunId, body: Incoming) -> Answer {
        let SteerRequest { what } = match read_json(body).await {
            Ok(request) => request,
            Err(answer) => return answer,
        };
        self.call_for(run, move |run, context| {
            // The page has asked already.
            let request = CtlRequest { run: run.to_string(), command: what, from: SteerOrigin::Page, confirmed: true };
            let report = operate::ctl(&request, context)?;
            let (already, under_way) = (report.already, report.under_way);
            Ok(json_of(&json!({"what": report.command, "already": already, "under_way": under_way})))
        })
        .await
    }

    /// Makes an answer about one run with a use case. An id of the page is whole, never the beginning of another one.
    async fn call_for(
        &self,
        run: RunId,
        make: impl FnOnce(&RunId, &Context) -> Result<Answer, Refusal> + Send + 'static,
    ) -> Answer {
        self.call(move |context| match operate::has_folder(&run, context)? {
            true => make(&run, context),
            false => Ok(no_such_run(&run)),
        })
        .await
    }

    /// Makes an answer with a use case.
    async fn call(&self, make: impl FnOnce(&Context) -> Result<Answer, Refusal> + Send + 'static) -> Answer {
        let context = self.0.context.clone();
        match self.0.calls.run(move || make(&context).unwrap_or_else(|refusal| refused(&refusal))).await {
            Ok(answer) => answer,
            Err(NotDone::Busy) => busy(),
            Err(NotDone::Failed) => failed(),
        }
    }
}

fn no_such_run(run: &RunId) -> Answer {
    failure(404, &format!("There is no run {run}."))
}

/// What the file of a report is called.
fn report_name(run: &RunId, format: ReportFormat) -> DownloadName {
    let (ending, media_type) = match format {
        ReportFormat::Html => ("html", "text/html"),
        ReportFormat::Junit => ("junit.xml", "application/xml"),
        ReportFormat::Json => ("json", "application/json"),
        ReportFormat::Markdown => ("md", "text/markdown"),
        ReportFormat::Csv => ("csv", "text/csv"),
    };
    DownloadName { name: format!("{run}-report.{ending}"), media_type }
}

/// Reads a body of bounded size and time as JSON.
async fn read_json<T: DeserializeOwned>(body: Incoming) -> Result<T, Answer> {
    let read = tokio::time::timeout(BODY_TIME, Limited::new(body, LONGEST_BODY).collect()).await;
    let bytes = match read {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return Err(failure(413, "The body is longer than 4 KiB, or it was cut short.")),
        Err(_) => return Err(failure(408, "The body did not come in time.")),
    };
    serde_json::from_slice(&bytes).map_err(|error| failure(400, &format!("The body cannot be read: {error}.")))
}
