//! A picture that an agent showed. Its bytes came with the log: nothing is loaded from anywhere.

use leptos::{html::Dialog, prelude::*};
use session_log::Picture;

/// The widest and the tallest that a picture is in the log, in pixels.
const SHOWN_PX: (u32, u32) = (480, 320);

/// A picture; a click shows it in full.
#[component]
pub fn PictureView(picture: Picture) -> impl IntoView {
    let (width, height) = fitted(picture.width, picture.height);
    let size = [&picture.width.to_string(), " × ", &picture.height.to_string()].concat();
    let name = if picture.name.is_empty() { "Picture from the agent" } else { &picture.name };
    let alt = [name, ", ", &size].concat();
    let kilobytes = picture.bytes().div_ceil(1024).to_string();
    let facts = [picture.format, ", ", &size, ", ", &kilobytes, " KB"].concat();
    let url = StoredValue::new(picture.url());
    let is_large = RwSignal::new(false);
    let full_alt = alt.clone();
    view! {
        <figure class="picture">
            <button type="button" class="picture-open" tabindex="-1" title="Show in full" on:click=move |_| is_large.set(true)>
                // Its place is kept while it is decoded: rows must not jump.
                <img src=url.get_value() alt=alt width=width.to_string() height=height.to_string() decoding="async" />
            </button>
            <figcaption class="picture-facts">{facts}</figcaption>
            <Show when=move || is_large.get()>
                <FullPicture url alt=full_alt.clone() is_large />
            </Show>
        </figure>
    }
}

/// The picture over the page, as large as it is.
#[component]
fn FullPicture(url: StoredValue<String>, alt: String, is_large: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Refused only where the element has just left the page.
            let _ = dialog.show_modal();
        }
    });
    let label = alt.clone();
    view! {
        <dialog class="picture-full" aria-label=label node_ref=dialog on:close=move |_| is_large.set(false)>
            <button type="button" class="picture-close" on:click=move |_| is_large.set(false)>"Close"</button>
            <div class="picture-scroll" tabindex="0">
                <img src=url.get_value() alt=alt />
            </div>
        </dialog>
    }
}

/// The size in the log, in pixels: in proportion, and never larger than the picture is.
fn fitted(width: u32, height: u32) -> (u32, u32) {
    let (wide, tall) = (u64::from(width), u64::from(height));
    let (most_wide, most_tall) = (u64::from(SHOWN_PX.0), u64::from(SHOWN_PX.1));
    let by_height = (wide * most_tall / tall.max(1)).max(1);
    let shown = wide.min(most_wide).min(by_height);
    (shown as u32, (shown * tall / wide.max(1)).clamp(1, most_tall) as u32)
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn pictures_keep_their_proportions() {
        for (size, shown) in [
            ((100, 50), (100, 50)),
            ((960, 320), (480, 160)),
            ((1_000, 1_000), (320, 320)),
            ((1, 65_535), (1, 320)),
            ((65_535, 1), (480, 1)),
        ] {
            assert_eq!(fitted(size.0, size.1), shown);
        }
    }
}
