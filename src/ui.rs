//! The kit: controls and marks that know nothing of agents or tasks.

mod badge;
mod button;
mod bytes;
mod check;
mod copy_text;
mod count;
mod duration;
mod field;
mod icon;
mod mark;
mod memo;
mod menu;
mod notice;
mod px;
mod select;
mod skeleton;
mod time;
mod toolbar;

pub use badge::Badge;
pub use button::{Button, ButtonKind};
pub use bytes::bytes_words;
pub use check::Check;
pub use copy_text::copy_text;
pub use count::{counted, grouped};
pub use duration::{ago, elapsed};
pub use field::Field;
pub use icon::{Icon, Symbol};
pub use mark::Mark;
pub use memo::memo;
pub use menu::{Menu, MenuItem, MenuItemKind};
pub use notice::{Notice, NoticeKind};
pub use px::px;
pub use select::{Choice, Select};
pub use skeleton::Skeleton;
pub use time::{Elapsed, Moment, RelativeTime, clock_seconds, clock_time, exact_time};
pub use toolbar::Toolbar;
