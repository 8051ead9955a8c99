//! What the description of the API says, in the order in which it is read.

use serde::{Deserialize, Serialize};

/// The whole reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub introduction: Vec<String>,
    /// Where the program is reached: `https://atrium.example`.
    pub origin: String,
    pub groups: Vec<Group>,
    /// What may go wrong with any call: status and words.
    pub refusals: Vec<(String, String)>,
    /// What a refusal has in it.
    pub problem: Vec<Field>,
}

/// What is about one kind of thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub words: String,
    pub operations: Vec<Operation>,
}

/// One thing that can be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub title: String,
    pub words: String,
    /// The scope that a key needs for it.
    pub scope: String,
    pub parameters: Vec<Field>,
    /// What a body of JSON has in it.
    pub body: Vec<Field>,
    /// What a good answer has in it.
    pub answer: Vec<Field>,
    /// The statuses that it answers with.
    pub statuses: Vec<String>,
    /// A command that does it.
    pub curl: String,
}

/// A value that is sent or answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    /// What kind of value it is, in a word or two.
    pub kind: String,
    pub words: String,
    pub is_required: bool,
}
