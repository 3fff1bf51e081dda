//! Code in colours. What cannot be seen in it is shown, as everywhere where it may deceive.

use leptos::prelude::*;
use session_log::highlight::{Language, Piece, Shade, State, numbered, overlay, pieces};
use session_log::{Visible, visible};
use std::ops::Range;

use super::plain_row::Run;
use super::visible_text::runs;

/// One line of code. `marks` are ranges of its bytes that changed.
#[component]
pub fn CodeLine(
    text: String,
    language: Option<Language>,
    #[prop(optional)] state: State,
    #[prop(optional)] marks: Vec<Range<usize>>,
) -> impl IntoView {
    let pieces = match language {
        Some(language) => pieces(language, &text, state).0,
        None => vec![Piece { shade: Shade::Plain, text: &text }],
    };
    let piece = |(shade, text, is_marked): (Shade, &str, bool)| {
        let shown = shaded(shade, text);
        if !is_marked {
            return shown;
        }
        // A mark on white space alone would not be seen for its colour alone.
        let is_blank = text.trim().is_empty();
        view! { <mark class="change-mark" data-blank=is_blank.to_string()>{shown}</mark> }.into_any()
    };
    overlay(&pieces, &marks).into_iter().map(piece).collect::<Vec<_>>()
}

/// A line of a file with its number before it, as tools list files.
#[component]
pub fn ListedLine(text: String, language: Language, state: State) -> impl IntoView {
    let (number, code) = numbered(&text);
    let number = (!number.is_empty()).then(|| shaded(Shade::Comment, number));
    let code = view! { <CodeLine text=code.to_owned() language=Some(language) state /> };
    (number, code)
}

/// The same as words alone; `None` where something in it cannot be seen.
pub fn listed_runs(text: &str, language: Language, state: State) -> Option<Vec<Run>> {
    if !matches!(visible(text).as_slice(), [] | [Visible::Text(_)]) {
        return None;
    }
    let (number, code) = numbered(text);
    let number = Piece { shade: Shade::Comment, text: number };
    let run = |Piece { shade, text }: Piece<'_>| Run::new(text.to_owned(), class_of(shade));
    let pieces = std::iter::once(number).chain(pieces(language, code, state).0);
    Some(pieces.filter(|piece| !piece.text.is_empty()).map(run).collect())
}

/// Code of several lines.
#[component]
pub fn CodeLines(text: String, language: Option<Language>, state: State) -> impl IntoView {
    let Some(language) = language else { return runs(visible(&text)) };
    let mut shown = Vec::new();
    // Neighbours of one shade are one element, over the ends of lines too.
    let mut run = (Shade::Plain, String::new());
    let mut state = state;
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let (pieces, after) = pieces(language, line, state);
        state = after;
        for piece in pieces.into_iter().chain([Piece { shade: Shade::Plain, text: end }]) {
            if piece.shade != run.0 {
                shown.push(shaded(run.0, &run.1));
                run = (piece.shade, String::new());
            }
            run.1.push_str(piece.text);
        }
    }
    shown.push(shaded(run.0, &run.1));
    shown
}

/// A command of a shell.
#[component]
pub fn Command(text: String) -> impl IntoView {
    view! { <bdi class="visible-text"><CodeLines text language=Language::shell() state=State::default() /></bdi> }
}

fn shaded(shade: Shade, text: &str) -> AnyView {
    match class_of(shade) {
        "" => runs(visible(text)).into_any(),
        class => view! { <span class=class>{runs(visible(text))}</span> }.into_any(),
    }
}

/// The class of a shade; empty for what looks like all other words.
fn class_of(shade: Shade) -> &'static str {
    match shade {
        Shade::Plain => "",
        Shade::Keyword => "code-keyword",
        Shade::String => "code-string",
        Shade::Comment => "code-comment",
        Shade::Number => "code-number",
        Shade::Type => "code-type",
        Shade::Function => "code-function",
        Shade::Name => "code-name",
        Shade::Meta => "code-meta",
    }
}
