//! The token: where it comes from, what it must be allowed, where it is kept.

use agent_tasks::ServerAddress;
use leptos::prelude::*;

use super::entry::{Entry, Keeping};
use super::local_access_notice::LocalAccessNotice;
use super::permission_table::PermissionTable;
use crate::ui::{Check, Field, memo};

/// Where a GitHub makes fine-grained tokens, below its pages.
const NEW_TOKEN_PAGE: &str = "/settings/personal-access-tokens/new";

/// A token that a person typed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The token, without space around it.
    pub token: String,
    /// Whether it may outlive the tab.
    pub is_remembered: bool,
}

/// What is typed into the fields.
#[derive(Clone, Copy, Default)]
pub struct TypedToken {
    token: RwSignal<String>,
    is_remembered: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
}

impl TypedToken {
    /// The token; without one, the field says that it is missing.
    pub fn take(self) -> Option<NewToken> {
        let token = self.token.get_untracked().trim().to_owned();
        let problem = token.is_empty().then(|| "Paste a token first.".to_owned());
        self.problem.set(problem);
        (!token.is_empty()).then(|| NewToken { token, is_remembered: self.is_remembered.get_untracked() })
    }

    /// Leaves nothing of it in the page.
    pub fn clear(self) {
        self.token.set(String::new());
        self.is_remembered.set(false);
    }
}

/// How to get a token, the field for it, and the choice to keep it.
#[component]
pub fn TokenFields(
    /// What the forms share.
    entry: Entry,
    /// The server that the token is for.
    address: Memo<ServerAddress>,
    /// What is typed.
    typed: TypedToken,
) -> impl IntoView {
    let is_local = memo(move || address.with(ServerAddress::is_loopback));
    let own_page = memo(move || address.with(|address| format!("{}/", address.origin())));
    let local = move || is_local.get().then(|| view! { <LocalAccessNotice entry own_page/> });
    view! {
        {move || how_to_get(entry, &address.get())}
        {local}
        <Field label="Token" value=typed.token is_secret=true problem=typed.problem/>
        <RememberCheck
            keeping=entry.keeping
            is_checked=typed.is_remembered
            on_change=Callback::new(move |is_remembered| typed.is_remembered.set(is_remembered))
        />
    }
}

/// Where a token for the server comes from, and what it must be allowed. A server whose tokens may do everything
/// makes them itself.
fn how_to_get(entry: Entry, address: &ServerAddress) -> AnyView {
    let permissions = (entry.needed)(address);
    if permissions.is_empty() {
        return view! {
            <p>
                "Run " <code>"flightdeck link"</code>
                " in a terminal on the machine where the server runs, and open the link that it prints. Or make a token with "
                <code>"flightdeck token new --label browser"</code> " and paste it here."
            </p>
        }
        .into_any();
    }
    let link = address.web_origin() + NEW_TOKEN_PAGE;
    view! {
        <p>
            <a href=link target="_blank" rel="noopener noreferrer">"Make a fine-grained token"</a>
            " for the repositories that agents may work in, with a short lifetime and these permissions:"
        </p>
        <PermissionTable permissions/>
    }
    .into_any()
}

/// Whether the token may outlive the tab, with the risk; with the reason where it may not.
#[component]
pub fn RememberCheck(
    keeping: Keeping,
    #[prop(into)] is_checked: Signal<bool>,
    on_change: Callback<bool>,
) -> impl IntoView {
    let hint = match keeping {
        Keeping::Allowed => {
            "Otherwise the token goes with the last tab of this page. Remembered, whoever can use this browser profile can start agents as you."
        }
        Keeping::SharedOrigin => {
            "Not here: this page shares its address with other people’s pages, and they could read what is stored. The token goes with this tab."
        }
    };
    let is_disabled = keeping == Keeping::SharedOrigin;
    view! { <Check label="Remember on this device" hint is_checked is_disabled on_change/> }
}
