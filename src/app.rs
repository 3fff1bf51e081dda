//! Routes and wiring: makes the stores, enters the servers, opens what brings their news, and hands state and
//! callbacks to the pages. Every effect on the outside starts here or in a folder below.

mod actions;
mod address;
mod agents_page;
mod crash_notice;
mod deck;
mod entering;
mod feed;
mod file_drop;
mod kept_servers;
mod later;
mod local_access;
mod log_choices;
mod log_find;
mod open_file;
mod open_log;
mod open_session;
mod picker_wiring;
mod policy;
mod reading;
mod repository_page;
mod route;
mod save_log;
mod servers;
mod storage;
mod tabs;
mod task_page;
mod tokens;
mod top_bar;
mod way_in;
mod whole_list;

use std::time::Duration;

use leptos::html::Main;
use leptos::prelude::*;

use self::agents_page::AgentsPage;
pub use self::crash_notice::show_crash;
use self::deck::Deck;
use self::file_drop::FileDrop;
use self::later::LaterFile;
use self::repository_page::RepositoryPage;
use self::route::Route;
use self::task_page::TaskPage;
use self::top_bar::TopBar;
use crate::api;
use crate::connections::ConnectPanel;
use crate::ui::{Notice, NoticeKind, memo};

/// How often ages and durations move.
const TICK: Duration = Duration::from_secs(1);
/// What became of a pairing link that was opened where there is no companion to pair with.
const LINK_UNUSED: &str = "This pairing link was not used: it works on its companion’s own page only. If this is that page, open the link again.";

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let deck = Deck::new();
    tabs::follow(deck);
    local_access::look(deck);
    policy::follow_refusals(deck);
    let is_link_unused = servers::enter_all(deck);
    picker_wiring::follow_pickers(deck);
    // Without a clock the page still works; its ages stand still.
    if let Ok(clock) = set_interval_with_handle(move || deck.tick(), TICK) {
        on_cleanup(move || clock.clear());
    }
    later::load_after_paint(deck);
    let route = route::follow_address();
    // Another step of the same task is not another page.
    let page = memo(move || match route.get() {
        Route::Task(address) => Route::Task(crate::store::TaskAddress { spot: None, ..address }),
        Route::File(_) => Route::File(None),
        other => other,
    });
    let spot = Signal::derive(move || match route.get() {
        Route::Task(address) => address.spot,
        Route::File(spot) => spot,
        Route::Agents | Route::Repository(_) | Route::Unknown => None,
    });
    let chosen = RwSignal::new_local(None);
    let main = NodeRef::<Main>::new();
    // Whoever goes to another page with the keyboard goes on from its beginning.
    Effect::new(move |before: Option<()>| {
        page.track();
        if let (Some(()), Some(main)) = (before, main.get_untracked()) {
            let _ = main.focus();
        }
    });
    view! {
        <TopBar deck chosen/>
        <FileDrop deck chosen/>
        <main class="page" tabindex="-1" node_ref=main>
            {move || is_link_unused.get().then(|| view! { <Notice kind=NoticeKind::Problem>{LINK_UNUSED}</Notice> })}
            <Show when=move || deck.is_ready.get() && page.with(|page| !matches!(page, Route::File(_)))>
                <ConnectPanel
                    connections=deck.connections
                    keeping=servers::keeping()
                    local_access=deck.local_access
                    page_origin=address::own_origin()
                    needed=api::needed_permissions
                    on_add=Callback::new(move |new| servers::add(deck, new))
                    on_connect=Callback::new(move |(id, token)| entering::connect(deck, id, token))
                />
            </Show>
            {move || match page.get() {
                Route::Agents => view! { <AgentsPage deck/> }.into_any(),
                Route::Repository(address) => view! { <RepositoryPage deck address/> }.into_any(),
                // A task's page is made anew for every task.
                Route::Task(address) => view! { <TaskPage deck address spot/> }.into_any(),
                // Needs no server: it is there before any is known.
                Route::File(_) => view! { <LaterFile deck chosen spot/> }.into_any(),
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
            <p>"The link may be cut off. " <a href="#/">"See all agents"</a></p>
        </section>
    }
}
