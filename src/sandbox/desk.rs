//! Where the books lie: one at a time writes in them, and what was written is
//! kept in a file, if there is to be one.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::books::{Books, event::Asked};

/// The books, shared.
#[derive(Clone, Debug)]
pub struct Desk {
    books: Arc<Mutex<Books>>,
    file: Option<Arc<Path>>,
    /// Told whenever there may be something to deliver.
    pub posted: Arc<Notify>,
}

impl Desk {
    /// Opens the books: those in the file, or new ones.
    ///
    /// # Errors
    /// If there is a file, and it can't be read.
    pub fn open(file: Option<PathBuf>) -> Result<Self, String> {
        let mut books = match &file {
            Some(file) if file.exists() => read(file)?,
            _ => Books::new(),
        };
        // Nobody is at what was begun before.
        books.answers.retain(|_, once| once.answer.is_some());
        Ok(Self {
            books: Arc::new(Mutex::new(books)),
            file: file.map(Into::into),
            posted: Arc::default(),
        })
    }

    /// Looks something up, as of now.
    pub fn look<T>(&self, work: impl FnOnce(&Books) -> T) -> T {
        let mut books = self.books();
        if books.catch_up() {
            self.keep(&books);
        }
        work(&books)
    }

    /// Changes something.
    pub fn change<T>(&self, work: impl FnOnce(&mut Books) -> T) -> T {
        let mut books = self.books();
        books.catch_up();
        let result = work(&mut books);
        books.asked = Asked::default();
        self.keep(&books);
        result
    }

    /// Changes something that needn't be kept at once.
    pub fn note<T>(&self, work: impl FnOnce(&mut Books) -> T) -> T {
        work(&mut self.books())
    }

    /// A thread that panicked over the books left them as a request would.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, books: &Books) {
        self.posted.notify_one();
        if let Some(file) = &self.file
            && let Err(error) = write(file, books)
        {
            tracing::error!(%error, "the sandbox's books couldn't be kept");
        }
    }
}

fn read(file: &Path) -> Result<Books, String> {
    let why = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = std::fs::read(file).map_err(|error| why(&error))?;
    serde_json::from_slice(&text).map_err(|error| why(&error))
}

/// Writes beside the file first: whoever ends the program in the midst of it
/// finds the books as they were.
fn write(file: &Path, books: &Books) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension("json.new");
    std::fs::write(&beside, serde_json::to_vec(books)?)?;
    std::fs::rename(beside, file)
}
