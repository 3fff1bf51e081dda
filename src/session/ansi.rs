//! A line of output in a terminal's colours.

use leptos::prelude::*;
use session_log::{Color, Span, Style};

/// The spans of one line.
#[component]
pub fn AnsiLine(spans: Vec<Span>) -> impl IntoView {
    spans.into_iter().map(|span| view! { <AnsiSpan span /> }.into_any()).collect::<Vec<_>>()
}

#[component]
fn AnsiSpan(span: Span) -> impl IntoView {
    let Span { text, style } = span;
    if style == Style::default() {
        return text.into_any();
    }
    let class = classes(style);
    // Colours beyond the theme's 16 go through the CSSOM, which a content security policy leaves alone.
    match (style.foreground.hex(), style.background.hex()) {
        (None, None) => view! { <span class=class>{text}</span> }.into_any(),
        (foreground, background) => view! {
            <span
                class=class
                style=("--ansi-fg", foreground.unwrap_or_default())
                style=("--ansi-bg", background.unwrap_or_default())
            >
                {text}
            </span>
        }
        .into_any(),
    }
}

fn classes(style: Style) -> String {
    let mut classes = String::new();
    let flags = [
        (style.bold, "ansi-bold"),
        (style.dim, "ansi-dim"),
        (style.italic, "ansi-italic"),
        (style.underline, "ansi-underline"),
        (style.strike, "ansi-strike"),
        (style.inverse, "ansi-inverse"),
    ];
    for (_, flag) in flags.into_iter().filter(|(is_set, _)| *is_set) {
        classes.push_str(flag);
        classes.push(' ');
    }
    add_color(&mut classes, "ansi-fg", style.foreground);
    add_color(&mut classes, "ansi-bg", style.background);
    classes
}

fn add_color(classes: &mut String, name: &str, color: Color) {
    match color {
        Color::Default => {}
        Color::Indexed(index @ 0..=15) => {
            classes.push_str(name);
            classes.push('-');
            classes.push_str(&index.to_string());
            classes.push(' ');
        }
        Color::Indexed(_) | Color::Rgb(..) => {
            classes.push_str(name);
            classes.push(' ');
        }
    }
}
