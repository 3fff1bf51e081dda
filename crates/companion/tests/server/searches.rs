//! Find in a log.

use agent_tasks::{ApiError, SearchPart, SearchWindow, event::UserMessage, paths};
use axum::body::Body;

use crate::{
    harness::{Server, body},
    ready_made::{ReadyMade, begin, steps},
};

async fn search(server: &Server, log: &ReadyMade, query: &str) -> SearchWindow {
    server.get(&format!("{}?{query}", paths::search(&log.id))).await
}

/// Asks until all is searched; every answer must have come further or be the last.
async fn search_all(server: &Server, log: &ReadyMade, query: &str) -> SearchWindow {
    let mut total = 0;
    loop {
        let found = search(server, log, query).await;
        assert!(found.total >= total, "hits do not go away");
        total = found.total;
        if found.is_done {
            return found;
        }
    }
}

#[tokio::test]
async fn every_hit_is_counted_and_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write([vec![begin()], steps(0..300, 50)].concat()).await;
    let found = search_all(&server, &log, "q=Message").await;
    assert_eq!((found.total, found.last_seq), (100, last));
    assert_eq!(found.steps.iter().flatten().map(|hits| u64::from(hits.count)).sum::<u64>(), found.total);
    let hit = found.hits.iter().find(|hit| hit.after == " 151").unwrap();
    assert_eq!((hit.part, hit.row, hit.from, hit.to), (SearchPart::Text, 0, 0, 7));
    assert_eq!(hit.hit, "Message");
    let log_window: agent_tasks::EventWindow =
        server.get(&format!("{}?after={}&limit=1", paths::events(&log.id), hit.seq - 1)).await;
    let said = serde_json::to_string(&log_window.events[0]).unwrap();
    assert!(said.contains("step-151"), "the step begins with this event: {said}");
    for (query, total) in [
        ("q=message", 100),
        ("q=message&case=true", 0),
        ("q=messag&word=true", 0),
        ("q=target-%5Cd%2B&regex=true", 100),
        ("q=29:49", 1),
        ("q=nowhere", 0),
    ] {
        assert_eq!(search_all(&server, &log, query).await.total, total, "{query}");
    }
    let all = found.hits;
    let page = search(&server, &log, "q=Message&skip=90&limit=5").await.hits;
    assert_eq!(page, all[90..95]);
    assert!(search(&server, &log, "q=Message&skip=100").await.hits.is_empty());
}

#[tokio::test]
async fn any_hit_of_very_many_is_told_by_its_rank_and_none_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    // Each third step is a command with so many lines.
    log.write([vec![begin()], steps(0..9, 20_000)].concat()).await;
    let total = search_all(&server, &log, "q=%3A&limit=0").await.total;
    assert_eq!(total, 60_000);
    for first in [0, 19_990, 20_000, 39_999, 59_900] {
        let mut ranks = first;
        while ranks < total.min(first + 250) {
            let found = search(&server, &log, &format!("q=%3A&skip={ranks}&limit=100")).await;
            assert!(found.is_done && !found.hits.is_empty(), "{ranks} of {total} is not told");
            for hit in found.hits {
                assert_eq!((hit.part, u64::from(hit.row)), (SearchPart::Text, ranks % 20_000), "{ranks}");
                ranks += 1;
            }
        }
    }
    assert!(search(&server, &log, "q=%3A&skip=60000").await.hits.is_empty());
}

#[tokio::test]
async fn a_log_that_grows_is_searched_as_it_grows() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    log.write(vec![begin()]).await;
    for round in 1..=5 {
        let prompt = UserMessage { content: format!("needle {round}"), source: None };
        let last = log.write([steps(round * 30..round * 30 + 30, 10), vec![prompt.into()]].concat()).await;
        let found = search_all(&server, &log, "q=needle").await;
        assert_eq!((found.total, found.last_seq), (round as u64, last));
    }
}

#[tokio::test]
async fn long_lines_are_cut_around_their_hits() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let content = format!("{}needle{}", "a".repeat(2_000), "b".repeat(2_000));
    log.write(vec![begin(), UserMessage { content, source: None }.into()]).await;
    let found = search_all(&server, &log, "q=needle").await;
    assert_eq!((found.hits[0].before.len(), found.hits[0].after.len()), (80, 80));
    let found = search_all(&server, &log, "q=a%2B&regex=true&case=true").await;
    assert_eq!(found.hits.iter().map(|hit| hit.hit.len()).max(), Some(200));
}

#[tokio::test]
async fn a_search_for_nothing_finds_nothing_and_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    log.write([vec![begin()], steps(0..30, 10)].concat()).await;
    for query in ["q=", ""] {
        assert_eq!(search(&server, &log, query).await, SearchWindow::default(), "{query}");
    }
    assert_eq!(search_all(&server, &log, "q=Message").await.total, 10);
}

#[tokio::test]
async fn a_search_that_means_nothing_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    for (query, status, sentence) in [
        ("q=a(&regex=true", 422, "Correct the regular expression"),
        ("q=a&limit=1001", 422, "limit must be"),
        ("q=a&regex=maybe", 422, ""),
    ] {
        let path = format!("/api{}?{query}", paths::search(&log.id));
        let response = server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{query}");
        let error: ApiError = serde_json::from_slice(&body(response).await).unwrap();
        assert!(error.message.starts_with(sentence), "{}", error.message);
    }
    let path = format!("/api{}?q=a", paths::search(&agent_tasks::TaskId("0193".into())));
    assert_eq!(server.send(server.request("GET", &path).body(Body::empty()).unwrap()).await.status(), 404);
}
