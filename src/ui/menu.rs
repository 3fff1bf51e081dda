//! A button with a menu: it says what is chosen.

use leptos::prelude::*;

use super::menu_list::{MenuItem, MenuList, MenuState};

/// A button that opens a menu.
#[component]
pub fn Menu(
    /// The menu's name.
    label: &'static str,
    /// What the button says beside it: what is chosen.
    #[prop(into)]
    chosen: Signal<String>,
    /// What there is to choose. While the menu is open, items may change but neither come nor go.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// Something was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    let state = MenuState::closed();
    let on_choose_at = Callback::new(move |index: usize| {
        if let Some(item) = items.with_untracked(|items| items.get(index).cloned()) {
            on_choose.run(item.value);
        }
    });
    view! {
        <div class="menu">
            <button
                type="button"
                class="menu-button toolbar-tool"
                aria-haspopup="menu"
                aria-expanded=move || state.is_open.get().to_string()
                node_ref=state.button
                on:keydown=move |event| state.on_key(&event)
                on:click=move |_| state.toggle()
            >
                <span class="menu-label">{label}</span>
                <span class="menu-chosen">{chosen}</span>
            </button>
            <Show when=move || state.is_open.get()>
                <MenuList label state items on_choose=on_choose_at />
            </Show>
        </div>
    }
}
