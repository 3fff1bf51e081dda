//! The streams, with addresses that need no server.

use std::cell::RefCell;
use std::rc::Rc;

use flightdeck::live::{EventStream, Frames, News, Source};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::screen::{next_frame, until};

const STREAM: &str =
    "data:text/event-stream,id:%201%0Aevent:%20task%0Adata:%20a%0A%0Aid:%202%0Adata:%20b%0A%0Adata:%20cut";

fn listen(url: &str) -> (EventStream, Rc<RefCell<Vec<String>>>) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hearing = Rc::clone(&heard);
    let source = Source { url: url.into(), token: "t".into(), last_event_id: None };
    let stream = EventStream::open(source, move |news| {
        hearing.borrow_mut().push(match news {
            News::Opened => "opened".into(),
            News::Cut => "cut".into(),
            News::Refused(status) => format!("refused {status}"),
            News::Event(event) => format!("{} {} {}", event.id, event.name, event.data),
        });
    });
    (stream, heard)
}

#[wasm_bindgen_test]
async fn a_stream_tells_its_events_and_comes_back_after_its_end() {
    let (stream, heard) = listen(STREAM);
    until(|| heard.borrow().len() >= 8).await.unwrap();
    let once = ["opened", "1 task a", "2 message b", "cut"];
    assert_eq!(heard.borrow()[..4], once);
    assert_eq!(heard.borrow()[4..8], once);
    drop(stream);
}

#[wasm_bindgen_test]
async fn a_dropped_stream_is_silent() {
    let (stream, heard) = listen(STREAM);
    drop(stream);
    for _ in 0..30 {
        next_frame().await;
    }
    assert_eq!(*heard.borrow(), Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn a_refused_stream_does_not_come_back() {
    let (_stream, heard) = listen("/no-such-stream");
    until(|| !heard.borrow().is_empty()).await.unwrap();
    for _ in 0..90 {
        next_frame().await;
    }
    assert_eq!(*heard.borrow(), ["refused 404"]);
}

#[wasm_bindgen_test]
async fn a_burst_is_handed_on_once_per_frame() {
    let batches = Rc::new(RefCell::new(Vec::new()));
    let gathering = Rc::clone(&batches);
    let frames = Frames::new(move |batch: Vec<u32>| gathering.borrow_mut().push(batch));
    (0..100).for_each(|value| frames.push(value));
    assert!(batches.borrow().is_empty());
    until(|| !batches.borrow().is_empty()).await.unwrap();
    assert_eq!(*batches.borrow(), [(0..100).collect::<Vec<_>>()]);
}
