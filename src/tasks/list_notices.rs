//! What is wrong with one server is said for it alone; the others' rows stay as they are.

use leptos::prelude::*;

use crate::store::{Connection, ConnectionId, Connections, Link, Remote, Standing};
use crate::ui::{Button, Notice, NoticeKind, memo};

/// What is to be said of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ServerNotice {
    /// Which server.
    connection: ConnectionId,
    /// What is said.
    sentence: String,
    /// What kind of trouble it is.
    trouble: Trouble,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// It comes back by itself.
    Passing,
    /// It could not be read.
    Unread,
    /// It takes no request with this token.
    Refused,
}

/// A notice for each server that is not as it should be.
#[component]
pub fn ListNotices(
    /// The servers that were asked, each with what came of that.
    asked: Signal<Connections>,
    /// A server's tasks should be read again.
    on_reload: Callback<ConnectionId>,
) -> impl IntoView {
    let notices = memo(move || asked.with(notices_of));
    let notice = move |ServerNotice { connection, sentence, trouble }| {
        let kind = match trouble {
            Trouble::Passing => NoticeKind::Note,
            Trouble::Unread | Trouble::Refused => NoticeKind::Problem,
        };
        let on_click = Callback::new(move |()| on_reload.run(connection));
        let again = (trouble == Trouble::Unread).then(|| view! { <Button on_click>"Try again"</Button> });
        view! { <Notice kind><p>{sentence}</p>{again}</Notice> }
    };
    move || notices.get().into_iter().map(notice).collect_view()
}

fn notices_of(connections: &Connections) -> Vec<ServerNotice> {
    let is_one_of_many = connections.len() > 1;
    connections.iter().filter_map(|connection| notice_of(connection, is_one_of_many)).collect()
}

/// What is to be said of a server, by its name where there are several.
fn notice_of(connection: &Connection, is_one_of_many: bool) -> Option<ServerNotice> {
    let name = &connection.name;
    let of_name = if is_one_of_many { format!(" of {name}") } else { String::new() };
    let (trouble, sentence) = match (&connection.standing, &connection.reading, connection.link) {
        (Standing::NoToken(Some(why)), _, _) => {
            let name = if is_one_of_many { format!("{name}: ") } else { String::new() };
            (Trouble::Refused, format!("{name}{why} Give it another token under “Connections”."))
        }
        (Standing::NoToken(None) | Standing::Entering, _, _) => return None,
        (Standing::Open { .. }, Remote::Failed(why), _) => {
            (Trouble::Unread, format!("The list of tasks{of_name} could not be read. {why}"))
        }
        (Standing::Open { .. }, _, Link::Reconnecting) => {
            let name = if is_one_of_many { format!(" to {name}") } else { String::new() };
            let sentence = "The list is as it was when the connection was lost; it catches up by itself.";
            (Trouble::Passing, format!("Reconnecting{name}… {sentence}"))
        }
        (Standing::Open { .. }, Remote::Loading | Remote::Ready(()), Link::Connecting | Link::Live) => return None,
    };
    Some(ServerNotice { connection: connection.id, sentence, trouble })
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent_tasks::ServerAddress;

    #[test]
    fn each_server_speaks_for_itself() {
        let mut connections = Connections::default();
        let ids = ["a", "b", "c"].map(|name| {
            let address = ServerAddress::of_github_host(&format!("{name}.example.com")).unwrap();
            let id = connections.add(name, address, false);
            connections.get_mut(id).unwrap().standing = Standing::Open { is_remembered: false };
            id
        });
        assert_eq!(notices_of(&connections), []);
        connections.get_mut(ids[0]).unwrap().reading = Remote::Failed("It cannot be reached.".into());
        connections.get_mut(ids[1]).unwrap().link = Link::Reconnecting;
        connections.get_mut(ids[2]).unwrap().standing = Standing::NoToken(Some("The token was refused.".into()));
        let said: Vec<_> =
            notices_of(&connections).into_iter().map(|it| (it.connection, it.trouble, it.sentence)).collect();
        assert_eq!((said[0].0, said[0].1), (ids[0], Trouble::Unread));
        assert_eq!(said[0].2, "The list of tasks of a could not be read. It cannot be reached.");
        assert_eq!((said[1].1, said[1].2.starts_with("Reconnecting to b…")), (Trouble::Passing, true));
        assert_eq!((said[2].1, said[2].2.starts_with("c: The token was refused.")), (Trouble::Refused, true));
        connections.remove(ids[1]);
        connections.remove(ids[2]);
        assert!(notices_of(&connections)[0].sentence.starts_with("The list of tasks could not be read."));
    }
}
