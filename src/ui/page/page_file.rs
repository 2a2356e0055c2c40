//! The files of the page, embedded in the program. The script and the style sheet are built from `web/src`.

use crate::model::words;

words! {
    /// A file of the page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::ui) enum PageFile {
        /// The document.
        Document = "/",
        /// The script.
        Script = "/live.js",
        /// The style sheet.
        Style = "/live.css",
    }
}

impl PageFile {
    /// The file that stands at a path; `None` if there is none.
    pub(in crate::ui) fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.as_str() == path)
    }

    /// The content.
    pub(in crate::ui) fn content(self) -> &'static str {
        match self {
            Self::Document => include_str!("live.html"),
            Self::Script => include_str!("../../../web/dist/live.js"),
            Self::Style => include_str!("../../../web/dist/live.css"),
        }
    }

    /// The media type.
    pub(in crate::ui) fn media_type(self) -> &'static str {
        match self {
            Self::Document => "text/html; charset=utf-8",
            Self::Script => "text/javascript; charset=utf-8",
            Self::Style => "text/css; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The sources of the client, with their names.
    fn sources() -> Vec<(PathBuf, String)> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src")];
        let mut sources = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => sources.push((path.clone(), fs::read_to_string(&path).unwrap())),
                }
            }
        }
        sources
    }

    #[test]
    fn the_document_names_only_files_that_are_served() {
        let named: Vec<&str> = PageFile::Document
            .content()
            .split('"')
            .filter(|part| part.ends_with(".js") || part.ends_with(".css"))
            .collect();
        assert_eq!(named, ["live.css", "live.js"]);
        assert!(named.iter().all(|name| PageFile::at(&format!("/{name}")).is_some()));
        for file in [PageFile::Script, PageFile::Style] {
            for part in ["import(", "@import", "url(http", "sourceMappingURL"] {
                assert!(!file.content().contains(part), "{}: {part}", file.as_str());
            }
        }
    }

    #[test]
    fn nothing_is_set_as_html_and_nothing_is_fetched_from_elsewhere() {
        let sources = sources();
        assert!(sources.len() > 40, "the sources are found");
        let forbidden = [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "dangerouslySet",
            "document.write",
            "createContextualFragment",
            "setHTMLUnsafe",
            "srcdoc",
            "eval(",
            "new Function",
            "XMLHttpRequest",
            "WebSocket",
            "EventSource",
            "sendBeacon",
            "http:",
            "https:",
            "//cdn",
        ];
        for (path, source) in &sources {
            for part in forbidden {
                assert!(!source.contains(part), "{}: {part}", path.display());
            }
        }
        // The sections that the Rust side writes are parsed in one place, and one place asks the server.
        let with = |part: &str| {
            let found = sources.iter().filter(|(_, source)| source.contains(part));
            found.map(|(path, _)| path.file_name().unwrap().to_str().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(with("new DOMParser"), ["sections_html.ts"]);
        assert_eq!(with("fetch("), ["server.ts"]);
    }
}
