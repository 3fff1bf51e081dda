//! A line of output in a terminal's colours.

use session_log::{Color, Span, Style};

use super::plain_row::Run;

/// The words of one span.
pub fn run_of(span: Span) -> Run {
    let Span { text, style } = span;
    Run { text, class: classes(style).into(), colors: [style.foreground.hex(), style.background.hex()] }
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
