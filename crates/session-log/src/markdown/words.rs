//! What markdown says without its marks, for those who search it.

use super::{Block, Code, Inline};

/// The words of `blocks`, a line for each part. A line's end inside of a paragraph is a blank, as it is shown.
pub(crate) fn words(blocks: &[Block]) -> String {
    let mut words = String::new();
    push_blocks(&mut words, blocks, ' ');
    words
}

/// The same with the lines as they were written.
pub(crate) fn lines(blocks: &[Block]) -> String {
    let mut lines = String::new();
    push_blocks(&mut lines, blocks, '\n');
    lines
}

fn push_blocks(words: &mut String, blocks: &[Block], line_end: char) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => push_line(words, inlines, line_end),
            Block::Code(Code { text, .. }) => {
                words.push_str(text);
                if !text.ends_with('\n') {
                    words.push('\n');
                }
            }
            Block::Quote(blocks) => push_blocks(words, blocks, line_end),
            Block::List { items, .. } => items.iter().for_each(|item| push_blocks(words, &item.blocks, line_end)),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| push_line(words, cell, line_end));
            }
            Block::Picture(picture) => {
                words.push_str(&picture.name);
                words.push('\n');
            }
            Block::Rule => {}
        }
    }
}

fn push_line(words: &mut String, inlines: &[Inline], line_end: char) {
    push_inlines(words, inlines, line_end);
    words.push('\n');
}

fn push_inlines(words: &mut String, inlines: &[Inline], line_end: char) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => {
                words.extend(text.chars().map(|char| if char == '\n' { line_end } else { char }));
            }
            Inline::Emphasis(inlines) | Inline::Strong(inlines) | Inline::Strike(inlines) => {
                push_inlines(words, inlines, line_end);
            }
            Inline::Link(_, inlines) => push_inlines(words, inlines, line_end),
            Inline::Break => words.push('\n'),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{BlockSpan, lines, parse, words};

    #[test]
    fn words_are_what_is_shown() {
        let text = "# A *b*\n\none\ntwo `c`\n\n- x\n- [y](https://a.test)\n\n| h |\n|---|\n| d |\n\n```rs\nlet\n```";
        let span = BlockSpan { from: 0, to: text.len(), fence: String::new() };
        assert_eq!(words(&parse(text, &span)), "A b\none two c\nx\ny\nh\nd\nlet\n");
        assert_eq!(lines(&parse(text, &span)), "A b\none\ntwo c\nx\ny\nh\nd\nlet\n");
    }
}
