//! The passwords that are tried first, of those long enough to be taken.

/// One a line, in lower case and sorted.
const LIST: &str = include_str!("common_passwords.txt");

/// Whether a password is on the list, written in whatever case.
pub fn contain(password: &str) -> bool {
    let password = password.trim().to_lowercase();
    let lines: Vec<&str> = LIST.lines().collect();
    lines.binary_search(&password.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ones_are_known() {
        assert!(LIST.lines().is_sorted());
        assert!(LIST.lines().count() >= 3_000);
        for password in [
            "password",
            "Password1",
            "12345678",
            "qwertyuiop",
            "iloveyou",
        ] {
            assert!(contain(password), "{password}");
        }
        assert!(!contain("correct horse battery staple"));
    }
}
