//! Log files, and what is taken out of a log.

use agent_tasks::{Event, LogFormat, Timestamp};
use flightdeck::files::{ChooseFile, FileFacts, FilePage, Reading};
use flightdeck::session::{LogContext, LogFind, LogOutlet, LogPanel, Saving};
use flightdeck::store::{Action, LogChoices};
use flightdeck::ui::memo;
use leptos::prelude::*;
use log_files::{FileKind, Told};
use serde_json::{Value, json};
use session_log::LogDocument;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::screen::{Screen, next_frame, show};

fn codex() -> FileFacts {
    let told = Told { kind: Some(FileKind::Codex), bytes: 500, lines: 24, not_understood: 1, ..Told::default() };
    FileFacts { name: "rollout.jsonl".into(), size: 1_000, others: 0, told, reading: Reading::Running }
}

#[wasm_bindgen_test]
async fn a_file_page_says_what_is_open_and_how_far_it_is() {
    let file = RwSignal::new(None);
    let stops = RwSignal::new(0);
    let screen = show(move || {
        view! {
            <FilePage file on_stop=Callback::new(move |()| stops.update(|stops| *stops += 1))>
                <p>"The log"</p>
            </FilePage>
        }
    });
    assert!(screen.text().contains("No log file is open"));
    assert!(!screen.text().contains("The log"));
    file.set(Some(codex()));
    next_frame().await;
    for words in
        ["rollout.jsonl", "Codex session · 1.0 KB · 24 lines · 50 % read", "1 line was not understood", "The log"]
    {
        assert!(screen.text().contains(words), "{words}: {}", screen.text());
    }
    screen.labelled::<HtmlButtonElement>("Stop reading").click();
    assert_eq!(stops.get_untracked(), 1);
    file.set(Some(FileFacts { reading: Reading::Failed("The disk is gone.".into()), ..codex() }));
    next_frame().await;
    assert!(screen.text().contains("The disk is gone.") && screen.text().contains("The log"), "what was read stays");
    assert!(!screen.has_labelled("Stop reading"));
    let told = Told::default();
    file.set(Some(FileFacts { reading: Reading::Failed("The file is empty.".into()), told, ..codex() }));
    next_frame().await;
    assert!(screen.text().contains("The file is empty.") && !screen.text().contains("The log"), "{}", screen.text());
}

#[wasm_bindgen_test]
fn a_file_is_chosen_with_a_control_that_has_a_name() {
    let screen = show(|| view! { <ChooseFile on_choose=Callback::new(|_| {})/> });
    let input = screen.labelled::<HtmlInputElement>("Open a log file…");
    assert_eq!(input.type_(), "file");
    input.focus().unwrap();
    assert_eq!(document().active_element().as_ref(), Some(input.as_ref()));
}

fn event(seq: u64, kind: &str, data: Value) -> Event {
    serde_json::from_value(json!({"seq": seq, "session_id": "s", "id": "e", "timestamp": Timestamp::from_ms(0),
        "type": kind, "data": data}))
    .unwrap()
}

/// A log of a session, a prompt and a command.
fn show_log(outlet: Option<LogOutlet>) -> Screen<impl Mountable> {
    let mut log = LogDocument::default();
    for event in [
        event(1, "user.message", json!({"content": "Build it"})),
        event(2, "tool.execution_start", json!({"toolCallId": "t", "kind": "execute", "command": "make"})),
    ] {
        log.apply(&event);
    }
    let document = RwSignal::new(log);
    let screen = show(move || {
        if let Some(outlet) = outlet {
            provide_context(outlet);
        }
        let context = LogContext {
            document: document.into(),
            now: RwSignal::new(Timestamp::default()).into(),
            task: memo(|| None),
            answer: RwSignal::new(Action::Ready).into(),
            answered: RwSignal::new(None),
            on_answer: Callback::new(|_| {}),
            target: RwSignal::new(None).into(),
            on_look: Callback::new(|_| {}),
            load_failure: RwSignal::new(None).into(),
            on_retry: Callback::new(|()| {}),
            on_spot: Callback::new(|_| {}),
            on_place: Callback::new(|_| {}),
            is_finding: RwSignal::new(false),
            step_address: Callback::new(|seq: u64| format!("#/file/steps/{seq}")),
            choices: RwSignal::new(LogChoices::default()),
            find: Signal::stored(LogFind::Here),
            on_want: Callback::new(|_| {}),
        };
        view! { <LogPanel context/> }
    });
    for scroll in screen.all(".log-view-scroll") {
        scroll.style().set_property("height", "500px").unwrap();
    }
    screen
}

fn items(screen: &Screen<impl Mountable>) -> Vec<String> {
    screen.all("[role=menuitem]").iter().map(HtmlElement::inner_text).collect()
}

fn press(element: &HtmlElement, key: &str) {
    let init = web_sys::KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    element.dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn a_step_has_a_menu_of_what_can_be_copied() {
    let screen = show_log(None);
    screen.until("the steps", |screen| screen.all(".step-menu-button").len() == 3).await;
    let buttons = screen.all(".step-menu-button");
    buttons[1].click();
    screen.until("the menu of the prompt", |screen| items(screen).len() == 3).await;
    assert_eq!(items(&screen), ["Copy as text", "Copy as Markdown", "Copy the link"]);
    press(&screen.all("[role=menuitem]")[0], "ArrowUp");
    assert_eq!(document().active_element().unwrap().text_content().unwrap(), "Copy the link");
    press(&screen.all("[role=menuitem]")[2], "Escape");
    screen.until("a closed menu", |screen| items(screen).is_empty()).await;
    assert_eq!(document().active_element().as_ref(), Some(buttons[1].as_ref()));
    buttons[2].click();
    screen.until("the menu of the command", |screen| items(screen).len() == 4).await;
    assert!(items(&screen).contains(&"Copy the command".to_owned()));
}

#[wasm_bindgen_test]
async fn where_there_is_no_clipboard_the_menu_says_so() {
    let none = js_sys::Object::new();
    js_sys::Reflect::set(&none, &"configurable".into(), &true.into()).unwrap();
    let navigator = window().navigator();
    js_sys::Object::define_property(&navigator, &"clipboard".into(), &none);
    let screen = show_log(None);
    screen.until("the steps", |screen| screen.all(".step-menu-button").len() == 3).await;
    screen.all(".step-menu-button")[1].click();
    screen.until("the menu", |screen| items(screen).len() == 3).await;
    screen.all("[role=menuitem]")[0].click();
    screen.until("the sentence", |screen| screen.text().contains("Not copied: the browser")).await;
    js_sys::Reflect::delete_property(&navigator, &"clipboard".into()).unwrap();
}

#[wasm_bindgen_test]
async fn a_log_is_saved_in_the_chosen_format() {
    let saved = RwSignal::new(Vec::new());
    let outlet = LogOutlet {
        formats: Signal::derive(|| vec![LogFormat::Jsonl, LogFormat::Text]),
        saving: RwSignal::new(Saving::Idle),
        on_save: Callback::new(move |format| saved.update(|saved| saved.push(format))),
    };
    let screen = show_log(Some(outlet));
    screen.labelled::<HtmlButtonElement>("Download").click();
    screen.until("the formats", |screen| items(screen).len() == 2).await;
    assert_eq!(items(&screen), ["JSON lines", "Plain text"]);
    screen.all("[role=menuitem]")[1].click();
    assert_eq!(saved.get_untracked(), [LogFormat::Text]);
    outlet.saving.set(Saving::Running(1_200));
    next_frame().await;
    assert!(screen.text().contains("Saving, 1.2 KB so far"), "{}", screen.text());
    screen.labelled::<HtmlButtonElement>("Cancel").click();
    assert_eq!(outlet.saving.get_untracked(), Saving::Idle);
    outlet.saving.set(Saving::Failed("The server is gone.".into()));
    next_frame().await;
    assert!(screen.text().contains("The server is gone."));
}

#[wasm_bindgen_test]
async fn where_nothing_can_be_saved_there_is_no_button() {
    let screen = show_log(None);
    screen.until("the steps", |screen| screen.all(".step-header").len() == 3).await;
    assert!(!screen.has_labelled("Download"));
}
