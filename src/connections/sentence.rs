//! How the page stands with all of its servers, in two or three words. Pure.

use crate::store::{Connection, Connections, Link, Standing};

/// The colour family of a badge, and the words.
pub fn connections_sentence(connections: &Connections) -> (&'static str, String) {
    // A server that nobody has given a token yet is on offer, not in use.
    let used: Vec<&Connection> =
        connections.iter().filter(|connection| connection.standing != Standing::NoToken(None)).collect();
    let is_live = |connection: &&&Connection| connection.is_open() && connection.link == Link::Live;
    let live = used.iter().filter(is_live).count();
    match used.as_slice() {
        [] => ("warning", "Not connected".to_owned()),
        [one] => (tone_of(one), one.sentence().to_owned()),
        all if live == all.len() => ("success", "Live".to_owned()),
        all => {
            let is_troubled = all.iter().any(|connection| tone_of(connection) == "warning");
            (if is_troubled { "warning" } else { "neutral" }, format!("{live} of {} live", all.len()))
        }
    }
}

/// The colour family for one server.
pub fn tone_of(connection: &Connection) -> &'static str {
    match (&connection.standing, connection.link) {
        (Standing::Open { .. }, Link::Live) => "success",
        (Standing::Open { .. }, Link::Connecting) | (Standing::Entering, _) => "neutral",
        (Standing::Open { .. }, Link::Reconnecting) | (Standing::NoToken(_), _) => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::ServerAddress;

    #[test]
    fn the_words_count_what_is_live() {
        let check = |servers: &[(Standing, Link)], tone: &str, words: &str| {
            let mut connections = Connections::default();
            for (index, (standing, link)) in servers.iter().enumerate() {
                let address = ServerAddress::of_github_host(&format!("{index}.example.com")).unwrap();
                let id = connections.add("", address, false);
                let connection = connections.get_mut(id).unwrap();
                (connection.standing, connection.link) = (standing.clone(), *link);
            }
            assert_eq!(connections_sentence(&connections), (tone, words.to_owned()));
        };
        let live = || (Standing::Open { is_remembered: false }, Link::Live);
        let cut = || (Standing::Open { is_remembered: false }, Link::Reconnecting);
        let unused = || (Standing::NoToken(None), Link::Connecting);
        let refused = || (Standing::NoToken(Some("Refused.".into())), Link::Connecting);
        check(&[], "warning", "Not connected");
        check(&[unused()], "warning", "Not connected");
        check(&[live(), unused()], "success", "Live");
        check(&[live(), live()], "success", "Live");
        check(&[cut()], "warning", "Reconnecting…");
        check(&[live(), live(), cut()], "warning", "2 of 3 live");
        check(&[live(), refused()], "warning", "1 of 2 live");
        check(&[live(), (Standing::Entering, Link::Connecting)], "neutral", "1 of 2 live");
    }
}
