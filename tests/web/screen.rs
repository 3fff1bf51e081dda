//! A mounted part of the page, and what a person can see and do with it.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Function;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Frames to wait for a condition: about five seconds.
const FRAMES_MAX: usize = 300;

thread_local! {
    /// Takes the screen away that is in the page. A test that fails drops nothing: the next one does it.
    static LEFT: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
}

/// A mounted view; gone from the document when dropped, or when the next one is shown.
pub struct Screen<M: Mountable> {
    place: HtmlElement,
    mounted: Rc<Cell<Option<UnmountHandle<M>>>>,
}

/// Mounts a view.
pub fn show<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Screen<impl Mountable> {
    if let Some(left) = LEFT.take() {
        // What failed may fail again: here that is caught.
        drop(Closure::once_into_js(left).unchecked_into::<Function>().call0(&JsValue::NULL));
    }
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let mounted = Rc::new(Cell::new(Some(mount_to(place.clone(), view))));
    let screen = Screen { place, mounted };
    let (place, mounted) = (screen.place.clone(), Rc::clone(&screen.mounted));
    LEFT.set(Some(Box::new(move || {
        place.remove();
        drop(mounted.take());
    })));
    screen
}

impl<M: Mountable> Screen<M> {
    /// All elements that match a selector.
    pub fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.place.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|index| found.item(index)).map(JsCast::unchecked_into).collect()
    }

    /// The control with this label: its `aria-label`, its `<label>`, or its text.
    pub fn labelled<T: JsCast>(&self, label: &str) -> T {
        self.all("button, textarea, select, input, a, section")
            .into_iter()
            .find(|element| name_of(element) == label)
            .unwrap_or_else(|| panic!("nothing is labelled {label:?} in {}", self.text()))
            .unchecked_into()
    }

    /// Whether a control with this label is there.
    pub fn has_labelled(&self, label: &str) -> bool {
        self.all("button, textarea, select, input, a, section").iter().any(|element| name_of(element) == label)
    }

    /// Everything that can be read.
    pub fn text(&self) -> String {
        self.place.inner_text()
    }

    /// Waits until `condition` holds.
    pub async fn until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        until(condition_on(self, condition)).await.unwrap_or_else(|()| panic!("never came: {what}; {}", self.text()));
    }
}

impl<M: Mountable> Drop for Screen<M> {
    fn drop(&mut self) {
        self.place.remove();
        drop(self.mounted.take());
    }
}

fn condition_on<'a, S>(screen: &'a S, condition: impl Fn(&S) -> bool + 'a) -> impl Fn() -> bool + 'a {
    move || condition(screen)
}

/// Waits, frame by frame, until `condition` holds.
pub async fn until(condition: impl Fn() -> bool) -> Result<(), ()> {
    for _ in 0..FRAMES_MAX {
        if condition() {
            return Ok(());
        }
        next_frame().await;
    }
    Err(())
}

/// Waits for the next frame.
pub async fn next_frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| drop(window().request_animation_frame(&resolve)));
    JsFuture::from(promise).await.unwrap();
}

/// What a person would type into a field.
pub fn type_into(field: &Element, text: &str) {
    js_sys::Reflect::set(field, &"value".into(), &text.into()).unwrap();
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    field.dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &options).unwrap()).unwrap();
}

/// What a person would choose in a list.
pub fn choose(list: &Element, value: &str) {
    js_sys::Reflect::set(list, &"value".into(), &value.into()).unwrap();
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    list.dispatch_event(&web_sys::Event::new_with_event_init_dict("change", &options).unwrap()).unwrap();
}

/// Presses a key where the focus is: `j`, `Shift+Enter`, `Ctrl+f`, `Alt+KeyR`.
pub fn press(keys: &str) {
    let (held, key) = keys.rsplit_once('+').unwrap_or(("", keys));
    let init = web_sys::KeyboardEventInit::new();
    init.set_key(key);
    init.set_code(key);
    init.set_ctrl_key(held.contains("Ctrl"));
    init.set_alt_key(held.contains("Alt"));
    init.set_shift_key(held.contains("Shift"));
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    let place = document().active_element().unwrap_or_else(|| document().body().unwrap().into());
    place.dispatch_event(&event).unwrap();
}

fn name_of(element: &HtmlElement) -> String {
    if let Some(label) = element.get_attribute("aria-label") {
        return label;
    }
    match element.closest("label") {
        Ok(Some(label)) => label
            .query_selector(".visually-hidden, .field-label, .check-label")
            .unwrap()
            .map(|text| text.text_content().unwrap_or_default())
            .unwrap_or_default(),
        Ok(None) | Err(_) => element.text_content().unwrap_or_default().trim().to_owned(),
    }
}
