//! The Agents page: the prompt field and the list of tasks. It gets state and callbacks as props and
//! sends nothing itself.

mod list_notices;
mod offer;
mod prompt_form;
mod prompt_pickers;
mod pull_mark;
mod start;
mod task_group;
mod task_list;
mod task_place;
mod task_row;
mod window;

pub use prompt_form::PromptForm;
pub use start::Start;
pub use task_list::TaskList;
pub use task_row::StatusBadge;
