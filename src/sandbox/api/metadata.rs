//! The words that can be put on a thing.

use super::params::Params;
use crate::sandbox::books::Metadata;

impl Params {
    /// Puts words on a thing. An empty word takes one away, and an empty set of
    /// them takes all.
    pub fn put_metadata(&self, on: &mut Metadata) {
        if self.text("metadata") == Some("") {
            on.clear();
        }
        for (name, value) in self.part("metadata").fields() {
            match value.as_str() {
                Some("") => {
                    on.remove(name);
                }
                Some(word) => {
                    on.insert(name.clone(), word.to_owned());
                }
                None => {}
            }
        }
    }

    /// The words to put on something new.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        let mut metadata = Metadata::new();
        self.put_metadata(&mut metadata);
        metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Params {
        Params::read("", body.as_bytes()).unwrap()
    }

    #[test]
    fn an_empty_word_takes_one_away() {
        let mut metadata = read("metadata[a]=1&metadata[b]=2").metadata();
        assert_eq!(metadata.len(), 2);
        read("metadata[a]=").put_metadata(&mut metadata);
        assert!(!metadata.contains_key("a") && metadata.contains_key("b"));
        read("metadata=").put_metadata(&mut metadata);
        assert!(metadata.is_empty());
    }
}
