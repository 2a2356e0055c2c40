//! Files as answers: read in pieces as the reader takes them, so that a file of any size takes little memory.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use rustix::fs::OFlags;
use tokio::io::AsyncReadExt;

use super::answer::{Answer, DownloadName, downloaded};

/// The bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Opens a file that a run wrote. Links, pipes and folders are refused, and a pipe holds nobody up.
///
/// # Errors
/// The system's error; an error of its own for what is not a regular file.
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(file)
}

/// The answer with a file from its beginning.
///
/// # Errors
/// The system's error if the file's length cannot be read.
pub(super) fn download(file: File, name: &DownloadName) -> io::Result<Answer> {
    let length = file.metadata()?.len();
    let file = tokio::fs::File::from_std(file);
    // Nothing is sent beyond the length that was announced, even if the file grows.
    let pieces = stream::try_unfold(file.take(length), |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (Bytes::from(piece), file)))
    });
    Ok(downloaded(name, length, pieces))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link, pipe) = (folder.path().join("f"), folder.path().join("l"), folder.path().join("p"));
        std::fs::write(&file, "x").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        assert!(open_regular(&file).is_ok());
        for path in [link, pipe, folder.path().to_owned(), folder.path().join("none")] {
            assert!(open_regular(&path).is_err(), "{}", path.display());
        }
    }

    #[tokio::test]
    async fn a_file_comes_whole_and_in_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let content: Vec<u8> = (0..PIECE * 3 + 7).map(|at| at.to_le_bytes()[0]).collect();
        std::fs::write(&path, &content).unwrap();
        let name = DownloadName { name: "results.csv".to_owned(), media_type: "text/csv" };
        let mut answer = download(open_regular(&path).unwrap(), &name).unwrap();
        assert_eq!(answer.headers()["content-length"], content.len().to_string());
        assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"results.csv\"");
        let mut came = Vec::new();
        while let Some(frame) = answer.body_mut().frame().await {
            let piece = frame.unwrap().into_data().unwrap();
            assert!(piece.len() <= PIECE * 2);
            came.extend_from_slice(&piece);
        }
        assert_eq!(came, content);
    }
}
