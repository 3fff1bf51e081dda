//! GraphQL's ids of things that are known by number, in the form that GitHub made until 2021 and still reads.

/// The id of a repository.
pub(super) fn repository(number: i64) -> String {
    base64(&format!("010:Repository{number}"))
}

/// The id of a person.
pub(super) fn user(number: i64) -> String {
    base64(&format!("04:User{number}"))
}

/// The id of an organisation.
pub(super) fn organization(number: i64) -> String {
    base64(&format!("012:Organization{number}"))
}

/// The id of a pull request.
pub(super) fn pull(number: i64) -> String {
    base64(&format!("011:PullRequest{number}"))
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for bytes in text.as_bytes().chunks(3) {
        let group = (0..3).fold(0, |group, at| group << 8 | usize::from(bytes.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = char::from(DIGITS[group >> (18 - 6 * at) & 63]);
            encoded.push(if at > bytes.len() { '=' } else { digit });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_are_those_of_githubs_examples() {
        assert_eq!(repository(1_296_269), "MDEwOlJlcG9zaXRvcnkxMjk2MjY5");
        assert_eq!(user(1), "MDQ6VXNlcjE=");
        assert_eq!(organization(1), "MDEyOk9yZ2FuaXphdGlvbjE=");
        assert_eq!(pull(1), "MDExOlB1bGxSZXF1ZXN0MQ==");
    }
}
