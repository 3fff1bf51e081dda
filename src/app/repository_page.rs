//! The page of one repository: the tasks of everybody who works in it, below the prompt field.

use leptos::prelude::*;

use super::agents_page::TaskOverview;
use super::deck::Deck;
use super::entering::{failed, note_budget};
use super::feed::{OPEN_PULLS_MAX, delay_after, settle_stops};
use crate::api::{Client, Failure};
use crate::live::Poll;
use crate::store::{ConnectionId, RepositoryAddress, TaskBook};
use crate::ui::{Notice, NoticeKind, memo};

/// A repository's tasks.
#[component]
pub(super) fn RepositoryPage(
    /// The page's state.
    deck: Deck,
    /// Which repository, where.
    address: RepositoryAddress,
) -> impl IntoView {
    let full_name = format!("{}/{}", address.owner, address.name);
    let server = address.server.clone();
    let connection =
        memo(move || deck.connections.with(|connections| connections.addressed(server.as_deref()).map(|it| it.id)));
    let book = RwSignal::new(TaskBook::default());
    let problem = RwSignal::new(None::<String>);
    follow(deck, address, connection, book, problem);
    choose(deck, connection, full_name.clone());
    document().set_title(&format!("{full_name} · Flightdeck"));
    view! {
        <div class="repository-head">
            <a class="session-back" href="#/">"All tasks"</a>
            <h1><bdi>{full_name}</bdi></h1>
        </div>
        {move || problem.get().map(|sentence| view! { <Notice kind=NoticeKind::Problem>{sentence}</Notice> })}
        <TaskOverview deck book/>
    }
}

/// A new task starts here unless another repository is chosen.
fn choose(deck: Deck, connection: Memo<Option<ConnectionId>>, full_name: String) {
    Effect::new(move |_| {
        let base = connection.get().and_then(|id| {
            deck.connections.with_untracked(|connections| connections.get(id).map(|it| it.address.base().to_owned()))
        });
        let draft = deck.draft.get_untracked();
        if let Some(base) = base.filter(|base| *base != draft.choices.server || full_name != draft.choices.repository) {
            let choices = draft.choices.with_repository(base, full_name.clone());
            deck.set_draft(crate::store::Draft { choices, ..draft });
        }
    });
}

/// Keeps the book fresh: a part of the whole list where that comes as a stream and holds everybody's tasks, else
/// the repository's own list, asked for again and again.
fn follow(
    deck: Deck,
    address: RepositoryAddress,
    connection: Memo<Option<ConnectionId>>,
    book: RwSignal<TaskBook>,
    problem: RwSignal<Option<String>>,
) {
    let poll = StoredValue::new_local(None::<Poll>);
    let client = memo(move || deck.clients.with(|clients| clients.get(&connection.get()?).cloned()));
    let has_stream = memo(move || {
        deck.connections.with(|connections| {
            let capabilities = connections.get(connection.get()?)?.capabilities.ready()?;
            Some(capabilities.calls.stream)
        })
    });
    let full_name = format!("{}/{}", address.owner, address.name);
    Effect::new(move |_| {
        if let (Some(id), Some(true)) = (connection.get(), has_stream.get()) {
            book.set(deck.book.with(|whole| whole.of_repository(id, &full_name)));
        }
    });
    Effect::new(move |_| {
        poll.set_value(None);
        let (Some(id), Some(client), Some(false)) = (connection.get(), client.get(), has_stream.get()) else { return };
        let address = address.clone();
        poll.set_value(Some(Poll::start(async move || {
            let read = read_repository(deck, id, &client, &address, book).await;
            note_budget(deck, id, &client);
            let sentence = read.as_ref().err().map(|failure| failed(deck, id, &client, failure));
            problem.try_set(sentence);
            let is_busy = book.try_with_untracked(|book| book.is_busy(id)).unwrap_or_default();
            match read {
                Ok(()) => client.poll_delay_ms(is_busy),
                Err(failure) => delay_after(&client, &failure, is_busy),
            }
        })));
    });
    on_cleanup(move || poll.set_value(None));
}

async fn read_repository(
    deck: Deck,
    id: ConnectionId,
    client: &Client,
    address: &RepositoryAddress,
    book: RwSignal<TaskBook>,
) -> Result<(), Failure> {
    let is_known = book.try_with_untracked(|book| !book.is_empty()).unwrap_or_default();
    let read = client.repository_tasks((&address.owner, &address.name), is_known).await?;
    let Some(tasks) = read else {
        // A pull request and its checks change without their task.
        let tasks = book.try_with_untracked(|book| book.with_open_pull(id, OPEN_PULLS_MAX)).unwrap_or_default();
        let completed = client.complete(&tasks).await;
        if !completed.is_empty() {
            book.try_update(|book| completed.into_iter().for_each(|task| book.apply(id, task)));
        }
        return Ok(());
    };
    let mut fresh = TaskBook::default();
    settle_stops(deck, id, &tasks);
    let completed = client.complete(&tasks).await;
    tasks.into_iter().chain(completed).for_each(|task| fresh.apply(id, task));
    book.try_set(fresh);
    Ok(())
}
