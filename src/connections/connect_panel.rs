//! The way in when there is no token.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::store::Connection;
use crate::ui::{Button, ButtonKind, Notice, NoticeKind};

/// A token that a person typed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The token, without space around it.
    pub token: String,
    /// Whether it may outlive the tab.
    pub is_remembered: bool,
}

/// What to do to connect; nothing while the page is connected.
#[component]
pub fn ConnectPanel(
    /// The page's standing with its server.
    #[prop(into)]
    connection: Signal<Connection>,
    /// A token was given.
    on_connect: Callback<NewToken>,
) -> impl IntoView {
    let content = move || match connection.get() {
        Connection::Open { .. } => ().into_any(),
        Connection::Pairing => view! { <p class="connect-panel" role="status">"Connecting…"</p> }.into_any(),
        Connection::NoToken(problem) => view! { <TokenForm problem on_connect/> }.into_any(),
    };
    view! { {content} }
}

#[component]
fn TokenForm(problem: Option<String>, on_connect: Callback<NewToken>) -> impl IntoView {
    let token = RwSignal::new(String::new());
    let is_remembered = RwSignal::new(false);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let token = token.get_untracked().trim().to_owned();
        if !token.is_empty() {
            on_connect.run(NewToken { token, is_remembered: is_remembered.get_untracked() });
        }
    };
    view! {
        <section class="connect-panel" aria-label="Connect">
            <h2>"Connect to your agents"</h2>
            {problem.map(|sentence| view! { <Notice kind=NoticeKind::Problem>{sentence}</Notice> })}
            <p>
                "Run " <code>"flightdeck link"</code>
                " in a terminal on the machine where the server runs, and open the link that it prints."
            </p>
            <form on:submit=on_submit>
                <label class="field">
                    <span class="field-label">"Token"</span>
                    <input
                        type="password"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="or paste a token"
                        prop:value=token
                        on:input=move |event| token.set(event_target_value(&event))
                    />
                </label>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=is_remembered
                        on:change=move |event| is_remembered.set(event_target_checked(&event))
                    />
                    <span>
                        "Remember on this device"
                        <small>"Whoever can use this browser profile can then start agents as you."</small>
                    </span>
                </label>
                <Button kind=ButtonKind::Primary>"Connect"</Button>
            </form>
            <p class="connect-panel-note">
                <code>"flightdeck token new --label browser"</code> " makes a token. What you have typed on this page is kept."
            </p>
        </section>
    }
}
