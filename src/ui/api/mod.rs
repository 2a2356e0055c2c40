//! What the page asks, as types, and the answers. Each answer is one use case that the command line has too.
//!
//! | files | what they hold, each importing only from those before it |
//! |---|---|
//! | `route` | addresses as types: ids of runs and names of files, never paths |
//! | `query` | the part of an address behind `?`, as types |
//! | `runs_query` | what is asked of the list of runs |
//! | `answer` | answers with the headers that all have |
//! | `blocking` | use cases on threads of their own, a bounded number at once |
//! | `reading_pace` | how fast rows are read beside a run that needs the processors |
//! | `row_stream` | the rows of a run as lines of JSON, as fast as their reader takes them |
//! | `listed_run` | a run of the list as JSON |
//! | `downloads` | files as answers, piece by piece |
//! | `overviews` | the overviews of runs: requests that come together get the same one |
//! | `live_views` | the states of the runs that open pages show |
//! | `service` | from a request to its answer |

mod answer;
mod blocking;
mod downloads;
mod listed_run;
mod live_views;
mod overviews;
mod query;
mod reading_pace;
mod route;
mod row_stream;
mod runs_query;
mod service;

pub(super) use service::UiService;
