//! Memos in little code.

use leptos::prelude::Memo;

/// A memo. `Memo::new` is compiled once for each closure; this, once for each type of value.
pub fn memo<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let value: Box<dyn Fn() -> T + Send + Sync> = Box::new(value);
    Memo::new(move |_| value())
}
