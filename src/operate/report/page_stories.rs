//! The stories of the page's rows, in groups that the page unpacks one by one.

use std::io::{self, Write};

use super::page_rows::StoryPlace;
use super::run_source::RunSource;
use crate::operate::why::StoryTeller;
use crate::report::page::{JsonColumn, write_part};

/// Writes the stories of rows, in the order of the table.
pub(super) fn write_stories(source: &RunSource, places: &[StoryPlace], out: &mut dyn Write) -> io::Result<()> {
    let teller = StoryTeller::new(&source.known, &source.plan).map_err(io::Error::other)?;
    for group in places.chunk_by(|one, other| one.group == other.group) {
        let mut stories = JsonColumn::object()?;
        for place in group {
            let story = teller.tell(place.position).map_err(io::Error::other)?;
            stories.member(&place.place.to_string(), &story)?;
        }
        let number = group.first().map_or(0, |place| place.group);
        write_part(out, &format!("stories-{number}"), &stories.finish()?)?;
    }
    Ok(())
}
