//! The parts of a markdown text that grows: only its end is cut anew.

use super::{Body, Section};
use crate::Text;
use crate::markdown::{self, BlockSpan};

/// How much of a text was cut into parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cut {
    len: usize,
    /// How often the text's end had been replaced.
    rewrites: u32,
}

impl Cut {
    pub fn of(text: &Text) -> Self {
        Self { len: text.len(), rewrites: text.rewrites() }
    }
}

impl Body {
    /// The parts of a text, of which these rows are an earlier state.
    pub(super) fn blocks_of(&self, shown: &str, text: &Text) -> Vec<BlockSpan> {
        let before = match self.find(self.text_at as usize) {
            Some((Section::Markdown(blocks), _)) if self.has_grown(shown, text) => blocks.as_slice(),
            Some(_) | None => &[],
        };
        if before.is_empty() {
            return markdown::blocks(shown);
        }
        let settled = markdown::settled_blocks(&shown[..self.cut.len], before, true);
        let Some(next) = before.get(settled) else { return markdown::blocks(shown) };
        let rest = markdown::blocks_after(&shown[next.from..], &next.fence);
        let moved = |span: BlockSpan| BlockSpan { from: span.from + next.from, to: span.to + next.from, ..span };
        before[..settled].iter().cloned().chain(rest.into_iter().map(moved)).collect()
    }

    /// Whether the text has only become longer.
    fn has_grown(&self, shown: &str, text: &Text) -> bool {
        let Cut { len, rewrites } = self.cut;
        rewrites == text.rewrites() && text.len() == shown.len() && len <= shown.len() && shown.is_char_boundary(len)
    }
}

#[cfg(test)]
mod tests {
    use agent_tasks::Event;
    use proptest::prelude::*;
    use serde_json::json;

    use crate::{Body, Fold, LogDocument};

    proptest! {
        #[test]
        fn a_message_that_grows_has_the_parts_of_the_whole(
            deltas in prop::collection::vec("(- a\n|1\\. a\n|# a\n|```\n|  a\n|\u{e9}|\n|\n\n|a b){1,4}", 1..12),
        ) {
            let mut document = LogDocument::default();
            let mut body = Body::default();
            for (index, delta) in deltas.iter().enumerate() {
                let event: Event = serde_json::from_value(json!({
                    "seq": index + 1, "session_id": "s", "id": "e", "timestamp": "2026-01-01T00:00:00Z",
                    "type": "assistant.message_delta", "data": {"messageId": "m", "deltaContent": delta},
                }))
                .unwrap();
                document.apply(&event);
                let step = document.step(1).unwrap();
                body = Body::anew(&document, step, Fold::Open, &body);
                let whole = Body::new(&document, step, Fold::Open);
                prop_assert_eq!(format!("{:?}", &body.sections), format!("{:?}", &whole.sections));
            }
        }
    }
}
