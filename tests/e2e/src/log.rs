//! What a log shows, step by step: as the page has it, and as the events of the API fold into it.

use agent_tasks::Event;
use anyhow::ensure;
use serde::Deserialize;
use session_log::{Applied, LogDocument};

/// A step as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownStep {
    /// The number of its first event.
    pub seq: u64,
    /// Its line and what is open below it.
    pub text: String,
}

/// The numbers of the steps that `events` fold into. The events must be all there, once, in order.
pub fn steps_of(events: &[Event]) -> anyhow::Result<Vec<u64>> {
    let mut document = LogDocument::default();
    for event in events {
        let applied = document.apply(event);
        ensure!(applied == Applied::Taken, "event {} of the API: {applied:?}", event.seq);
    }
    Ok((0..document.steps()).filter_map(|index| document.step(index)).map(|step| step.seq).collect())
}

/// Scrolls through the log from its beginning to its end and collects every step, in the order of the page. A
/// step that the page holds twice is told twice.
pub(crate) const READ_LOG: &str = "(async () => {
    const scroll = document.querySelector('[role=log]');
    const frames = async (count) => { while (count--) await new Promise(requestAnimationFrame) };
    const found = new Map(), twice = [];
    const collect = () => {
        let step = null;
        const here = new Map();
        for (const row of scroll.querySelectorAll('.log-view-rows > *')) {
            if (row.classList.contains('step-header')) {
                step = Number(row.querySelector('.step-header-link').hash.match(/\\/steps\\/(\\d+)/)[1]);
                if (here.has(step)) twice.push({ seq: step, text: row.innerText });
                here.set(step, row.innerText);
            } else if (step !== null) here.set(step, here.get(step) + '\\n' + row.innerText);
        }
        for (const [seq, text] of here)
            if (!found.has(seq) || found.get(seq).length < text.length) found.set(seq, text);
    };
    scroll.scrollTop = 0;
    await frames(4);
    for (;;) {
        collect();
        const top = scroll.scrollTop;
        scroll.scrollTop += scroll.clientHeight / 2;
        await frames(3);
        if (scroll.scrollTop <= top) break;
    }
    return [...[...found].map(([seq, text]) => ({ seq, text })), ...twice];
})()";
