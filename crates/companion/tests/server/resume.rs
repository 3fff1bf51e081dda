//! Coming back to a stream: exactly what is later, whatever the cursor; all of it when the cursor is of another log; and
//! who reads too slowly is let go and loses nothing.

use std::{sync::Arc, time::Duration};

use agent_tasks::{State, TaskId, event::AssistantIntent, paths};
use companion::{App, ConnectionLimits, agents::RunEnd, app, http::Hosts, run};
use promises::{Dice, cases, seed, tell};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    harness::Server,
    streams::{Frame, listen, read},
};

/// Events of a log that is read again and again.
const EVENTS: u64 = 120;
/// How long a slow reader is waited for here.
const PATIENCE: Duration = Duration::from_millis(300);

fn is_over(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| frame.data.contains("session.shutdown"))
}

fn told(frames: &[Frame]) -> Vec<String> {
    frames.iter().map(|frame| frame.data.clone()).collect()
}

/// A task that is over, and its log as the API tells it.
async fn finished(server: &Server, text: &str, events: u64) -> (TaskId, Vec<String>) {
    let id = server.start_task("Talk").await;
    let run = server.next_run().await;
    run.begin().await;
    for number in 0..events {
        run.tell(AssistantIntent { intent: format!("{number}: {text}") }).await;
    }
    run.end(RunEnd::TurnEnded("end_turn".into()));
    server.until_state(&id, State::Completed).await;
    let mut log: Vec<String> = Vec::new();
    loop {
        let path = format!("{}?limit=1000&after={}", paths::events(&id), log.len());
        let window: agent_tasks::EventWindow = server.get(&path).await;
        log.extend(window.events.iter().map(|event| serde_json::to_string(event).unwrap()));
        if log.len() as u64 >= window.last_seq {
            return (id, log);
        }
    }
}

#[tokio::test]
async fn any_cursor_of_the_past_gives_what_is_later_and_one_of_another_log_all() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let socket = listen(&server).await;
    let (id, log) = finished(&server, "step", EVENTS).await;
    let url = format!("{}/api{}", socket.address, paths::events(&id));
    let ids: Vec<String> =
        read(&server, url.clone(), None, is_over).await.into_iter().map(|frame| frame.whole_id).collect();
    assert_eq!(ids.len(), log.len());
    let mut dice = Dice::new(seed());
    let count = cases(200, 10_000);
    let (mut foreign, mut later) = (0, 0);
    for _ in 0..count {
        let cursor = dice.below(log.len() as u64) as usize;
        let known = cursor.checked_sub(1).map(|index| ids[index].clone());
        // The mark of another event is that of another log.
        let is_foreign = cursor > 0 && dice.below(4) == 0;
        let asked = match known {
            Some(_) if is_foreign => Some(format!("{cursor}-{:x}", dice.below(1 << 40))),
            Some(known) if dice.below(2) == 0 => Some(known),
            Some(_) => Some(cursor.to_string()),
            None => None,
        };
        let frames = read(&server, url.clone(), asked.as_deref(), is_over).await;
        if is_foreign {
            foreign += 1;
            assert_eq!((frames[0].name.as_str(), frames[0].id), ("reset", Some(0)), "{asked:?}");
            assert_eq!(told(&frames[1..]), log, "{asked:?}");
        } else {
            later += 1;
            assert_eq!(told(&frames), log[cursor..], "{asked:?}");
        }
    }
    tell("S19", count, true, &format!("{later} times exactly what is later, {foreign} times a reset and all of it"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_too_slowly_is_let_go_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let (id, log) = finished(&server, &"long ".repeat(20_000), 200).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hosts = Hosts::loopback(address.port());
    let state = App { hosts: Arc::new(hosts), ..server.app.clone() };
    let limits = ConnectionLimits { write_patience: PATIENCE, ..ConnectionLimits::of_this_process() };
    tokio::spawn(run(listener, app(state.clone()), limits, state.ending.clone()));
    let mut slow = TcpStream::connect(address).await.unwrap();
    let path = paths::events(&id);
    let request = format!(
        "GET /api{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\n\r\n",
        server.token
    );
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut heard = vec![0; 1];
    slow.read_exact(&mut heard).await.unwrap();
    // It reads nothing for longer than it is waited for; the rest is what lies in the system's buffers.
    tokio::time::sleep(PATIENCE * 3).await;
    let whole: usize = log.iter().map(String::len).sum();
    let _ = slow.read_to_end(&mut heard).await;
    assert!(heard.len() < whole, "all {whole} bytes were sent to somebody who read nothing");
    let text = String::from_utf8_lossy(&heard);
    let last = text.lines().rev().find_map(|line| line.strip_prefix("id: ")).expect("some events came").to_owned();
    let seen = paths::stream::number_of(&last).unwrap() as usize;
    // The last event that it has may be torn.
    let socket = listen(&server).await;
    let url = format!("{}/api{path}", socket.address);
    let cursor = (seen - 1).to_string();
    let rest = read(&server, url, Some(&cursor), is_over).await;
    assert_eq!(told(&rest), log[seen - 1..]);
    tell(
        "S17",
        1,
        true,
        &format!(
            "let go after it read nothing for {} ms (30 s in the program), {} of {} MB sent; at most a window of 1 MiB waits; 0 lost",
            PATIENCE.as_millis(),
            heard.len() >> 20,
            whole >> 20
        ),
    );
}
