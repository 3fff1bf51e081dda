//! Cuts markdown into parts that can be read one at a time, so that a long message is a list of rows and
//! only the rows in view are parsed. One pass over the lines.

/// The longest part that is not cut, in bytes.
const BLOCK_BYTES_MAX: usize = 16_384;

/// The most lines of code in one part: more would make a row as tall as they are together.
const CODE_LINES_MAX: u32 = 50;

/// A part of a markdown text: a few blocks that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockSpan {
    /// Where it starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The line that opened the fence which it starts inside of; empty outside of code.
    pub fence: String,
}

/// The parts of `text`, in order. They cover all of it but blank lines between them.
pub fn blocks(text: &str) -> Vec<BlockSpan> {
    blocks_after(text, "")
}

/// The parts of `text`, the first of which starts inside of `fence`: a text can be cut again from any part on.
pub(crate) fn blocks_after(text: &str, fence: &str) -> Vec<BlockSpan> {
    let mut spans: Vec<BlockSpan> = Vec::new();
    let mut span: Option<BlockSpan> = None;
    let mut fence: Option<&str> = (!fence.is_empty()).then_some(fence);
    let (mut after_blank, mut in_list, mut at, mut code_lines) = (false, false, 0, 0);
    for line in text.split_inclusive('\n') {
        let (from, trimmed) = (at, line.trim());
        at += line.len();
        let is_blank = trimmed.is_empty() && fence.is_none();
        // The line that ends the code stays with it.
        let is_end = || fence.is_some_and(|open| closes(trimmed, open));
        let too_long = (code_lines >= CODE_LINES_MAX && fence.is_some() && !is_end())
            || span.as_ref().is_some_and(|span| from - span.from >= BLOCK_BYTES_MAX);
        let goes_on = line.starts_with([' ', '\t']) || (in_list && is_item(trimmed));
        if too_long || (after_blank && !is_blank && fence.is_none() && !goes_on) {
            spans.extend(span.take());
            code_lines = 0;
        }
        code_lines += u32::from(fence.is_some());
        after_blank = is_blank;
        if is_blank {
            continue;
        }
        if span.is_none() {
            in_list = is_item(trimmed);
        }
        let opened = fence.unwrap_or_default();
        span.get_or_insert_with(|| BlockSpan { from, to: at, fence: opened.to_owned() }).to = at;
        fence = match fence {
            Some(open) if closes(trimmed, open) => None,
            Some(open) => Some(open),
            None => opens(trimmed).then_some(trimmed),
        };
    }
    spans.extend(span);
    spans
}

/// How many of the parts of a text no later text changes; `is_end` where it is all that there is.
pub(crate) fn settled_blocks(text: &str, blocks: &[BlockSpan], is_end: bool) -> usize {
    let Some((last, before)) = blocks.split_last() else { return 0 };
    // While its first line is not over, it is not sure that the last part is one of its own.
    let is_sure = !is_end || text[last.from..].contains('\n');
    if is_sure { before.len() } else { before.len().saturating_sub(1) }
}

fn fence_len(line: &str) -> usize {
    match line.as_bytes().first() {
        Some(&mark @ (b'`' | b'~')) => line.bytes().take_while(|&byte| byte == mark).count(),
        _ => 0,
    }
}

pub(super) fn opens(line: &str) -> bool {
    let len = fence_len(line);
    len >= 3 && !(line.starts_with('`') && line[len..].contains('`'))
}

pub(super) fn closes(line: &str, open: &str) -> bool {
    let len = fence_len(line);
    len >= fence_len(open) && len == line.len() && line.as_bytes()[0] == open.as_bytes()[0]
}

fn is_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|char: char| char.is_ascii_digit());
    let mark =
        if rest.len() == line.len() { rest.strip_prefix(['-', '*', '+']) } else { rest.strip_prefix(['.', ')']) };
    mark.is_some_and(|rest| rest.starts_with([' ', '\t']) || rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let parts: Vec<&str> = blocks(text).iter().map(|span| text[span.from..span.to].trim_end()).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn parts_keep_together_what_belongs_together() {
        check("", &[]);
        check("\n\na\nb\n\nc\n", &["a\nb", "c"]);
        check("1. a\n\n2. b\n\n   more\n\nend", &["1. a\n\n2. b\n\n   more", "end"]);
        check("```rs\na\n\nb\n```\n\nc", &["```rs\na\n\nb\n```", "c"]);
        check("~~~\n```\n\n~~~\n\nc", &["~~~\n```\n\n~~~", "c"]);
        check("# h\n\n- [ ] a\n- [x] b\n\n| a |\n|---|\n", &["# h", "- [ ] a\n- [x] b", "| a |\n|---|"]);
    }

    #[test]
    fn long_code_is_cut_and_stays_code() {
        let text = format!("```rust\n{}```\nafter\n", "let x = 1;\n".repeat(5_000));
        let spans = blocks(&text);
        assert_eq!(spans.len(), 100, "a row has a screen of lines, not all of them");
        assert_eq!((spans[0].fence.as_str(), spans[1].fence.as_str()), ("", "```rust"));
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from));
    }
}
