//! Markdown as elements. What the agent wrote is only ever text and attributes of our choosing.

use leptos::prelude::*;
use session_log::highlight::Language;
use session_log::link;
use session_log::markdown::{Block, Code, Inline, Item};

use super::code::CodeLines;
use super::picture::PictureView;
use super::visible_text::VisibleText;

/// A line that may end in an address: the name of something elsewhere, and where it is.
#[component]
pub fn NoteLine(text: String) -> impl IntoView {
    let found = text.split_whitespace().next_back().and_then(link);
    let named = found.as_ref().and_then(|link| text.strip_suffix(&link.href)).map(str::to_owned);
    match found.zip(named) {
        Some((link, name)) => {
            let words = link.href.clone();
            view! {
                <VisibleText text=name />
                <a href=link.href tabindex="-1" rel="noopener noreferrer nofollow" target="_blank">{words}</a>
            }
            .into_any()
        }
        None => view! { <VisibleText text /> }.into_any(),
    }
}

/// A part of a message.
#[component]
pub fn Prose(blocks: Vec<Block>) -> impl IntoView {
    view! { <div class="prose" dir="auto">{all(blocks)}</div> }
}

fn all(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block).collect()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(inlines) => view! { <p>{line(inlines)}</p> }.into_any(),
        // The page's own headings come first: an agent's start below them.
        Block::Heading(1, inlines) => view! { <h3>{line(inlines)}</h3> }.into_any(),
        Block::Heading(2, inlines) => view! { <h4>{line(inlines)}</h4> }.into_any(),
        Block::Heading(3, inlines) => view! { <h5>{line(inlines)}</h5> }.into_any(),
        Block::Heading(_, inlines) => view! { <h6>{line(inlines)}</h6> }.into_any(),
        Block::Code(code) => self::code(code),
        Block::Picture(picture) => view! { <PictureView picture /> }.into_any(),
        Block::Quote(blocks) => view! { <blockquote>{all(blocks)}</blockquote> }.into_any(),
        Block::List { start, items } => {
            let items: Vec<AnyView> = items.into_iter().map(item).collect();
            match start {
                Some(start) => view! { <ol start=start.to_string()>{items}</ol> }.into_any(),
                None => view! { <ul>{items}</ul> }.into_any(),
            }
        }
        Block::Table { head, rows } => table(head, rows),
        Block::Rule => view! { <hr /> }.into_any(),
    }
}

fn code(code: Code) -> AnyView {
    let Code { language, text, continues, is_continued, state } = code;
    let known = Language::named(&language);
    view! {
        <pre
            class="prose-code"
            tabindex="-1"
            data-language=(!language.is_empty()).then_some(language)
            data-continues=continues.then_some("true")
            data-continued=is_continued.then_some("true")
        >
            <code><CodeLines text language=known state /></code>
        </pre>
    }
    .into_any()
}

fn item(item: Item) -> AnyView {
    let content = all(item.blocks);
    match item.is_done {
        Some(is_done) => {
            let word = if is_done { "Done" } else { "Open" };
            view! {
                <li class="prose-task">
                    <span class="prose-task-mark" role="img" aria-label=word data-done=is_done.to_string()></span>
                    {content}
                </li>
            }
            .into_any()
        }
        None => view! { <li>{content}</li> }.into_any(),
    }
}

fn table(head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>>) -> AnyView {
    let head: Vec<AnyView> = head.into_iter().map(|cell| view! { <th>{line(cell)}</th> }.into_any()).collect();
    let row = |cells: Vec<Vec<Inline>>| {
        let cells: Vec<AnyView> = cells.into_iter().map(|cell| view! { <td>{line(cell)}</td> }.into_any()).collect();
        view! { <tr>{cells}</tr> }.into_any()
    };
    let rows: Vec<AnyView> = rows.into_iter().map(row).collect();
    view! { <div class="prose-table" tabindex="-1"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div> }
        .into_any()
}

fn line(inlines: Vec<Inline>) -> Vec<AnyView> {
    inlines.into_iter().map(inline).collect()
}

fn inline(inline: Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.into_any(),
        Inline::Code(text) => view! { <code>{text}</code> }.into_any(),
        Inline::Emphasis(inlines) => view! { <em>{line(inlines)}</em> }.into_any(),
        Inline::Strong(inlines) => view! { <strong>{line(inlines)}</strong> }.into_any(),
        Inline::Strike(inlines) => view! { <s>{line(inlines)}</s> }.into_any(),
        // The place is always shown: the words of a link may promise another one.
        Inline::Link(link, inlines) => {
            let is_told = matches!(&inlines[..], [Inline::Text(text)] if *text == link.href);
            let place = (!is_told).then(|| view! { <span class="prose-place">" (" {link.place} ")"</span> });
            view! {
                <a href=link.href tabindex="-1" rel="noopener noreferrer nofollow" target="_blank">{line(inlines)}</a> {place}
            }
            .into_any()
        }
        Inline::Break => view! { <br /> }.into_any(),
    }
}
