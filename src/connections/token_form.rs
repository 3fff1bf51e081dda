//! The token for a server that the page knows already.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::entry::Entry;
use super::token_fields::{NewToken, TokenFields, TypedToken};
use crate::store::{Connection, Standing};
use crate::ui::{Button, ButtonKind, Notice, NoticeKind, memo};

/// The form; what was typed is kept until the server takes it.
#[component]
pub fn TokenForm(
    /// What the forms share.
    entry: Entry,
    /// The server.
    connection: Memo<Option<Connection>>,
    /// A token was given.
    on_connect: Callback<NewToken>,
) -> impl IntoView {
    let typed = TypedToken::default();
    let address = connection.with_untracked(|connection| connection.as_ref().map(|it| it.address.clone()));
    let problem = memo(move || match connection.get()?.standing {
        Standing::NoToken(problem) => problem,
        Standing::Entering | Standing::Open { .. } => None,
    });
    let is_entering =
        memo(move || connection.with(|it| it.as_ref().is_some_and(|it| it.standing == Standing::Entering)));
    let disabled_reason = Signal::derive(move || is_entering.get().then(|| "The server is being asked".to_owned()));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(token) = typed.take().filter(|_| !is_entering.get_untracked()) {
            on_connect.run(token);
        }
    };
    address.map(|address| {
        let address = memo(move || address.clone());
        view! {
            <form class="token-form" on:submit=on_submit>
                {move || problem.get().map(|sentence| view! { <Notice kind=NoticeKind::Problem>{sentence}</Notice> })}
                <TokenFields entry address typed/>
                <Button kind=ButtonKind::Primary disabled_reason>
                    {move || if is_entering.get() { "Connecting…" } else { "Connect" }}
                </Button>
            </form>
        }
    })
}
