//! From the parser's events to our tree.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Block, BlockSpan, Inline, Item};
use crate::link;

/// How deep parts may be nested. What is deeper is shown, without its frame.
const DEPTH_MAX: usize = 24;

/// Reads one part of `text`.
pub fn parse(text: &str, span: &BlockSpan) -> Vec<Block> {
    let part = &text[span.from..span.to];
    if span.fence.is_empty() {
        return build(part);
    }
    build(&[span.fence.as_str(), "\n", part].concat())
}

/// What a frame becomes when it is closed.
enum Kind {
    Root,
    Paragraph,
    Heading(u8),
    Code(String),
    Quote,
    List(Option<u64>),
    Item(Option<bool>),
    Table,
    Row {
        is_head: bool,
    },
    Cell,
    Emphasis,
    Strong,
    Strike,
    Link(String),
    Image(String),
    /// Its content goes to its parent.
    Plain,
}

/// A part that is not closed yet.
struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Item>,
    /// The cells of a table's rows, the head first; of a row, one entry with its cells.
    cells: Vec<Vec<Vec<Inline>>>,
}

fn frame(kind: Kind) -> Frame {
    Frame { kind, blocks: Vec::new(), inlines: Vec::new(), items: Vec::new(), cells: Vec::new() }
}

fn build(text: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut frames = vec![frame(Kind::Root)];
    // Frames that are open and too deep to be kept.
    let mut skipped = 0usize;
    for event in Parser::new_ext(text, options) {
        let inline = match event {
            Event::Start(_) if frames.len() >= DEPTH_MAX => {
                skipped += 1;
                continue;
            }
            Event::Start(tag) => {
                frames.push(frame(kind(tag)));
                continue;
            }
            Event::End(_) if skipped > 0 => {
                skipped -= 1;
                continue;
            }
            Event::End(end) => {
                close(&mut frames, end);
                continue;
            }
            Event::TaskListMarker(is_done) => {
                if let Some(Frame { kind: Kind::Item(done), .. }) =
                    frames.iter_mut().rev().find(|frame| matches!(frame.kind, Kind::Item(_)))
                {
                    *done = Some(is_done);
                }
                continue;
            }
            Event::Rule => {
                top(&mut frames).blocks.push(Block::Rule);
                continue;
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => Inline::Text(text.into_string()),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => Inline::Code(text.into_string()),
            Event::FootnoteReference(name) => Inline::Text(name.into_string()),
            Event::SoftBreak => Inline::Text("\n".into()),
            Event::HardBreak => Inline::Break,
        };
        push(top(&mut frames), inline);
    }
    while frames.len() > 1 {
        close(&mut frames, TagEnd::Paragraph);
    }
    frames.pop().map(into_blocks).unwrap_or_default()
}

fn top(frames: &mut [Frame]) -> &mut Frame {
    frames.last_mut().expect("the root frame is closed last")
}

fn push(frame: &mut Frame, inline: Inline) {
    match (frame.inlines.last_mut(), inline) {
        (Some(Inline::Text(before)), Inline::Text(more)) => before.push_str(&more),
        (_, inline) => frame.inlines.push(inline),
    }
}

fn kind(tag: Tag<'_>) -> Kind {
    match tag {
        Tag::Paragraph => Kind::Paragraph,
        Tag::Heading { level, .. } => Kind::Heading(match level {
            HeadingLevel::H1 => 1,
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H5 => 5,
            HeadingLevel::H6 => 6,
        }),
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
            Kind::Code(language.split_whitespace().next().unwrap_or_default().to_owned())
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code(String::new()),
        Tag::BlockQuote(_) => Kind::Quote,
        Tag::List(start) => Kind::List(start),
        Tag::Item => Kind::Item(None),
        Tag::Table(_) => Kind::Table,
        Tag::TableHead => Kind::Row { is_head: true },
        Tag::TableRow => Kind::Row { is_head: false },
        Tag::TableCell => Kind::Cell,
        Tag::Emphasis => Kind::Emphasis,
        Tag::Strong => Kind::Strong,
        Tag::Strikethrough => Kind::Strike,
        Tag::Link { dest_url, .. } => Kind::Link(dest_url.into_string()),
        Tag::Image { dest_url, .. } => Kind::Image(dest_url.into_string()),
        Tag::HtmlBlock => Kind::Paragraph,
        _ => Kind::Plain,
    }
}

/// Closes the newest frame and hands what it became to its parent.
fn close(frames: &mut Vec<Frame>, _end: TagEnd) {
    let Some(mut done) = frames.pop() else { return };
    let parent = top(frames);
    match done.kind {
        Kind::Emphasis => push(parent, Inline::Emphasis(done.inlines)),
        Kind::Strong => push(parent, Inline::Strong(done.inlines)),
        Kind::Strike => push(parent, Inline::Strike(done.inlines)),
        Kind::Link(address) | Kind::Image(address) => match link::link(&address) {
            Some(link) => push(parent, Inline::Link(link, done.inlines)),
            None => done.inlines.into_iter().for_each(|inline| push(parent, inline)),
        },
        Kind::Cell => parent.cells.push(vec![done.inlines]),
        Kind::Row { is_head } => {
            let cells = done.cells.into_iter().flatten().collect();
            if is_head { parent.cells.insert(0, cells) } else { parent.cells.push(cells) }
        }
        Kind::Item(is_done) => parent.items.push(Item { is_done, blocks: into_blocks(done) }),
        Kind::Paragraph => push_block(parent, Block::Paragraph(done.inlines)),
        Kind::Heading(level) => push_block(parent, Block::Heading(level, done.inlines)),
        Kind::Code(language) => {
            let text = done.inlines.into_iter().map(|inline| match inline {
                Inline::Text(text) | Inline::Code(text) => text,
                Inline::Emphasis(_) | Inline::Strong(_) | Inline::Strike(_) | Inline::Link(..) | Inline::Break => {
                    String::new()
                }
            });
            push_block(parent, Block::Code { language, text: text.collect() });
        }
        Kind::Quote => push_block(parent, Block::Quote(into_blocks(done))),
        Kind::List(start) => push_block(parent, Block::List { start, items: done.items }),
        Kind::Table => {
            let mut rows = done.cells.into_iter();
            let head = rows.next().unwrap_or_default();
            push_block(parent, Block::Table { head, rows: rows.collect() });
        }
        Kind::Root | Kind::Plain => {
            done.inlines.into_iter().for_each(|inline| push(parent, inline));
            parent.blocks.append(&mut done.blocks);
        }
    }
}

/// What stands before a block in the same frame is a paragraph of its own.
fn push_block(frame: &mut Frame, block: Block) {
    if !frame.inlines.is_empty() {
        frame.blocks.push(Block::Paragraph(std::mem::take(&mut frame.inlines)));
    }
    frame.blocks.push(block);
}

fn into_blocks(mut frame: Frame) -> Vec<Block> {
    if !frame.inlines.is_empty() {
        frame.blocks.push(Block::Paragraph(frame.inlines));
    }
    frame.blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::blocks;

    fn tree(text: &str) -> Vec<Block> {
        blocks(text).iter().flat_map(|span| parse(text, span)).collect()
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    #[test]
    fn the_tree_has_every_kind_of_part() {
        let source =
            "# T\n\na *b* **c** ~~d~~ `e`\n\n> q\n\n3. x\n   - [x] y\n\n| h |\n|---|\n| c |\n\n---\n\n```sh\nls\n```\n";
        let blocks = tree(source);
        assert_eq!(blocks[0], Block::Heading(1, vec![text("T")]));
        assert!(matches!(&blocks[1], Block::Paragraph(inlines) if inlines.len() == 8));
        assert_eq!(blocks[2], Block::Quote(vec![Block::Paragraph(vec![text("q")])]));
        let Block::List { start: Some(3), items } = &blocks[3] else { panic!("{:?}", blocks[3]) };
        let Block::List { start: None, items } = &items[0].blocks[1] else { panic!("{items:?}") };
        assert_eq!(items[0].is_done, Some(true));
        assert_eq!(blocks[4], Block::Table { head: vec![vec![text("h")]], rows: vec![vec![vec![text("c")]]] });
        assert_eq!(blocks[5], Block::Rule);
        assert_eq!(blocks[6], Block::Code { language: "sh".into(), text: "ls\n".into() });
    }

    #[test]
    fn html_stays_text_and_pictures_are_never_loaded() {
        let blocks = tree(
            "<script>alert(1)</script>\n\na <b>c</b> ![alt](https://a.test/x.png) ![b](x.png) [j](javascript:alert(1)) [m](mailto:a@b.test)",
        );
        let shown = format!("{blocks:?}");
        assert!(shown.contains("<script>alert(1)</script>") && shown.contains("a <b>c</b> "));
        assert!(!shown.contains("javascript:"), "{shown}");
        assert_eq!(shown.matches("Link(Link").count(), 2);
    }

    #[test]
    fn deep_nesting_neither_overflows_nor_loses_text() {
        let blocks = tree(&format!("{} end", ">".repeat(5_000)));
        assert!(format!("{blocks:?}").contains("end"));
    }
}
