//! A button with a menu, by the pattern that WAI-ARIA has for it: arrows walk, Escape and Tab leave, choosing one of
//! several or an action closes, ticking does not.

use leptos::html::{Button, Div};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Something to choose in a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// What is chosen.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// What choosing it does.
    pub kind: MenuItemKind,
    /// The heading that it stands under with its neighbours; none when empty.
    pub group: &'static str,
}

/// What choosing an item does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuItemKind {
    /// Does something.
    Action,
    /// Takes this one in place of its neighbours.
    OneOf {
        /// Whether it is taken.
        is_chosen: bool,
    },
    /// Ticks it, or takes the tick away.
    Tick {
        /// Whether it is ticked.
        is_ticked: bool,
    },
}

impl MenuItemKind {
    const fn role(self) -> &'static str {
        match self {
            Self::Action => "menuitem",
            Self::OneOf { .. } => "menuitemradio",
            Self::Tick { .. } => "menuitemcheckbox",
        }
    }

    const fn checked(self) -> Option<&'static str> {
        match self {
            Self::Action => None,
            Self::OneOf { is_chosen: true } | Self::Tick { is_ticked: true } => Some("true"),
            Self::OneOf { is_chosen: false } | Self::Tick { is_ticked: false } => Some("false"),
        }
    }

    const fn closes(self) -> bool {
        match self {
            Self::Action | Self::OneOf { .. } => true,
            Self::Tick { .. } => false,
        }
    }
}

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
    let is_open = RwSignal::new(false);
    let button = NodeRef::<Button>::new();
    let popup = NodeRef::<Div>::new();
    let place = NodeRef::<Div>::new();

    let close = move || {
        is_open.try_set(false);
        if let Some(button) = button.try_get_untracked().flatten() {
            let _ = button.focus();
        }
    };
    let on_choose_at = Callback::new(move |index: usize| {
        let Some(item) = items.with_untracked(|items| items.get(index).cloned()) else { return };
        if item.kind.closes() {
            close();
        }
        on_choose.run(item.value);
    });
    let on_button_key = move |event: ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") && !is_open.get_untracked() {
            event.prevent_default();
            is_open.set(true);
        }
    };
    let on_menu_key = move |event: ev::KeyboardEvent| {
        let count = items.with_untracked(Vec::len);
        let Some(popup) = popup.get_untracked().filter(|_| count > 0) else { return };
        let at = focused_item();
        let to = match (event.key().as_str(), at) {
            ("ArrowDown", at) => at.map_or(0, |at| (at + 1) % count),
            ("ArrowUp", at) => at.map_or(count - 1, |at| (at + count - 1) % count),
            ("Home", _) => 0,
            ("End", _) => count - 1,
            ("Escape", _) => {
                event.prevent_default();
                event.stop_propagation();
                return close();
            }
            // Tab goes on from the button.
            ("Tab", _) => return close(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus_item(&popup, to);
    };
    // What takes the focus elsewhere closes it. An open menu that leaves the page loses the focus too: there is nothing
    // to close by then.
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let stays =
            place.try_get_untracked().flatten().is_some_and(|place| to.is_some_and(|to| place.contains(Some(&to))));
        if !stays {
            is_open.try_set(false);
        }
    };
    Effect::new(move |_| {
        let Some(popup) = popup.get().filter(|_| is_open.get()) else { return };
        let first = items.with_untracked(|items| {
            items.iter().position(|item| item.kind == MenuItemKind::OneOf { is_chosen: true }).unwrap_or(0)
        });
        focus_item(&popup, first);
    });

    view! {
        <div class="menu" node_ref=place on:focusout=on_leave>
            <button
                type="button"
                class="menu-button toolbar-tool"
                aria-haspopup="menu"
                aria-expanded=move || is_open.get().to_string()
                node_ref=button
                on:keydown=on_button_key
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                <span class="menu-label">{label}</span>
                <span class="menu-chosen">{chosen}</span>
            </button>
            <Show when=move || is_open.get()>
                <div class="menu-popup" role="menu" aria-label=label tabindex="-1" node_ref=popup on:keydown=on_menu_key>
                    {item_views(items, on_choose_at)}
                </div>
            </Show>
        </div>
    }
}

fn item_views(items: Signal<Vec<MenuItem>>, on_choose_at: Callback<usize>) -> Vec<AnyView> {
    let mut group = "";
    let mut views = Vec::new();
    for (index, item) in items.get_untracked().into_iter().enumerate() {
        if item.group != group {
            group = item.group;
            views.push(view! { <p class="menu-group" role="presentation">{group}</p> }.into_any());
        }
        let checked = move || items.with(|items| items.get(index).and_then(|item| item.kind.checked()));
        views.push(
            view! {
                <button
                    type="button"
                    class="menu-item"
                    role=item.kind.role()
                    tabindex="-1"
                    data-item=index.to_string()
                    aria-checked=checked
                    on:click=move |_| on_choose_at.run(index)
                >
                    {item.label}
                </button>
            }
            .into_any(),
        );
    }
    views
}

fn focused_item() -> Option<usize> {
    document().active_element()?.get_attribute("data-item")?.parse().ok()
}

fn focus_item(popup: &Element, index: usize) {
    let selector = ["[data-item='", &index.to_string(), "']"].concat();
    if let Ok(Some(item)) = popup.query_selector(&selector) {
        let _ = item.unchecked_into::<HtmlElement>().focus();
    }
}
