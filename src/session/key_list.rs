//! The list of the log's keys, and the switch that turns single letters off.

use leptos::{html::Dialog, prelude::*};

use super::shortcut::shortcuts;
use crate::store::LogChoices;
use crate::ui::Check;

/// The list, over the page.
#[component]
pub fn KeyList(
    /// How this reader likes logs.
    choices: RwSignal<LogChoices>,
    /// Whether it is shown.
    is_listed: RwSignal<bool>,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let on_switch = Callback::new(move |is_on: bool| choices.update(|choices| choices.has_no_letter_keys = !is_on));
    let on_close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // Gives the focus back, then tells that it is closed.
            dialog.close();
        }
    };
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Refused only where the element has just left the page.
            let _ = dialog.show_modal();
        }
    });
    let keys = shortcuts().iter().map(|shortcut| {
        let kbd = |key: &&str| view! { <kbd>{key_in_words(key)}</kbd> };
        view! {
            <div class="key-list-key">
                <dt>{shortcut.keys.iter().map(kbd).collect::<Vec<_>>()}</dt>
                <dd>{shortcut.does}</dd>
            </div>
        }
    });
    view! {
        <dialog class="key-list" aria-label="Keys of the log" node_ref=dialog on:close=move |_| is_listed.set(false)>
            <h2 class="key-list-title">"Keys of the log"</h2>
            <dl class="key-list-keys">{keys.collect::<Vec<_>>()}</dl>
            <Check
                label="Single letters act"
                hint="While the focus is in the log or nowhere. Ctrl or \u{2318} with F or G, and F3, always find."
                is_checked=Signal::derive(move || choices.with(|choices| !choices.has_no_letter_keys))
                on_change=on_switch
            />
            <button type="button" class="key-list-close" on:click=on_close>"Close"</button>
        </dialog>
    }
}

/// `Shift P`, `p`, `/`, `Alt ↓`.
fn key_in_words(key: &str) -> String {
    if let Some(key) = key.strip_prefix("Alt+") {
        return ["Alt ", &key_in_words(key)].concat();
    }
    let arrows = [("ArrowUp", "↑"), ("ArrowDown", "↓"), ("ArrowLeft", "←"), ("ArrowRight", "→")];
    if let Some((_, sign)) = arrows.iter().find(|(name, _)| *name == key) {
        return (*sign).to_owned();
    }
    if key.chars().all(|char| char.is_ascii_uppercase()) { ["Shift ", key].concat() } else { key.to_owned() }
}
