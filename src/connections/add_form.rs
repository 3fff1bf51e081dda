//! A new connection: what kind of server, where it is, and the token for it.

use agent_tasks::ServerAddress;
use agent_tasks::server::AddressProblem;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::entry::Entry;
use super::token_fields::{NewToken, TokenFields, TypedToken};
use crate::ui::{Button, ButtonKind, Field, memo};

/// A connection to add.
#[derive(Clone, PartialEq, Eq)]
pub struct NewConnection {
    /// For people.
    pub name: String,
    /// Where the server is.
    pub address: ServerAddress,
    /// The token for it.
    pub token: NewToken,
}

/// What kind of server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    /// GitHub.com.
    #[default]
    Github,
    /// GitHub Enterprise.
    Enterprise,
    /// A companion.
    Companion,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Github, Self::Enterprise, Self::Companion];

    const fn label(self) -> &'static str {
        match self {
            Self::Github => "GitHub.com",
            Self::Enterprise => "GitHub Enterprise",
            Self::Companion => "Companion",
        }
    }

    /// An address of this kind: it shows what to write, and stands in while none is there.
    const fn example(self) -> &'static str {
        match self {
            Self::Github => "github.com",
            Self::Enterprise => "github.example.com",
            Self::Companion => "127.0.0.1:4180",
        }
    }

    /// Reads an address of this kind.
    fn address(self, text: &str) -> Result<ServerAddress, AddressProblem> {
        match self {
            Self::Github => Ok(ServerAddress::github()),
            Self::Enterprise => ServerAddress::of_github_host(text),
            Self::Companion => ServerAddress::of_companion_host(text),
        }
    }
}

/// The form. With a given address it asks for the token alone.
#[component]
pub fn AddForm(
    /// What the forms share.
    entry: Entry,
    /// The only address that it may be about.
    #[prop(optional_no_strip)]
    given: Option<ServerAddress>,
    /// A connection was added.
    on_add: Callback<NewConnection>,
) -> impl IntoView {
    let is_given = given.is_some();
    let given = StoredValue::new(given);
    let kind = RwSignal::new(Kind::default());
    let host = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let typed = TypedToken::default();
    let is_checked = RwSignal::new(false);

    let parsed = memo(move || given.get_value().map_or_else(|| kind.get().address(&host.get()), Ok));
    let address = memo(move || {
        let stand_in = || kind.get().address(kind.get().example()).unwrap_or_else(|_| ServerAddress::github());
        parsed.get().unwrap_or_else(|_| stand_in())
    });
    let host_problem = Signal::derive(move || {
        let problem = parsed.get().err().filter(|_| is_checked.get());
        problem.map(|problem| format!("The page cannot connect there: {problem}."))
    });
    let placeholder = Signal::derive(move || kind.get().example().to_owned());
    let choose = move |chosen: Kind| {
        kind.set(chosen);
        is_checked.set(false);
        host.set(String::new());
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        is_checked.set(true);
        let (Ok(address), Some(token)) = (parsed.get_untracked(), typed.take()) else { return };
        let given_name = name.get_untracked().trim().to_owned();
        let given_name = if given_name.is_empty() { usual_name(&address) } else { given_name };
        // The next connection is another one: nothing of this stays in the fields.
        typed.clear();
        choose(Kind::default());
        name.set(String::new());
        on_add.run(NewConnection { name: given_name, address, token });
    };
    let host_field = move || {
        (kind.get() != Kind::Github)
            .then(|| view! { <Field label="Address" value=host placeholder problem=host_problem/> })
    };
    view! {
        <form class="token-form" on:submit=on_submit>
            {(!is_given).then(|| view! { <KindChoice kind choose=Callback::new(choose)/> {host_field} })}
            <TokenFields entry address typed/>
            <Field label="Name" value=name placeholder=Signal::derive(move || usual_name(&address.get()))/>
            <Button kind=ButtonKind::Primary>"Connect"</Button>
        </form>
    }
}

/// A server's name unless it is given another: the host of its pages.
fn usual_name(address: &ServerAddress) -> String {
    let origin = address.web_origin();
    origin.split_once("://").map_or(origin.as_str(), |(_, host)| host).to_owned()
}

/// Which kind of server.
#[component]
fn KindChoice(kind: RwSignal<Kind>, choose: Callback<Kind>) -> impl IntoView {
    // Several of these forms may be in the page; each is a group of its own.
    let group = format!("server-kind-{:x}", (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    let option = |option: Kind| {
        view! {
            <label class="kind-choice-option">
                <input
                    type="radio"
                    name=group.clone()
                    prop:checked=move || kind.get() == option
                    on:change=move |_| choose.run(option)
                />
                <span class="field-label">{option.label()}</span>
            </label>
        }
        .into_any()
    };
    let options: Vec<AnyView> = Kind::ALL.into_iter().map(option).collect();
    view! {
        <fieldset class="kind-choice">
            <legend class="field-label">"Server"</legend>
            {options}
        </fieldset>
    }
}
