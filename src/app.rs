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
mod route;
mod server;
mod storage;
mod top_bar;

use std::time::Duration;

use leptos::prelude::*;

use self::agents_page::AgentsPage;
pub use self::crash_notice::show_crash;
use self::deck::Deck;
use self::open_session::OpenSession;
use self::route::Route;
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
    let route = route::follow_address();
    view! {
        <TopBar deck/>
        <main class="page">
            <ConnectPanel connection=deck.connection on_connect/>
            {move || match route.get() {
                Route::Agents => view! { <AgentsPage deck/> }.into_any(),
                // A task's page is made anew for every task.
                Route::Task(id) => view! { <OpenSession deck id/> }.into_any(),
                Route::Unknown => view! { <NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    document().set_title("Not found · Flightdeck");
    view! {
        <section class="not-found">
            <h1>"There is nothing at this address"</h1>
            <p>"The link may be cut off. " <a href="/">"See all agents"</a></p>
        </section>
    }
}
