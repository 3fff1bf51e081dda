//! The kit: controls and marks that know nothing of agents or tasks.

mod badge;
mod button;
mod count;
mod duration;
mod icon;
mod memo;
mod notice;
mod px;
mod select;
mod skeleton;
mod time;

pub use badge::Badge;
pub use button::{Button, ButtonKind};
pub use count::counted;
pub use duration::{ago, elapsed};
pub use icon::{Icon, Symbol};
pub use memo::memo;
pub use notice::{Notice, NoticeKind};
pub use px::px;
pub use select::{Choice, Select};
pub use skeleton::Skeleton;
pub use time::{Elapsed, RelativeTime};
