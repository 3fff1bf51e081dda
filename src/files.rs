//! Log files from disk: how one is chosen, and the page around its log. No server is asked, and nothing leaves the
//! machine. It gets state and callbacks as props and reads no file itself.

mod choose_file;
mod drop_zone;
mod file_page;

pub use choose_file::ChooseFile;
pub use drop_zone::DropZone;
pub use file_page::{FileFacts, FilePage, Reading};
