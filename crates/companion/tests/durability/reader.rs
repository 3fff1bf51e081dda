//! A reader of one log's stream: it notes each event that it was told, and comes back after every cut.

use std::sync::{Arc, Mutex};

use agent_tasks::{TaskId, paths};
use tokio::{sync::watch, task::JoinHandle};

/// Where the companion answers now; nothing while it is dead.
pub type Where = watch::Receiver<Option<(String, String)>>;

/// What a reader was told, in order: the first event is that of number 1.
pub type Told = Arc<Mutex<Vec<String>>>;

/// Reads the log of `id` until its session is over, or `place` is gone.
pub fn read(id: TaskId, mut place: Where, told: Told) -> JoinHandle<()> {
    tokio::spawn(async move {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let mut last_id = None;
        loop {
            let Ok(found) = place.wait_for(Option::is_some).await.map(|found| found.clone()) else { return };
            let Some((address, token)) = found else { return };
            let mut request = http
                .get(format!("{address}{}{}", paths::COMPANION_BASE, paths::events(&id)))
                .header("accept", "text/event-stream")
                .bearer_auth(token);
            if let Some(last_id) = &last_id {
                request = request.header("last-event-id", last_id);
            }
            if let Ok(response) = request.send().await
                && follow(response, &told, &mut last_id).await
            {
                return;
            }
            // A cut comes with the companion's death; whoever is too quick asks the dead one once more.
            tokio::task::yield_now().await;
        }
    })
}

/// Reads one connection; whether the session is over.
async fn follow(mut response: reqwest::Response, told: &Told, last_id: &mut Option<String>) -> bool {
    assert_eq!(response.status(), 200);
    let mut text = String::new();
    while let Ok(Some(piece)) = response.chunk().await {
        text.push_str(std::str::from_utf8(&piece).expect("pieces end where events do"));
        while let Some(end) = text.find("\n\n") {
            let frame: String = text.drain(..end + 2).collect();
            let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if field("event: ").as_deref() != Some(paths::stream::EVENT) {
                assert_ne!(
                    field("event: ").as_deref(),
                    Some(paths::stream::RESET),
                    "this log is the one that was left"
                );
                continue;
            }
            let id = field("id: ").unwrap();
            let mut told = told.lock().unwrap();
            let number = paths::stream::number_of(&id).unwrap();
            assert_eq!(number, told.len() as u64 + 1, "each event once and in order");
            told.push(field("data: ").unwrap());
            *last_id = Some(id);
            if frame.contains("\"session.shutdown\"") {
                return true;
            }
        }
    }
    false
}
