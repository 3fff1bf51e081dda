//! The open list of a menu, by the pattern that WAI-ARIA has for it: arrows walk, Escape and Tab leave, choosing one of
//! several or an action closes, ticking does not. It lies above everything: nothing that scrolls cuts it off.

use leptos::html::{Button, Div};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::px;

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

impl MenuItem {
    /// Something to do, in words.
    pub fn action(label: &str) -> Self {
        Self { value: label.to_owned(), label: label.to_owned(), kind: MenuItemKind::Action, group: "" }
    }
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

/// Whether a menu is open, and its button.
#[derive(Debug, Clone, Copy)]
pub struct MenuState {
    /// Whether it is open.
    pub is_open: RwSignal<bool>,
    /// The button. It stands beside the list, and both are all that their parent holds of the menu.
    pub button: NodeRef<Button>,
}

impl MenuState {
    /// A menu that is closed.
    pub fn closed() -> Self {
        Self { is_open: RwSignal::new(false), button: NodeRef::new() }
    }

    /// The button was pressed.
    pub fn toggle(self) {
        self.is_open.update(|is_open| *is_open = !*is_open);
    }

    /// A key was pressed on the button.
    pub fn on_key(self, event: &ev::KeyboardEvent) {
        let is_arrow = matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") && !event.alt_key();
        if is_arrow && !self.is_open.get_untracked() {
            event.prevent_default();
            self.is_open.set(true);
        }
    }

    /// Closes it; the button has the focus then.
    fn close(self) {
        self.is_open.try_set(false);
        if let Some(button) = self.button.try_get_untracked().flatten() {
            let _ = button.focus();
        }
    }
}

/// The open list, beside its button.
#[component]
pub fn MenuList(
    /// The menu's name.
    label: &'static str,
    state: MenuState,
    /// What there is to choose. Items may change but neither come nor go.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// The item at this place was chosen.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let on_choose_at = Callback::new(move |index: usize| {
        if items.with_untracked(|items| items.get(index).is_some_and(|item| item.kind.closes())) {
            state.close();
        }
        on_choose.run(index);
    });
    let on_key = move |event: ev::KeyboardEvent| {
        let count = items.with_untracked(Vec::len);
        let Some(list) = list.get_untracked().filter(|_| count > 0) else { return };
        let at = focused_item();
        let to = match (event.key().as_str(), at) {
            ("ArrowDown", at) => at.map_or(0, |at| (at + 1) % count),
            ("ArrowUp", at) => at.map_or(count - 1, |at| (at + count - 1) % count),
            ("Home", _) => 0,
            ("End", _) => count - 1,
            ("Escape", _) => {
                event.prevent_default();
                event.stop_propagation();
                return state.close();
            }
            // Tab goes on from the button.
            ("Tab", _) => return state.close(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus_item(&list, to);
    };
    // What takes the focus elsewhere closes it; a press on the button does that by itself. An open list that leaves the
    // page loses the focus too: there is nothing to close by then.
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let around = list.try_get_untracked().flatten().and_then(|list| list.parent_element());
        if !around.is_some_and(|around| to.is_some_and(|to| around.contains(Some(&to)))) {
            state.is_open.try_set(false);
        }
    };
    Effect::new(move |_| {
        let Some(list) = list.get() else { return };
        show(&list, state.button.get_untracked().as_ref());
        let first = items.with_untracked(|items| {
            items.iter().position(|item| item.kind == MenuItemKind::OneOf { is_chosen: true }).unwrap_or(0)
        });
        focus_item(&list, first);
    });
    view! {
        <div
            class="menu-list"
            role="menu"
            aria-label=label
            tabindex="-1"
            popover="manual"
            node_ref=list
            on:keydown=on_key
            on:focusout=on_leave
        >
            {item_views(items, on_choose_at)}
        </div>
    }
}

/// Puts the list above everything, beside its button.
fn show(list: &HtmlElement, button: Option<&web_sys::HtmlButtonElement>) {
    let _ = list.show_popover();
    let Some(button) = button else { return };
    let (button, rect) = (button.get_bounding_client_rect(), list.get_bounding_client_rect());
    let length = |size: Result<JsValue, JsValue>| size.ok().and_then(|size| size.as_f64()).unwrap_or_default();
    let (wide, tall) = (length(window().inner_width()), length(window().inner_height()));
    let has_room_below = button.bottom() + rect.height() <= tall;
    let has_room_beside = button.left() + rect.width() <= wide;
    let top = if has_room_below { button.bottom() } else { (button.top() - rect.height()).max(0.0) };
    let left = if has_room_beside { button.left() } else { (button.right() - rect.width()).max(0.0) };
    // The style sheet may have another place for it, as on a phone.
    for (property, length) in [("--menu-top", top), ("--menu-left", left)] {
        let _ = list.style().set_property(property, &px(length));
    }
}

fn item_views(items: Signal<Vec<MenuItem>>, on_choose_at: Callback<usize>) -> Vec<AnyView> {
    let all: Vec<(usize, MenuItem)> = items.get_untracked().into_iter().enumerate().collect();
    let view_of = |(index, item): &(usize, MenuItem)| {
        let index = *index;
        let checked = move || items.with(|items| items.get(index).and_then(|item| item.kind.checked()));
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
                {item.label.clone()}
            </button>
        }
        .into_any()
    };
    let group_of = |together: &[(usize, MenuItem)]| {
        let name = together.first().map_or("", |(_, item)| item.group);
        let views: Vec<AnyView> = together.iter().map(view_of).collect();
        if name.is_empty() {
            return views.into_any();
        }
        view! {
            <div role="group" class="menu-group" aria-label=name>
                <p class="menu-heading" aria-hidden="true">{name}</p>
                {views}
            </div>
        }
        .into_any()
    };
    all.chunk_by(|(_, a), (_, b)| a.group == b.group).map(group_of).collect()
}

fn focused_item() -> Option<usize> {
    document().active_element()?.get_attribute("data-item")?.parse().ok()
}

fn focus_item(list: &Element, index: usize) {
    let selector = ["[data-item='", &index.to_string(), "']"].concat();
    if let Ok(Some(item)) = list.query_selector(&selector) {
        let _ = item.unchecked_into::<HtmlElement>().focus();
    }
}
