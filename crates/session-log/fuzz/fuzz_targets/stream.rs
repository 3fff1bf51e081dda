//! The page's parser of event streams: however the bytes come, the same events.
#![no_main]

#[path = "../../../../src/live/sse.rs"]
#[allow(dead_code, reason = "the page uses all of it")]
mod sse;

use libfuzzer_sys::fuzz_target;
use sse::{SseEvent, SseParser};

fn parse<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> (Vec<SseEvent>, Option<u64>) {
    let (mut parser, mut events) = (SseParser::default(), Vec::new());
    for chunk in chunks {
        parser.push(chunk, |event| events.push(event)).expect("so much is not too much");
    }
    let retry_ms = parser.retry_ms();
    (events, retry_ms)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = (usize::from(input.0).max(1), input.1);
    let at_once = parse(std::iter::once(bytes));
    assert_eq!(parse(bytes.chunks(size)), at_once);
    assert_eq!(parse(bytes.chunks(1)), at_once);
    for event in &at_once.0 {
        assert!(!event.id.contains(['\0', '\n', '\r']) && !event.name.contains(['\n', '\r']));
    }
});
