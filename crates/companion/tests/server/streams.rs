//! The streams, on a real port.

use std::sync::Arc;

use agent_tasks::{Event, State, Steer, Task, paths};
use companion::{App, ConnectionLimits, agents::RunEnd, app, http::Hosts, run};
use futures_util::StreamExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::harness::Server;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub name: String,
    pub id: Option<u64>,
    /// With what marks the log.
    pub whole_id: String,
    pub data: String,
}

/// A server's address, until it is dropped.
pub struct Socket {
    pub address: String,
    ending: CancellationToken,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.ending.cancel();
    }
}

pub async fn listen(server: &Server) -> Socket {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hosts = Hosts::loopback(listener.local_addr().unwrap().port());
    let address = hosts.address().to_owned();
    let ending = CancellationToken::new();
    let state = App { hosts: Arc::new(hosts), ending: ending.clone(), ..server.app.clone() };
    tokio::spawn(run(listener, app(state), ConnectionLimits::of_this_process(), ending.clone()));
    Socket { address, ending }
}

/// Reads frames until `enough`.
pub async fn read(server: &Server, url: String, cursor: Option<&str>, enough: impl Fn(&[Frame]) -> bool) -> Vec<Frame> {
    let mut request = reqwest::Client::new().get(url).header("accept", "text/event-stream").bearer_auth(&server.token);
    if let Some(cursor) = cursor {
        request = request.header("last-event-id", cursor);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let mut pieces = response.bytes_stream();
    let (mut text, mut frames) = (String::new(), Vec::new());
    let reading = async {
        while !enough(&frames) {
            let Some(piece) = pieces.next().await else { return };
            text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
            while let Some(end) = text.find("\n\n") {
                let frame: String = text.drain(..end + 2).collect();
                let field = |name: &str| {
                    let lines = frame.lines().filter_map(|line| line.strip_prefix(&format!("{name}: ")));
                    lines.map(str::to_owned).next()
                };
                frames.push(Frame {
                    name: field("event").unwrap(),
                    whole_id: field("id").unwrap_or_default(),
                    id: field("id").map(|id| paths::stream::number_of(&id).unwrap()),
                    data: field("data").unwrap(),
                });
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), reading).await.expect("the stream gave too little");
    frames
}

#[tokio::test]
async fn a_stream_gives_exactly_what_comes_after_any_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let socket = listen(&server).await;
    let id = server.start_task("Talk").await;
    let url = format!("{}/api{}", socket.address, paths::events(&id));
    let over = |frames: &[Frame]| frames.iter().any(|frame| frame.data.contains("session.shutdown"));
    let live = read(&server, url.clone(), None, over);
    let play = async {
        let run = server.next_run().await;
        run.begin().await;
        for number in 0..30 {
            run.say(&format!("{number}\n\nevent: reset\nid: 999\ndata: forged\n\n")).await;
            run.tell(agent_tasks::event::AssistantIntent { intent: format!("step {number}") }).await;
        }
        run.end(RunEnd::TurnEnded("end_turn".into()));
    };
    let (live, ()) = tokio::join!(live, play);
    let log = server.log(&id).await;
    let logged: Vec<String> = log.events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    let told = |frames: &[Frame]| frames.iter().map(|frame| frame.data.clone()).collect::<Vec<_>>();
    assert!(live.iter().all(|frame| frame.name == "event"), "no text of the agent is taken for framing");
    assert_eq!(told(&live), logged);
    for cursor in 0..log.last_seq {
        let replayed = read(&server, url.clone(), Some(&cursor.to_string()), over).await;
        assert_eq!(told(&replayed), logged[cursor as usize..], "after {cursor}");
        assert_eq!(replayed[0].id, Some(cursor + 1));
    }
    let lost = read(&server, url.clone(), Some(&(log.last_seq + 7).to_string()), over).await;
    assert_eq!((lost[0].name.as_str(), lost[0].id), ("reset", Some(0)));
    assert_eq!(told(&lost[1..]), logged);
    let _: Event = serde_json::from_str(&lost[1].data).unwrap();
}

#[tokio::test]
async fn the_list_begins_with_what_is_there_and_goes_on_with_what_changes() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let socket = listen(&server).await;
    let first = server.start_task("First").await;
    let second = server.start_task("Second").await;
    let url = format!("{}/api{}", socket.address, paths::STREAM);
    let task = |frame: &Frame| serde_json::from_str::<Task>(&frame.data).unwrap();
    let cancelled =
        |frames: &[Frame]| frames.iter().any(|frame| task(frame).id == second && task(frame).state == State::Cancelled);
    let stop = async { server.steer(&second, &Steer::abort()).await };
    let (frames, (status, _)) = tokio::join!(read(&server, url.clone(), None, cancelled), stop);
    assert_eq!(status, 202);
    assert!(frames.iter().any(|frame| task(frame).id == first));
    assert!(frames.is_sorted_by_key(|frame| frame.id));
    // Where one reader left off, another goes on.
    let (cursor, whole_id) = frames.last().map(|frame| (frame.id, frame.whole_id.clone())).unwrap();
    let third = server.start_task("Third").await;
    let later = read(&server, url, Some(&whole_id), |frames| frames.iter().any(|frame| task(frame).id == third)).await;
    assert!(later.iter().all(|frame| frame.id > cursor && task(frame).id != second));
}

#[tokio::test]
async fn a_server_that_ends_ends_its_streams() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let socket = listen(&server).await;
    let id = server.start_task("Wait").await;
    let url = format!("{}/api{}", socket.address, paths::events(&id));
    let ending = socket.ending.clone();
    let frames = read(&server, url, None, move |frames| {
        if !frames.is_empty() {
            ending.cancel();
        }
        false
    })
    .await;
    assert!(!frames.is_empty());
}

#[tokio::test]
async fn a_revoked_token_ends_its_streams() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let id = server.start_task("Wait").await;
    for path in [paths::events(&id), paths::STREAM.to_owned()] {
        let token = server.app.access.new_token("short-lived").await.unwrap();
        let request = axum::http::Request::get(format!("/api{path}"))
            .header("host", server.host())
            .header("accept", "text/event-stream")
            .header("authorization", format!("Bearer {token}"));
        let response = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        let mut pieces = response.into_body().into_data_stream();
        pieces.next().await.expect("the stream begins").unwrap();
        server.app.access.revoke("short-lived").await.unwrap();
        // From here on the clock jumps to the next thing that waits for it.
        tokio::time::pause();
        let rest = pieces.take(5).count().await;
        tokio::time::resume();
        assert!(rest <= 2, "{path} went on with {rest} pieces");
    }
}
