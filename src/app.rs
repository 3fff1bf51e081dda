//! Routes and wiring: makes the stores, enters the server, opens the streams, and hands state and callbacks
//! to the pages. Every effect on the outside starts here or in a folder below.

mod actions;
mod address;
mod agents_page;
mod crash_notice;
mod deck;
mod list_wiring;
mod open_session;
mod picker_wiring;
mod server;
mod storage;
mod top_bar;

use std::time::Duration;

use agent_tasks::TaskId;
use leptos::prelude::*;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::hooks::use_params_map;
use leptos_router::path;

use self::agents_page::AgentsPage;
pub use self::crash_notice::show_crash;
use self::deck::Deck;
use self::open_session::OpenSession;
use self::top_bar::TopBar;
use crate::connections::ConnectPanel;

/// How often ages and durations move.
const TICK: Duration = Duration::from_secs(1);

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let deck = Deck::new(address::own_base());
    server::enter(deck);
    server::follow_other_tabs(deck);
    list_wiring::follow_list(deck);
    picker_wiring::follow_pickers(deck);
    // Without a clock the page still works; its ages stand still.
    if let Ok(clock) = set_interval_with_handle(move || deck.tick(), TICK) {
        on_cleanup(move || clock.clear());
    }
    let on_connect = Callback::new(move |given| server::connect(deck, given));
    view! {
        <Router>
            <TopBar deck/>
            <main class="page">
                <ConnectPanel connection=deck.connection on_connect/>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=move || view! { <AgentsPage deck/> }/>
                    <Route path=path!("/tasks/:id") view=move || view! { <TaskRoute deck/> }/>
                </Routes>
            </main>
        </Router>
    }
}

/// A task's page is made anew for every task.
#[component]
fn TaskRoute(deck: Deck) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    move || view! { <OpenSession deck id=TaskId(id.get())/> }
}

#[component]
fn NotFound() -> impl IntoView {
    document().set_title("Not found · Flightdeck");
    view! {
        <section class="not-found">
            <h1>"There is nothing at this address"</h1>
            <p>"The link may be cut off. " <A href="/">"See all agents"</A></p>
        </section>
    }
}
