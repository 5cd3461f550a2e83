//! Reading the benchmark's text files: numbers between white space.

use std::error::Error;
use std::path::Path;
use std::str::{FromStr, SplitWhitespace};

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A file's content, with the path in the message if there is none.
pub fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The numbers of a text, one after the other.
pub struct Numbers<'a> {
    words: SplitWhitespace<'a>,
}

impl<'a> Numbers<'a> {
    pub fn new(text: &'a str) -> Self {
        Numbers { words: text.split_whitespace() }
    }

    /// The next number, which must be there.
    pub fn next<T: FromStr>(&mut self) -> Result<T>
    where
        T::Err: Error + 'static,
    {
        let word = self.words.next().ok_or("the file ends too early")?;
        word.parse().map_err(|error| format!("`{word}`: {error}").into())
    }

    /// The next `n` numbers.
    pub fn take<T: FromStr>(&mut self, n: usize) -> Result<Vec<T>>
    where
        T::Err: Error + 'static,
    {
        (0..n).map(|_| self.next()).collect()
    }

    /// The next `N` reals.
    pub fn array<const N: usize>(&mut self) -> Result<[f64; N]> {
        let mut array = [0.0; N];
        for entry in &mut array {
            *entry = self.next()?;
        }
        Ok(array)
    }

    /// How many words are left.
    pub fn left(&self) -> usize {
        self.words.clone().count()
    }

    /// An error unless everything has been read.
    pub fn finish(&self) -> Result<()> {
        match self.left() {
            0 => Ok(()),
            n => Err(format!("{n} numbers more than the header announces").into()),
        }
    }
}
