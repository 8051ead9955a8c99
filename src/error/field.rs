use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as the form sends it; empty for the form as a whole.
    pub field: String,
    pub problem: Problem,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    Missing,
    /// Fewer characters than that.
    TooShort(usize),
    /// More characters than that.
    TooLong(usize),
    Malformed,
    NotAnEmail,
    /// Not the hexadecimal digits of a commit.
    NotACommit,
    /// Not an address that a browser goes to.
    NotAWebAddress,
    /// The project has no such environment.
    NoSuchEnvironment,
    /// Not one of those that there are.
    NotAChoice,
    /// None of those that there are.
    NothingChosen,
    /// Not a number from the first to the second.
    NotBetween(u32, u32),
    /// Not what it must be, for the reason given.
    Unreadable(String),
    /// No file was chosen.
    NoFile,
    /// Not what a file may be called.
    NotAFileName,
    /// It was sent more than once.
    Repeated,
    /// It is fine elsewhere, and can't be here.
    NotTaken,
    /// Only lower-case letters, digits and single hyphens make a slug.
    NotASlug,
    Reserved,
    Taken,
    /// On the list of passwords that are tried first.
    CommonPassword,
    WrongPassword,
    /// Doesn't repeat what was to be repeated.
    NotTheSame,
    /// Not one of the kinds of image that are taken.
    NotAnImage,
    /// More bytes than that.
    TooManyBytes(usize),
    /// That, among several addresses, is none.
    NotAnEmailAmong(String),
    /// Whoever has that address is a member already.
    AlreadyAMember(String),
    /// More of them than that.
    TooManyAtOnce(usize),
    /// Somebody else must be meant.
    Yourself,
}

impl FieldError {
    #[must_use]
    pub fn new(field: &str, problem: Problem) -> Self {
        Self {
            field: field.to_owned(),
            problem,
        }
    }
}

impl Problem {
    /// What is wrong and how to mend it, in words for people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Missing => "Fill this in.".into(),
            Self::TooShort(min) => format!("Use at least {min} characters."),
            Self::TooLong(max) => format!("Use at most {max} characters."),
            Self::Malformed => "This can't be read. Check it and try again.".into(),
            Self::NotAnEmail => "Enter an e-mail address, like name@example.com.".into(),
            Self::NotACommit => "Use 4 to 64 hexadecimal digits, as Git shows them.".into(),
            Self::NotAWebAddress => {
                "Enter an address of the web, as https://example.com/path.".into()
            }
            Self::NoSuchEnvironment => "This project has no environment of that name.".into(),
            Self::NotBetween(least, most) => format!("Use a number from {least} to {most}."),
            Self::Unreadable(why) => format!("This can't be read: {why}."),
            Self::NoFile => "Choose a file.".into(),
            Self::NotAFileName => "Give the file another name: at most 255 characters that can \
                 be seen."
                .into(),
            Self::Repeated => "This was sent more than once. Send it once.".into(),
            Self::NotTaken => "This isn't taken here. Leave it out.".into(),
            Self::NothingChosen => "Choose at least one.".into(),
            Self::NotAChoice => "Choose one of those that there are.".into(),
            Self::NotASlug => {
                "Use lower-case letters, digits and single hyphens between them.".into()
            }
            Self::Reserved => "This name is reserved. Choose another.".into(),
            Self::Taken => "This is taken. Choose another.".into(),
            Self::CommonPassword => {
                "This password is among the first that attackers try. Choose another.".into()
            }
            Self::WrongPassword => "This isn't your password.".into(),
            Self::NotTheSame => "This doesn't match.".into(),
            Self::NotAnImage => "Choose a PNG, JPEG, WebP or GIF image.".into(),
            Self::TooManyBytes(max) => format!("Choose a file of at most {} KB.", max / 1024),
            Self::NotAnEmailAmong(word) => format!("“{word}” isn't an e-mail address."),
            Self::AlreadyAMember(email) => format!("{email} is a member already."),
            Self::TooManyAtOnce(max) => format!("Use at most {max} at once."),
            Self::Yourself => "Choose somebody else.".into(),
        }
    }
}
