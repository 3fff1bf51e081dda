//! From lines to blocks: the markdown that agents write, which is CommonMark with tables and task lists, less
//! what a part on its own cannot have (link definitions) and what must stay text (HTML).

use super::blocks::{closes, opens};
use super::inline::inlines;
use super::{Block, BlockSpan, Code, Inline, Item};
use crate::Picture;

/// How deep parts may be nested. What is deeper is shown, without its frame.
pub(super) const DEPTH_MAX: usize = 24;
/// The most columns of a table; a wider one is text.
const COLUMNS_MAX: usize = 64;
/// What parts a picture's name from its bytes.
const PICTURE_MARK: &str = "](data:image/";
/// The longest name of a kind of picture that is told, in characters.
const KIND_CHARS_MAX: usize = 40;
/// From this column on a line is code.
const CODE_INDENT: usize = 4;

/// Reads one part of `text`.
pub fn parse(text: &str, span: &BlockSpan) -> Vec<Block> {
    let fence = (!span.fence.is_empty()).then_some(span.fence.as_str());
    let lines: Vec<&str> = fence.into_iter().chain(text[span.from..span.to].lines()).collect();
    read(&lines, 0)
}

fn read(mut lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    if depth >= DEPTH_MAX {
        return vec![Block::Paragraph(vec![Inline::Text(lines.join("\n"))])];
    }
    while let Some(&line) = lines.first() {
        let trimmed = line.trim();
        let (block, count) = if trimmed.is_empty() {
            lines = &lines[1..];
            continue;
        } else if indent(line) >= CODE_INDENT {
            indented_code(lines)
        } else if opens(trimmed) {
            fenced_code(lines)
        } else if let Some((level, title)) = heading(trimmed) {
            (Block::Heading(level, inlines(title)), 1)
        } else if is_rule(trimmed) {
            (Block::Rule, 1)
        } else if let Some(picture) = picture(trimmed) {
            (picture, 1)
        } else if trimmed.starts_with('>') {
            quote(lines, depth)
        } else if let Some(mark) = mark(line) {
            list(lines, mark, depth)
        } else if let Some(width) = table_width(lines) {
            table(lines, width)
        } else {
            paragraph(lines)
        };
        blocks.push(block);
        lines = &lines[count..];
    }
    blocks
}

/// The columns before the first character; a tab counts for four.
fn indent(line: &str) -> usize {
    line.bytes()
        .map_while(|byte| [(b' ', 1), (b'\t', 4)].iter().find(|(white, _)| *white == byte))
        .map(|(_, width)| width)
        .sum()
}

/// The line without its first `columns` columns, as far as they are white.
fn outdent(line: &str, columns: usize) -> &str {
    let mut left = columns;
    line.trim_start_matches(|char: char| {
        let width = match char {
            ' ' => 1,
            '\t' => 4,
            _ => return false,
        };
        let is_cut = left > 0;
        left = left.saturating_sub(width);
        is_cut
    })
}

/// Whether a line ends the paragraph before it.
fn starts_block(line: &str) -> bool {
    let trimmed = line.trim();
    let is_list = || mark(line).is_some_and(|mark| mark.start.is_none_or(|start| start == 1) && !mark.is_empty);
    indent(line) < CODE_INDENT
        && (opens(trimmed)
            || trimmed.starts_with("![") && trimmed.contains(PICTURE_MARK)
            || heading(trimmed).is_some()
            || is_rule(trimmed)
            || trimmed.starts_with('>')
            || is_list())
}

fn indented_code(lines: &[&str]) -> (Block, usize) {
    let is_code = |line: &&&str| indent(line) >= CODE_INDENT || line.trim().is_empty();
    let mut count = lines.iter().take_while(is_code).count();
    while lines[count - 1].trim().is_empty() {
        count -= 1;
    }
    (Block::Code(Code { text: code(&lines[..count], CODE_INDENT), ..Code::default() }), count)
}

fn fenced_code(lines: &[&str]) -> (Block, usize) {
    let open = lines[0].trim();
    let info = open.trim_start_matches(['`', '~']);
    let language = info.split_whitespace().next().unwrap_or_default().to_owned();
    let inside = lines[1..].iter().take_while(|line| !closes(line.trim(), open)).count();
    let text = code(&lines[1..=inside], indent(lines[0]));
    (Block::Code(Code { language, text, ..Code::default() }), (inside + 2).min(lines.len()))
}

fn code(lines: &[&str], columns: usize) -> String {
    lines.iter().flat_map(|line| [outdent(line, columns), "\n"]).collect()
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    if !(1..=6).contains(&level) || !(title.is_empty() || title.starts_with([' ', '\t'])) {
        return None;
    }
    let open = title.trim_end_matches('#');
    let is_closed = open.is_empty() || open.ends_with([' ', '\t']);
    Some((level as u8, if is_closed { open } else { title }.trim()))
}

fn is_rule(line: &str) -> bool {
    let Some(mark) = line.bytes().next().filter(|byte| b"-*_".contains(byte)) else { return false };
    line.bytes().all(|byte| byte == mark || byte == b' ' || byte == b'\t')
        && line.bytes().filter(|&byte| byte == mark).count() >= 3
}

/// `![name](data:image/…;base64,…)` on a line of its own: a picture that is in the text. What cannot be shown is told.
fn picture(line: &str) -> Option<Block> {
    let (name, address) = line.strip_prefix("![")?.split_once(PICTURE_MARK)?;
    let (kind, base64) = address.strip_suffix(')')?.split_once(";base64,")?;
    Some(match Picture::new(name, base64) {
        Ok(picture) => Block::Picture(picture),
        Err(reason) => {
            let kilobytes = (base64.len() / 4 * 3).div_ceil(1024).to_string();
            let kind: String = kind.chars().take(KIND_CHARS_MAX).collect();
            let note = ["Picture ", name, " (image/", &kind, ", ", &kilobytes, " KB), ", reason].concat();
            Block::Paragraph(vec![Inline::Text(note)])
        }
    })
}

fn quote(lines: &[&str], depth: usize) -> (Block, usize) {
    let mut inner: Vec<&str> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in lines {
        match line.trim_start().strip_prefix('>') {
            Some(rest) => inner.push(rest.strip_prefix(' ').unwrap_or(rest)),
            None if fence.is_none() && goes_on(&inner, line) => inner.push(line.trim_start()),
            None => break,
        }
        let trimmed = inner.last().map_or("", |line| line.trim());
        fence = match fence {
            Some(open) => (!closes(trimmed, open)).then_some(open),
            None => opens(trimmed).then_some(trimmed),
        };
    }
    (Block::Quote(read(&inner, depth + 1)), inner.len())
}

/// Whether `line`, which lacks the mark of its frame, belongs to the paragraph at the frame's end all the same.
fn goes_on(inner: &[&str], line: &str) -> bool {
    let is_text = inner
        .last()
        .is_some_and(|last| !last.trim().is_empty() && heading(last.trim()).is_none() && !is_rule(last.trim()));
    is_text && !line.trim().is_empty() && !starts_block(line)
}

/// What begins an item.
#[derive(Clone, Copy)]
struct Mark {
    /// `-`, `*`, `+`, `.` or `)`: another one begins another list.
    kind: u8,
    start: Option<u64>,
    /// The column where the item's text begins.
    column: usize,
    /// Bytes before the item's text.
    bytes: usize,
    is_empty: bool,
}

fn mark(line: &str) -> Option<Mark> {
    let text = line.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let kind = *text.as_bytes().get(digits)?;
    let start = match digits {
        0 => None,
        1..=9 => Some(text[..digits].parse().ok()?),
        _ => return None,
    };
    let is_mark = if start.is_some() { b".)".contains(&kind) } else { b"-*+".contains(&kind) };
    let rest = text.get(digits + 1..).filter(|rest| is_mark && (rest.is_empty() || rest.starts_with([' ', '\t'])))?;
    let is_empty = rest.trim().is_empty();
    // One to four blanks; more of them are code after one.
    let gap = if is_empty || indent(rest) > CODE_INDENT { 1 } else { indent(rest) };
    let bytes = line.len() - if is_empty { 0 } else { outdent(rest, gap).len() };
    Some(Mark { kind, start, column: indent(line) + digits + 1 + gap, bytes, is_empty })
}

fn list(lines: &[&str], first: Mark, depth: usize) -> (Block, usize) {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(mark) = lines.get(at).and_then(|line| mark(line))
        && mark.kind == first.kind
        && !is_rule(lines[at].trim())
    {
        let (item, count) = item(&lines[at..], mark, depth);
        items.push(item);
        at += count;
    }
    (Block::List { start: first.start, items }, at)
}

fn item(lines: &[&str], mark: Mark, depth: usize) -> (Item, usize) {
    let text = &lines[0][mark.bytes..];
    let (is_done, text) = match text.get(..4) {
        Some("[ ] ") => (Some(false), &text[4..]),
        Some("[x] " | "[X] ") => (Some(true), &text[4..]),
        _ => (None, text),
    };
    let mut inner = vec![text];
    for line in &lines[1..] {
        if line.trim().is_empty() || indent(line) >= mark.column {
            inner.push(outdent(line, mark.column));
        } else if goes_on(&inner, line) && self::mark(line).is_none() {
            inner.push(line.trim_start());
        } else {
            break;
        }
    }
    (Item { is_done, blocks: read(&inner, depth + 1) }, inner.len())
}

/// The number of columns, if a table begins here.
fn table_width(lines: &[&str]) -> Option<usize> {
    let (head, rule) = (lines.first()?, lines.get(1)?);
    let is_rule = |cell: &str| {
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    };
    if !head.contains('|') || !rule.contains('-') {
        return None;
    }
    let rule = cells(rule);
    let is_table = rule.len() <= COLUMNS_MAX && rule.iter().all(|cell| is_rule(cell));
    (is_table && cells(head).len() == rule.len()).then_some(rule.len())
}

fn table(lines: &[&str], width: usize) -> (Block, usize) {
    let row = |line: &&str| {
        let mut row: Vec<Vec<Inline>> = cells(line).iter().map(|cell| inlines(cell)).collect();
        row.resize(width, Vec::new());
        row
    };
    let count = lines[2..].iter().take_while(|line| !line.trim().is_empty() && !starts_block(line)).count();
    let block = Block::Table { head: row(&lines[0]), rows: lines[2..2 + count].iter().map(row).collect() };
    (block, count + 2)
}

/// The cells of a row. A bar after a backslash is part of its cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    for part in line.split_inclusive('|') {
        let cell = cells.last_mut().expect("there is a first cell");
        match part.strip_suffix('|') {
            Some(text) => match text.strip_suffix('\\') {
                Some(text) => *cell += &[text, "|"].concat(),
                None => {
                    *cell += text;
                    cells.push(String::new());
                }
            },
            None => *cell += part,
        }
    }
    if cells.len() > 1 && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn paragraph(lines: &[&str]) -> (Block, usize) {
    let mut count = 1;
    while let Some(line) = lines.get(count) {
        let trimmed = line.trim();
        let underline = trimmed.bytes().next().filter(|mark| b"=-".contains(mark) && indent(line) < CODE_INDENT);
        if let Some(mark) = underline.filter(|&mark| trimmed.bytes().all(|byte| byte == mark)) {
            let level = if mark == b'=' { 1 } else { 2 };
            return (Block::Heading(level, inlines(&joined(&lines[..count]))), count + 1);
        }
        if trimmed.is_empty() || starts_block(line) || table_width(&lines[count..]).is_some() {
            break;
        }
        count += 1;
    }
    (Block::Paragraph(inlines(&joined(&lines[..count]))), count)
}

fn joined(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_start()).collect();
    lines.join("\n").trim_end().to_owned()
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
        assert_eq!(blocks[6], Block::Code(Code { language: "sh".into(), text: "ls\n".into(), ..Code::default() }));
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

    #[test]
    fn a_picture_is_shown_only_when_the_text_holds_it() {
        let gif = "R0lGODlhAwAEAQ";
        let blocks = tree(&format!("see\n![shot](data:image/gif;base64,{gif})\nafter"));
        let Block::Picture(picture) = &blocks[1] else { panic!("{blocks:?}") };
        assert_eq!((picture.name.as_str(), picture.width, blocks.len()), ("shot", 3, 3));
        for text in ["![x](data:image/svg+xml;base64,PHN2Zz4)", "![x](data:image/png;base64,@@)"] {
            assert!(matches!(&tree(text)[..], [Block::Paragraph(_)]), "{text}");
            assert!(format!("{:?}", tree(text)).contains("Picture x (image/"), "{text}");
        }
        assert!(matches!(&tree("![x](https://a.test/x.png)")[..], [Block::Paragraph(_)]));
    }

    #[test]
    fn what_is_no_part_of_the_language_stays_text() {
        let shown = format!("{:?}", tree("a[^1] <kbd>x</kbd>\n\n[^1]: note"));
        assert!(shown.contains("a[^1] <kbd>x</kbd>") && shown.contains("[^1]: note"), "{shown}");
        let wide = |columns: usize| format!("{}\n{}\n", "|h".repeat(columns) + "|", "|-".repeat(columns) + "|");
        assert!(matches!(&tree(&wide(COLUMNS_MAX))[..], [Block::Table { .. }]));
        assert!(matches!(&tree(&wide(COLUMNS_MAX + 1))[..], [Block::Paragraph(_)]));
    }
}
