//! The ways in, and the panel of connections.

use agent_tasks::RateBudget;
use flightdeck::connections::{ConnectPanel, ConnectionsPanel, Keeping, LinkedServer, NewConnection};
use flightdeck::store::{ConnectionId, Connections, LocalAccess, Standing};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlButtonElement, HtmlElement, HtmlInputElement};

use crate::screen::{Screen, next_frame, show, type_into};
use crate::servers::{COMPANION, add_companion, add_github, needed, permission};

/// The page that the forms are on, unless a test says otherwise.
const ELSEWHERE: &str = "https://agents.example.com";

/// The panel's state, and what was asked of it, in words.
#[derive(Clone, Copy)]
struct Panel {
    connections: RwSignal<Connections>,
    local_access: RwSignal<LocalAccess>,
    added: RwSignal<Vec<NewConnection>>,
    asked: RwSignal<Vec<String>>,
}

impl Panel {
    fn new(connections: Connections) -> Self {
        Self {
            connections: RwSignal::new(connections),
            local_access: RwSignal::new(LocalAccess::Granted),
            added: RwSignal::default(),
            asked: RwSignal::default(),
        }
    }

    fn ask(self, what: &str, id: ConnectionId) {
        self.asked.update(|asked| asked.push(format!("{what} {}", id.0)));
    }

    fn on_add(self) -> Callback<NewConnection> {
        Callback::new(move |added| self.added.update(|all| all.push(added)))
    }
}

fn show_panel(connections: Connections, keeping: Keeping) -> (Panel, Screen<impl Mountable>) {
    let panel = Panel::new(connections);
    let screen = show(move || {
        view! {
            <ConnectionsPanel
                connections=panel.connections
                keeping
                local_access=panel.local_access
                needed
                page_origin=ELSEWHERE
                on_add=panel.on_add()
                on_connect=Callback::new(move |(id, _)| panel.ask("connect", id))
                on_remember=Callback::new(move |(id, is_remembered)| panel.ask(&format!("remember {is_remembered}"), id))
                on_forget=Callback::new(move |id| panel.ask("forget", id))
                on_remove=Callback::new(move |id| panel.ask("remove", id))
                on_check=Callback::new(move |id| panel.ask("check", id))
            />
        }
    });
    (panel, screen)
}

fn show_way_in(connections: Connections, page_origin: &'static str) -> (Panel, Screen<impl Mountable>) {
    let panel = Panel::new(connections);
    let screen = show(move || {
        view! {
            <ConnectPanel
                connections=panel.connections
                keeping=Keeping::Allowed
                local_access=panel.local_access
                needed
                page_origin
                on_add=panel.on_add()
                on_connect=Callback::new(move |(id, _)| panel.ask("connect", id))
            />
        }
    });
    (panel, screen)
}

async fn choose_kind<M: Mountable>(screen: &Screen<M>, kind: &str) {
    screen.labelled::<HtmlInputElement>(kind).click();
    next_frame().await;
}

#[wasm_bindgen_test]
async fn a_card_tells_how_a_server_does_and_takes_orders() {
    let mut connections = Connections::default();
    let github = add_github(&mut connections);
    let connection = connections.get_mut(github).unwrap();
    connection.budget = Some(RateBudget { limit: 5_000, remaining: 4_321, reset_ms: 0 });
    connection.permissions = vec![
        permission("Agent tasks", "read and write", Some(true)),
        permission("Actions", "read and write", Some(false)),
        permission("Issues", "write", None),
    ];
    let laptop = add_companion(&mut connections, "Laptop", COMPANION);
    let (panel, screen) = show_panel(connections, Keeping::Allowed);
    screen.until("two cards", |screen| screen.all(".connection-card").len() == 2).await;
    let card = screen.labelled::<HtmlElement>("GitHub.com").inner_text();
    for fact in [
        "https://api.github.com",
        "Live",
        "4,321 of 5,000 requests left, all again at",
        "Granted",
        "Missing",
        "shows when used",
    ] {
        assert!(card.contains(fact), "{fact} in {card}");
    }
    assert!(!card.contains("At once"), "what is not told is left out: {card}");
    let card = screen.labelled::<HtmlElement>("Laptop").inner_text();
    for fact in ["flightdeck 0.1.0", "start, logs, stop", "4 sessions; the rest wait", "subreaper, at most 10 s"] {
        assert!(card.contains(fact), "{fact} in {card}");
    }
    screen.labelled::<HtmlElement>("Check permissions").click();
    screen.labelled::<HtmlInputElement>("Remember on this device").click();
    screen.labelled::<HtmlElement>("Forget the token").click();
    screen.labelled::<HtmlElement>("Remove this connection").click();
    assert_eq!(panel.asked.get_untracked(), ["check 0", "remember true 0", "forget 0", "remove 0"]);

    panel.connections.update(|all| {
        all.get_mut(laptop).unwrap().standing = Standing::NoToken(Some("The server does not know this token.".into()))
    });
    screen
        .until("the reason and a form", |screen| {
            screen.labelled::<HtmlElement>("Laptop").inner_text().contains("does not know this token")
        })
        .await;
    assert!(screen.labelled::<HtmlElement>("GitHub.com").inner_text().contains("Live"), "the other stays");
}

#[wasm_bindgen_test]
async fn a_wrong_address_is_said_beside_the_field_and_a_right_one_is_added() {
    let (panel, screen) = show_panel(Connections::default(), Keeping::Allowed);
    screen.until("the form", |screen| screen.has_labelled("GitHub.com")).await;
    screen.all("details")[0].set_attribute("open", "").unwrap();
    assert!(!screen.has_labelled("Address"), "GitHub.com has one already");
    assert!(screen.text().contains("Agent tasks") && screen.text().contains("Make a fine-grained token"));

    choose_kind(&screen, "GitHub Enterprise").await;
    let address: HtmlInputElement = screen.labelled("Address");
    type_into(&address, "http://ghe.example.com");
    type_into(&screen.labelled::<HtmlInputElement>("Token"), " secret ");
    screen.labelled::<HtmlButtonElement>("Connect").click();
    screen.until("what is wrong", |screen| screen.text().contains("write https://")).await;
    assert_eq!(address.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(panel.added.with_untracked(Vec::is_empty));

    type_into(&address, "ghe.example.com");
    screen.until("nothing wrong", |_| address.get_attribute("aria-invalid").is_none()).await;
    let link = screen.all("a[href='https://ghe.example.com/settings/personal-access-tokens/new']");
    assert_eq!(link[0].get_attribute("rel").as_deref(), Some("noopener noreferrer"));
    type_into(&screen.labelled::<HtmlInputElement>("Name"), "Work");
    screen.labelled::<HtmlButtonElement>("Connect").click();
    let added = panel.added.get_untracked().remove(0);
    assert_eq!((added.name.as_str(), added.address.base()), ("Work", "https://ghe.example.com/api/v3"));
    assert_eq!((added.token.token.as_str(), added.token.is_remembered), ("secret", false));
    screen.until("an empty field", |screen| screen.labelled::<HtmlInputElement>("Token").value().is_empty()).await;
}

#[wasm_bindgen_test]
async fn without_a_token_nothing_is_added() {
    let (panel, screen) = show_way_in(Connections::default(), ELSEWHERE);
    screen.until("the form", |screen| screen.has_labelled("Connect")).await;
    let button = screen.all("button").remove(0);
    button.click();
    screen.until("the reason", |screen| screen.text().contains("Paste a token first.")).await;
    assert!(panel.added.with_untracked(Vec::is_empty));
}

#[wasm_bindgen_test]
async fn a_page_with_strangers_on_its_origin_keeps_no_token() {
    let mut connections = Connections::default();
    add_github(&mut connections);
    let (panel, screen) = show_panel(connections, Keeping::SharedOrigin);
    screen.until("the card", |screen| screen.has_labelled("Remember on this device")).await;
    let boxes: Vec<_> = screen.all("input[type=checkbox]");
    assert!(!boxes.is_empty() && boxes.iter().all(|each| each.has_attribute("disabled")));
    assert!(screen.text().contains("shares its address with other people’s pages"));
    boxes[0].click();
    assert!(panel.asked.with_untracked(Vec::is_empty));
}

#[wasm_bindgen_test]
async fn the_way_in_keeps_what_was_typed_until_the_server_takes_it() {
    let mut connections = Connections::default();
    let id = add_companion(&mut connections, "Laptop", COMPANION);
    connections.get_mut(id).unwrap().standing = Standing::NoToken(None);
    let (panel, screen) = show_way_in(connections, "http://127.0.0.1:4180");
    screen.until("the hint", |screen| screen.text().contains("flightdeck link")).await;
    assert!(!screen.text().contains("--allow-origin"), "a page from this machine needs no leave");
    let token = || screen.labelled::<HtmlInputElement>("Token");
    type_into(&token(), "typed");
    screen.labelled::<HtmlButtonElement>("Connect").click();
    assert_eq!(panel.asked.get_untracked(), ["connect 0"]);
    let stand = |standing| panel.connections.update(|all| all.get_mut(id).unwrap().standing = standing);
    stand(Standing::Entering);
    screen.until("that it is under way", |screen| screen.has_labelled("Connecting…")).await;
    stand(Standing::NoToken(Some("The server does not know this token.".into())));
    screen.until("the reason", |screen| screen.text().contains("does not know this token")).await;
    assert_eq!(token().value(), "typed");
    stand(Standing::Open { is_remembered: false });
    screen.until("nothing", |screen| screen.text().trim().is_empty()).await;
}

#[wasm_bindgen_test]
async fn the_browsers_question_is_explained_before_it_is_asked() {
    let (panel, screen) = show_way_in(Connections::default(), ELSEWHERE);
    panel.local_access.set(LocalAccess::Prompt);
    screen.until("the form", |screen| screen.has_labelled("Companion")).await;
    assert!(!screen.text().contains("--allow-origin"), "GitHub is not on this machine");
    choose_kind(&screen, "Companion").await;
    screen.until("the explanation", |screen| screen.text().contains("the browser asks whether")).await;
    assert!(screen.text().contains("--allow-origin https://agents.example.com"));
    panel.local_access.set(LocalAccess::Denied);
    screen.until("the way out", |screen| screen.text().contains("site’s settings")).await;
    assert_eq!(screen.all("a[href='http://127.0.0.1:4180/']").len(), 1, "the companion's own page is offered");
    panel.local_access.set(LocalAccess::Granted);
    screen.until("browsers without a question", |screen| screen.text().contains("Safari")).await;
    type_into(&screen.labelled::<HtmlInputElement>("Address"), "agents.example.com");
    screen.until("no word of it", |screen| !screen.text().contains("--allow-origin")).await;
}

#[wasm_bindgen_test]
async fn a_link_to_a_strange_server_shows_its_address_and_asks_first() {
    let panel = Panel::new(Connections::default());
    let show_link = move |base: &'static str| {
        show(move || {
            view! {
                <LinkedServer
                    what="task"
                    base=base.to_owned()
                    keeping=Keeping::Allowed
                    local_access=panel.local_access
                    needed
                    page_origin=ELSEWHERE
                    on_add=panel.on_add()
                />
            }
        })
    };
    let screen = show_link("https://agents.evil.test/api");
    screen.until("the address", |screen| screen.text().contains("https://agents.evil.test/api")).await;
    assert!(screen.text().contains("Nothing was sent there"));
    assert!(!screen.has_labelled("Address"), "the link's address cannot be mistaken for another");
    type_into(&screen.labelled::<HtmlInputElement>("Token"), "t");
    assert!(panel.added.with_untracked(Vec::is_empty));
    screen.labelled::<HtmlButtonElement>("Connect").click();
    assert_eq!(panel.added.with_untracked(|added| added[0].address.base().to_owned()), "https://agents.evil.test/api");
    drop(screen);

    let screen = show_link("http://agents.evil.test/api");
    screen.until("the reason", |screen| screen.text().contains("cannot connect there")).await;
    assert!(!screen.has_labelled("Token"));
}
