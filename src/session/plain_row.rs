//! A row of plain text, made by hand: an element that shows another line when its own has left the screen. Most rows of
//! a log are such rows, and all of them change with each frame while the scroll bar is dragged.

use std::borrow::Cow;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Text};

/// The class of all rows under a step's header.
const ROW: &str = "log-row";
/// The class of words.
const TEXT: &str = "log-row-text";
/// The class of what stands for words that are still to be loaded.
const ABSENT: &str = "log-row-absent";

/// What a plain row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainRow {
    /// How it is set.
    pub setting: Setting,
    /// Its words; `None` where they are still to be loaded.
    pub words: Option<Vec<Run>>,
}

/// How a row is set, for the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Setting {
    /// Whether it is of what the user asked for.
    pub is_prompt: bool,
    /// How far it is set in.
    pub depth: Option<&'static str>,
}

/// Words of one look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The words.
    pub text: String,
    /// The classes of their look; empty where they look like all others.
    pub class: Cow<'static, str>,
    /// Colours beyond those of the style sheet: of the words, and behind them.
    pub colors: [Option<String>; 2],
}

/// A plain row in the page.
pub struct PlainElement {
    row: Element,
    words: Element,
    /// The words in the page, run by run.
    runs: Vec<RunElement>,
    shown: PlainRow,
}

/// Words of one look in the page.
struct RunElement {
    text: Text,
    /// What is around words that do not look like all others.
    span: Option<HtmlElement>,
}

impl PlainElement {
    /// An element that is nowhere in the page yet.
    pub fn new(shown: PlainRow) -> Option<Self> {
        let (row, words) = (document().create_element("div").ok()?, document().create_element("code").ok()?);
        row.set_class_name(ROW);
        words.set_class_name(class_of(&shown));
        words.set_attribute("dir", "auto").ok()?;
        // What translates a page puts nodes of its own in the place of these, which are written to again.
        words.set_attribute("translate", "no").ok()?;
        row.append_child(&words).ok()?;
        let mut element = Self { row, words, runs: Vec::new(), shown };
        element.set_in(Setting::default());
        element.write(&[]);
        Some(element)
    }

    /// The element.
    pub fn element(&self) -> &Element {
        &self.row
    }

    /// Whether it is nothing but the row: nobody has given it a mark, a number or the focus.
    pub fn is_free(&self) -> bool {
        let Setting { is_prompt, depth } = self.shown.setting;
        self.row.attributes().length() == 1 + u32::from(is_prompt) + u32::from(depth.is_some())
    }

    /// Shows another row.
    pub fn show(&mut self, row: PlainRow) {
        let before = std::mem::replace(&mut self.shown, row);
        self.set_in(before.setting);
        if before.words.is_some() != self.shown.words.is_some() {
            self.words.set_class_name(class_of(&self.shown));
        }
        if before.words != self.shown.words {
            self.write(before.words.as_deref().unwrap_or_default());
        }
    }

    fn set_in(&self, before: Setting) {
        let Setting { is_prompt, depth } = self.shown.setting;
        if before.is_prompt != is_prompt {
            set(&self.row, "data-step", is_prompt.then_some("prompt"));
        }
        if before.depth != depth {
            set(&self.row, "data-depth", depth);
        }
    }

    /// Writes the words into the page; `before` are those that are there.
    fn write(&mut self, before: &[Run]) {
        let runs = self.shown.words.as_deref().unwrap_or_default();
        let fits = |(element, run): (&RunElement, &Run)| element.span.is_none() == run.is_plain();
        // Lines that follow each other are often built alike: only their words change then.
        if self.runs.len() == runs.len() && self.runs.iter().zip(runs).all(fits) {
            for ((element, run), before) in self.runs.iter().zip(runs).zip(before) {
                element.change(before, run);
            }
            return;
        }
        self.words.set_text_content(None);
        self.runs = runs.iter().filter_map(|run| RunElement::new(&self.words, run)).collect();
    }
}

impl RunElement {
    fn new(words: &Element, run: &Run) -> Option<Self> {
        let text = document().create_text_node(&run.text);
        if run.is_plain() {
            words.append_child(&text).ok()?;
            return Some(Self { text, span: None });
        }
        let span: HtmlElement = document().create_element("span").ok()?.unchecked_into();
        span.append_child(&text).ok()?;
        words.append_child(&span).ok()?;
        let element = Self { text, span: Some(span) };
        element.look_like(&Run::default(), run);
        Some(element)
    }

    fn change(&self, before: &Run, run: &Run) {
        if before.text != run.text {
            self.text.set_data(&run.text);
        }
        self.look_like(before, run);
    }

    fn look_like(&self, before: &Run, run: &Run) {
        let Some(span) = &self.span else { return };
        if before.class != run.class {
            span.set_class_name(&run.class);
        }
        // Through the CSSOM, which a content security policy leaves alone.
        for (at, name) in ["--ansi-fg", "--ansi-bg"].into_iter().enumerate() {
            if before.colors[at] != run.colors[at] {
                let _ = span.style().set_property(name, run.colors[at].as_deref().unwrap_or_default());
            }
        }
    }
}

impl Run {
    /// Words of a class.
    pub fn new(text: String, class: &'static str) -> Self {
        Self { text, class: class.into(), colors: [None, None] }
    }

    /// Whether the words look like all others.
    fn is_plain(&self) -> bool {
        self.class.is_empty() && self.colors == [None, None]
    }
}

fn class_of(row: &PlainRow) -> &'static str {
    if row.words.is_some() { TEXT } else { ABSENT }
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    // Fails for no name of ours.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}
