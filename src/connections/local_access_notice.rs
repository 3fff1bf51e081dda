//! What a browser asks before a page from elsewhere may reach a server on its machine, said beforehand.

use leptos::prelude::*;

use super::entry::Entry;
use crate::store::LocalAccess;
use crate::ui::{Notice, NoticeKind};

/// What a page on this machine begins with: there is nothing to ask for then.
const OWN_PAGES: [&str; 3] = ["http://127.0.0.1", "http://localhost", "http://[::1]"];

/// What to do where the browser's user, or somebody for them, has said no.
pub const LOCAL_ACCESS_DENIED: &str = "This browser does not let this site reach your machine. Open the site’s \
    settings beside the address bar, allow “Local network access” or “Apps on device”, and reload the page.";

/// What to expect and what to answer, for a server on this machine; nothing while the page is from there too.
#[component]
pub fn LocalAccessNotice(
    /// What the forms share.
    entry: Entry,
    /// The companion's own page.
    #[prop(into)]
    own_page: Signal<String>,
) -> impl IntoView {
    let is_own = |origin: &String| OWN_PAGES.iter().any(|own| origin.starts_with(own));
    if entry.page_origin.with_value(is_own) {
        return ().into_any();
    }
    let notice = move || {
        let link = own_page.get();
        let (kind, explanation) = explanation(entry.local_access.get());
        view! {
            <Notice kind>
                <p>{explanation}</p>
                <p>
                    "The companion has to be started with " <code>"--allow-origin " {entry.page_origin.get_value()}</code>
                    ". Its own page needs none of this: " <a href=link.clone()>{link.clone()}</a>
                </p>
            </Notice>
        }
    };
    view! { {notice} }.into_any()
}

fn explanation(access: LocalAccess) -> (NoticeKind, &'static str) {
    match access {
        LocalAccess::Granted => {
            (NoticeKind::Note, "Some browsers, Safari among them, do not let a page from elsewhere reach this machine.")
        }
        LocalAccess::Prompt => (
            NoticeKind::Note,
            "After you press “Connect”, the browser asks whether this site may reach apps and devices on your machine \
             or local network. Choose “Allow”: the page asks no address but the one that you give.",
        ),
        LocalAccess::Denied => (NoticeKind::Problem, LOCAL_ACCESS_DENIED),
    }
}
