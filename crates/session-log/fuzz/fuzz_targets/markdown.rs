//! Markdown of any kind: its parts are in order, and every one can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_log::Content;
use session_log::markdown::{blocks, parse};

fuzz_target!(|text: &str| {
    let mut end = 0;
    for span in blocks(text) {
        assert!(end <= span.from && span.from < span.to && span.to <= text.len());
        end = span.to;
        let words = Content::Markdown(parse(text, &span)).words().into_owned();
        // Frames and marks go, addresses and named characters become something else; nothing multiplies.
        assert!(words.len() <= 8 * (span.to - span.from + span.fence.len()) + 8);
    }
});
