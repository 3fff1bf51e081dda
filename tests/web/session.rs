//! The session page's parts.

use agent_tasks::{Event, FollowUpWay, Prompt, Task, Timestamp};
use flightdeck::session::{Answer, LogFind, Looked, SessionPage};
use flightdeck::store::{
    Action, Connection, ConnectionId, Link, LogChoices, LogPlace, LogSpot, LogTarget, ReadingPlace, Remote,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use session_log::LogDocument;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlButtonElement, HtmlElement, HtmlTextAreaElement};

use crate::screen::{Screen, choose, next_frame, show, type_into};
use crate::servers::one_companion;

/// The page's state, and what was asked of it.
#[derive(Clone, Copy)]
pub struct Session {
    pub task: RwSignal<Remote<Task>>,
    pub log: RwSignal<LogPlace>,
    pub connection: RwSignal<Option<Connection>>,
    pub choices: RwSignal<LogChoices>,
    pub target: RwSignal<Option<LogTarget>>,
    pub spots: RwSignal<Vec<LogSpot>>,
    pub places: RwSignal<Vec<Option<ReadingPlace>>>,
    pub looked: RwSignal<Option<Looked>>,
    follow_ups: RwSignal<Vec<FollowUpWay>>,
    pub document: RwSignal<LogDocument>,
    link: RwSignal<Link>,
    stop: RwSignal<Action>,
    follow_up: RwSignal<Action>,
    answer: RwSignal<Action>,
    stops: RwSignal<usize>,
    pause: RwSignal<Action>,
    pauses: RwSignal<Vec<bool>>,
    prompts: RwSignal<Vec<(FollowUpWay, String)>>,
    answers: RwSignal<Vec<Answer>>,
}

impl Session {
    /// The address leads to the step that an event began.
    pub fn go_to(self, seq: u64) {
        self.target.set(Some(LogTarget::Spot(LogSpot { seq, line: None })));
    }

    pub fn say(self, kind: &str, payload: Value) {
        self.document.update(|document| say(document, kind, payload));
    }
}

pub fn say(document: &mut LogDocument, kind: &str, payload: Value) {
    let seq = document.last_seq() + 1;
    let event: Event = serde_json::from_value(json!({
        "seq": seq, "session_id": "s", "id": "e", "timestamp": Timestamp::from_ms(seq as i64 * 1_000),
        "type": kind, "data": payload,
    }))
    .unwrap();
    document.apply(&event);
}

pub fn task(state: &str, name: &str) -> Task {
    serde_json::from_value(json!({
        "id": "t", "name": name, "state": state, "created_at": Timestamp::from_ms(0), "started_at": Timestamp::from_ms(0),
        "agent_id": "rehearsal", "repository": {"id": 1, "full_name": "acme/importer"},
        "artifacts": [{"provider": "git", "type": "branch",
            "data": {"head_ref": "agents/1", "base_ref": "main", "additions": 12, "deletions": 3, "changed_files": 2}}],
        "sessions": [{"id": "s", "state": state, "created_at": Timestamp::from_ms(0), "model": "none"}],
    }))
    .unwrap()
}

pub fn show_session(task: Remote<Task>) -> (Session, Screen<impl Mountable>) {
    show_session_with(task, LogFind::Here)
}

pub fn show_session_with(task: Remote<Task>, find: LogFind) -> (Session, Screen<impl Mountable>) {
    let session = Session {
        task: RwSignal::new(task),
        log: RwSignal::new(LogPlace::Here),
        connection: RwSignal::new(one_companion().get(ConnectionId(0)).cloned()),
        choices: RwSignal::default(),
        target: RwSignal::default(),
        spots: RwSignal::default(),
        places: RwSignal::default(),
        looked: RwSignal::default(),
        follow_ups: RwSignal::new(vec![FollowUpWay::SameTask]),
        document: RwSignal::default(),
        link: RwSignal::new(Link::Live),
        stop: RwSignal::default(),
        follow_up: RwSignal::default(),
        answer: RwSignal::default(),
        stops: RwSignal::default(),
        pause: RwSignal::default(),
        pauses: RwSignal::default(),
        prompts: RwSignal::default(),
        answers: RwSignal::default(),
    };
    let screen = show(move || {
        view! {
            <SessionPage
                task=session.task
                document=session.document
                link=session.link
                log=session.log
                target=session.target
                step_address=Callback::new(|seq: u64| format!("#/tasks/t/steps/{seq}"))
                choices=session.choices
                find
                on_look=Callback::new(move |looked| session.looked.set(Some(looked)))
                on_want=Callback::new(|_| {})
                load_failure=RwSignal::new(None::<String>)
                on_retry=Callback::new(|()| {})
                on_spot=Callback::new(move |spot| session.spots.update(|spots| spots.push(spot)))
                on_place=Callback::new(move |place| session.places.update(|places| places.push(place)))
                connection=session.connection
                is_one_of_many=RwSignal::new(true)
                follow_ups=session.follow_ups
                now=RwSignal::new(Timestamp::from_ms(184_000))
                agent_name=RwSignal::new(Some("Rehearsal".to_owned()))
                stop=session.stop
                follow_up=session.follow_up
                answer=session.answer
                on_stop=Callback::new(move |()| session.stops.update(|stops| *stops += 1))
                pause=session.pause
                on_pause=Callback::new(move |is_paused| session.pauses.update(|pauses| pauses.push(is_paused)))
                on_follow_up=Callback::new(move |(way, prompt): (FollowUpWay, Prompt)| session.prompts.update(|prompts| prompts.push((way, prompt.as_str().to_owned()))))
                on_answer=Callback::new(move |answer| session.answers.update(|answers| answers.push(answer)))
            />
        }
    });
    // The page's style is not here: the log gets a height to scroll in.
    for scroll in screen.all(".log-view-scroll") {
        frame_log(&scroll);
    }
    (session, screen)
}

fn frame_log(scroll: &HtmlElement) {
    let style = scroll.style();
    for (property, value) in [("height", "500px"), ("overflow", "auto"), ("overflow-anchor", "none")] {
        style.set_property(property, value).unwrap();
    }
    let inner = scroll.query_selector(".log-view-rows").unwrap().unwrap().unchecked_into::<HtmlElement>();
    inner.style().set_property("position", "absolute").unwrap();
    inner.style().set_property("line-height", "20px").unwrap();
    let space = scroll.query_selector(".log-view-space").unwrap().unwrap().unchecked_into::<HtmlElement>();
    space.style().set_property("position", "relative").unwrap();
    let style = document().create_element("style").unwrap();
    style.set_text_content(Some(".log-view-rows > [data-aside] { position: absolute; top: -100000px }"));
    document().head().unwrap().append_child(&style).unwrap();
}

pub fn running() -> (Session, Screen<impl Mountable>) {
    show_session(Remote::Ready(task("in_progress", "Fix the importer")))
}

/// The step's button whose text holds `part`.
pub fn step<M: Mountable>(screen: &Screen<M>, part: &str) -> HtmlElement {
    let found = screen.all(".step-header-line").into_iter().find(|line| line.inner_text().contains(part));
    found.unwrap_or_else(|| panic!("no step says {part:?} in {}", screen.text()))
}

#[wasm_bindgen_test]
async fn the_header_tells_what_where_and_how_long() {
    let (session, screen) = running();
    screen.until("the header", |screen| screen.text().contains("Fix the importer")).await;
    for fact in [
        "Running",
        "Laptop",
        "acme/importer",
        "agents/1",
        "main",
        "Rehearsal",
        "none",
        "3m 04s",
        "+12",
        "−3",
        "in 2 files",
    ] {
        assert!(screen.text().contains(fact), "{fact} in {}", screen.text());
    }
    screen.labelled::<HtmlElement>("Stop session").click();
    assert_eq!(session.stops.get_untracked(), 1);
    let focused = document().active_element().map(|element| element.tag_name());
    assert_eq!(focused.as_deref(), Some("H1"), "the focus stays in the page");
    session.stop.set(Action::Pending);
    screen.until("that it is under way", |screen| screen.has_labelled("Stopping…")).await;
    session.stop.set(Action::Failed("The companion did not answer; try again".into()));
    screen.until("the failure", |screen| screen.text().contains("did not answer")).await;

    session.task.set(Remote::Ready(task("completed", "Fix the importer")));
    screen.until("the end", |screen| !screen.text().contains("did not answer")).await;

    session.link.set(Link::Reconnecting);
    screen.until("the cut", |screen| screen.text().contains("Reconnecting…")).await;
}

#[wasm_bindgen_test]
async fn a_finished_session_says_why_it_cannot_be_stopped() {
    let (_, screen) = show_session(Remote::Ready(task("completed", "t")));
    screen.until("the header", |screen| screen.has_labelled("Stop session")).await;
    let stop: HtmlButtonElement = screen.labelled("Stop session");
    assert!(stop.disabled());
    assert_eq!(stop.title(), "Cannot stop: the session is already over");
}

#[wasm_bindgen_test]
async fn a_session_can_be_paused_and_go_on() {
    let (session, screen) = running();
    screen.until("the header", |screen| screen.has_labelled("Pause")).await;
    screen.labelled::<HtmlElement>("Pause").click();
    session.pause.set(Action::Failed("The companion did not answer; try again".into()));
    screen.until("the failure", |screen| screen.text().contains("did not answer")).await;
    session.pause.set(Action::Ready);
    session.task.set(Remote::Ready(task("idle", "t")));
    screen.until("the pause", |screen| screen.has_labelled("Resume") && screen.text().contains("Paused:")).await;
    assert!(!screen.text().contains("Idle"), "{}", screen.text());
    screen.labelled::<HtmlElement>("Resume").click();
    assert_eq!(session.pauses.get_untracked(), [true, false]);
    for state in ["queued", "completed"] {
        session.task.set(Remote::Ready(task(state, "t")));
        screen
            .until("nothing to pause", |screen| !screen.has_labelled("Pause") && !screen.has_labelled("Resume"))
            .await;
    }
    session.connection.set(None);
    session.task.set(Remote::Ready(task("in_progress", "t")));
    screen.until("a server that cannot", |screen| screen.text().contains("Running")).await;
    assert!(!screen.has_labelled("Pause"));
}

#[wasm_bindgen_test]
async fn loading_and_failure_have_a_face() {
    let (session, screen) = show_session(Remote::Loading);
    screen.until("loading", |screen| screen.text().contains("Loading the session")).await;
    session.task.set(Remote::Failed("There is no such task; see all agents".into()));
    screen.until("the failure", |screen| screen.text().contains("no such task")).await;
    assert_eq!(screen.labelled::<HtmlElement>("All tasks").get_attribute("href").as_deref(), Some("#/"));
    session.task.set(Remote::Ready(task("queued", "t")));
    screen.until("the queue", |screen| screen.text().contains("Waits for a free place")).await;
}

#[wasm_bindgen_test]
async fn steps_open_and_close() {
    let (session, screen) = running();
    session.say("user.message", json!({"content": "Fix **it**"}));
    session.say(
        "tool.execution_start",
        json!({"toolCallId": "t", "kind": "execute", "title": "Build", "command": "make all"}),
    );
    session.say(
        "tool.execution_partial_result",
        json!({"toolCallId": "t", "partialOutput": "one\n\u{1b}[31mtwo\u{1b}[0m\n3\n4\n5\n6\n7\n"}),
    );
    screen.until("the preview", |screen| screen.text().contains("2 lines before")).await;
    assert_eq!(screen.all(".prose strong").len(), 1);
    assert!(step(&screen, "make all").inner_text().contains("Build"));
    assert!(!screen.text().contains("two"), "the preview shows the end");

    session.say(
        "tool.execution_complete",
        json!({"toolCallId": "t", "success": true, "result": {"contents": [{"type": "terminal", "exitCode": 0}]}}),
    );
    screen.until("the output to close", |screen| screen.all(".log-row-text").is_empty()).await;
    step(&screen, "make all").click();
    screen.until("the output", |screen| screen.all(".log-row-text").len() == 7).await;
    let is_open =
        |screen: &Screen<_>| step(screen, "make all").get_attribute("aria-expanded").as_deref() == Some("true");
    screen.until("that the line says so", is_open).await;
    assert_eq!(screen.all(".ansi-fg-1")[0].inner_text(), "two");
    step(&screen, "make all").click();
    screen.until("the output to close", |screen| screen.all(".log-row-text").is_empty()).await;

    session.say(
        "assistant.plan",
        json!({"entries": [{"content": "look", "status": "completed"}, {"content": "fix", "status": "in_progress"}]}),
    );
    screen.until("the plan", |screen| screen.text().contains("1 of 2 done")).await;
    session.say("tool.execution_start", json!({"toolCallId": "e", "kind": "edit", "title": "Edit a.rs"}));
    session.say(
        "tool.execution_complete",
        json!({"toolCallId": "e", "success": true, "result": {"contents": [
        {"type": "diff", "path": "a.rs", "oldText": "a\nb\n", "newText": "a\nc\n"}]}}),
    );
    screen.until("the change", |screen| screen.all("[data-change=added]").len() == 1).await;
    session.say(
        "session.shutdown",
        json!({"shutdownType": "routine", "report": {"layer": "subreaper", "remaining": 0, "durationMs": 1200,
        "signals": [{"signal": "SIGTERM", "pid": 77, "command": "sleep 100"}]}}),
    );
    screen.until("the report", |screen| screen.text().contains("Nothing is left running")).await;
    assert!(!screen.text().contains("SIGTERM"), "the signals are behind one line");
    let end = screen.all(".log-view-space")[0].client_height();
    screen.all("summary")[0].click();
    screen.until("the signals", |screen| screen.text().contains("SIGTERM to 77 sleep 100")).await;
    screen.until("room for them", |screen| screen.all(".log-view-space")[0].client_height() > end).await;
}

#[wasm_bindgen_test]
async fn a_permission_request_is_answered_with_its_own_buttons() {
    let (session, screen) = show_session(Remote::Ready(task("waiting_for_user", "t")));
    session.say("permission.requested", json!({"requestId": "p", "permissionRequest": {"kind": "shell", "title": "Remove", "command": "rm -rf \u{202e}build"},
        "options": [{"optionId": "y", "name": "Allow once", "kind": "allow_once"}, {"optionId": "n", "name": "Reject", "kind": "reject_once"}]}));
    screen.until("the buttons", |screen| screen.has_labelled("Allow once")).await;
    assert!(screen.text().contains("U+202E"), "what is hidden is shown");
    let allow: HtmlButtonElement = screen.labelled("Allow once");
    assert!(allow.disabled(), "a click that was on its way must not answer");
    screen.until("the buttons to wake", |screen| !screen.labelled::<HtmlButtonElement>("Allow once").disabled()).await;

    let enter = web_sys::KeyboardEventInit::new();
    enter.set_key("Enter");
    enter.set_cancelable(true);
    enter.set_bubbles(true);
    let enter = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &enter).unwrap();
    let allow: HtmlButtonElement = screen.labelled("Allow once");
    assert!(!allow.dispatch_event(&enter).unwrap(), "Enter allows nothing");
    allow.click();
    assert_eq!(session.answers.get_untracked(), [Answer { request_id: "p".into(), option_id: "y".into() }]);
    session.answer.set(Action::Pending);
    screen.until("that it is under way", |screen| screen.text().contains("Sending the answer")).await;
    assert!(screen.labelled::<HtmlButtonElement>("Reject").disabled());
    session.answer.set(Action::Failed("The session did not take it; try again".into()));
    screen.until("the failure", |screen| screen.text().contains("did not take it")).await;

    session.say("permission.completed", json!({"requestId": "p", "result": {"kind": "approved", "optionId": "y"}}));
    screen.until("what was chosen", |screen| screen.text().contains("Answered: Allow once")).await;
    assert!(!screen.has_labelled("Reject"));
}

#[wasm_bindgen_test]
async fn a_follow_up_is_kept_until_it_was_taken() {
    let (session, screen) = running();
    screen.until("the box", |screen| screen.has_labelled("Send")).await;
    let field = || screen.all("textarea")[0].clone().unchecked_into::<HtmlTextAreaElement>();
    let send = || screen.all(".follow-up-send")[0].click();
    send();
    screen.until("why not", |screen| screen.text().contains("prompt is empty")).await;
    type_into(&field(), "And the tests");
    send();
    assert_eq!(session.prompts.get_untracked(), [(FollowUpWay::SameTask, "And the tests".to_owned())]);
    session.follow_up.set(Action::Pending);
    next_frame().await;
    session.follow_up.set(Action::Failed("No connection; try again".into()));
    screen.until("the failure", |screen| screen.text().contains("No connection")).await;
    assert_eq!(field().value(), "And the tests");
    session.follow_up.set(Action::Pending);
    next_frame().await;
    session.follow_up.set(Action::Ready);
    screen
        .until("an empty box", |screen| {
            screen.all("textarea")[0].clone().unchecked_into::<HtmlTextAreaElement>().value().is_empty()
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_follow_up_goes_the_chosen_way() {
    let (session, screen) = running();
    let branch = FollowUpWay::NewTask { head_ref: "agents/1".into(), base_ref: "main".into() };
    session.follow_ups.set(vec![FollowUpWay::Comment(7), branch.clone()]);
    screen.until("the ways", |screen| screen.has_labelled("Follow up by")).await;
    assert!(screen.text().contains("Posts a comment"));
    let field = screen.all("textarea")[0].clone();
    type_into(&field, "And the tests");
    screen.all(".follow-up-send")[0].click();
    choose(&screen.labelled::<HtmlElement>("Follow up by"), "New task on branch agents/1");
    screen.until("its hint", |screen| screen.text().contains("Starts another task")).await;
    screen.all(".follow-up-send")[0].click();
    let sent: Vec<_> = session.prompts.get_untracked().into_iter().map(|(way, _)| way).collect();
    assert_eq!(sent, [FollowUpWay::Comment(7), branch]);

    session.follow_ups.set(Vec::new());
    screen.until("why not", |screen| screen.text().contains("neither a pull request nor a branch")).await;
    assert!(screen.all("textarea").is_empty(), "no dead box");
}

#[wasm_bindgen_test]
async fn text_from_an_agent_is_only_ever_text() {
    const PAYLOADS: [&str; 8] = [
        "<img src=x onerror=window.pwned=1>",
        "<script>window.pwned=1</script>",
        "<svg onload=window.pwned=1></svg>",
        "\"><iframe srcdoc='<script>top.pwned=1</script>'></iframe>",
        "[x](javascript:window.pwned=1) ![y](https://evil.test/beacon.png)",
        "<a href=\"javascript:window.pwned=1\">x</a> <style>*{background:url(https://evil.test)}</style>",
        "\u{1b}]8;;javascript:window.pwned=1\u{1b}\\click\u{1b}]8;;\u{1b}\\\u{1b}[31m<b>x</b>",
        "{{constructor.constructor('window.pwned=1')()}}<math><mtext><img src=x onerror=window.pwned=1>",
    ];
    for payload in PAYLOADS {
        let mut shown = task("waiting_for_user", payload);
        shown.activity = Some(payload.into());
        let (session, screen) = show_session(Remote::Ready(shown));
        screen.until("the log", |screen| !screen.all(".log-view-scroll").is_empty()).await;
        session.document.update(|document| {
            say(document, "session.start", json!({"producer": payload, "selectedModel": payload}));
            say(document, "user.message", json!({"content": payload}));
            say(document, "session.info", json!({"infoType": payload, "message": payload}));
            say(document, "assistant.message", json!({"messageId": "m", "content": payload}));
            say(document, "assistant.plan", json!({"entries": [{"content": payload}]}));
            say(document, "tool.execution_start", json!({"toolCallId": "t", "toolName": payload, "title": payload, "command": payload}));
            say(document, "tool.execution_partial_result", json!({"toolCallId": "t", "partialOutput": payload}));
            say(document, "tool.execution_start", json!({"toolCallId": "e", "kind": "edit", "locations": [{"path": payload}]}));
            say(document, "tool.execution_complete", json!({"toolCallId": "e", "success": true, "result": {"contents": [
                {"type": "diff", "path": payload, "newText": payload}]}}));
            say(document, "permission.requested", json!({"requestId": "p", "permissionRequest": {"kind": payload, "title": payload,
                "command": payload, "locations": [{"path": payload}]}, "options": [{"optionId": "y", "name": payload}]}));
            say(document, "session.error", json!({"errorType": payload, "message": payload, "stack": payload}));
            say(document, payload, json!({"a": payload}));
            say(document, "session.shutdown", json!({"errorReason": payload, "report": {"layer": payload, "remaining": 1,
                "survivors": [{"pid": 1, "command": payload}]}}));
        });
        screen.until("the end", |screen| screen.text().contains("1 process is still running")).await;
        let scroll = screen.all(".log-view-scroll")[0].clone();
        scroll.set_scroll_top(0);
        next_frame().await;
        next_frame().await;
        let found = screen.all("img, script, iframe, style, math, [onerror], [onload], [srcdoc], [href^='javascript']");
        assert!(found.is_empty(), "{payload}: {}", found[0].outer_html());
        assert!(js_sys::Reflect::get(&window(), &"pwned".into()).unwrap().is_undefined(), "{payload}");
    }
}
