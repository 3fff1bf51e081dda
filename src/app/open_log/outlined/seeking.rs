//! The outline around a step that the reader goes to.

use std::rc::Rc;

use agent_tasks::OutlineQuery;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session_log::LogDocument;

use super::{FIRST_STEPS, Outlined};

impl Outlined {
    /// The reader goes to the step that an event began: the outline around it is read unless it is there.
    pub(in crate::app::open_log) fn seek(self: &Rc<Self>, seq: u64) {
        self.sought.set(Some(seq));
        self.pump();
    }

    /// Asks for the outline around the event that is sought.
    pub(super) fn look_for(self: &Rc<Self>) {
        let is_known = |document: &LogDocument, seq| seq > document.last_seq() || document.find_seq(seq).is_some();
        let Some(seq) = self.sought.take() else { return };
        if self.log.document.try_with_untracked(|document| is_known(document, seq)) != Some(false) {
            return;
        }
        let (outlined, opening) = (Rc::downgrade(self), self.opening.get());
        let whose = self.whose.clone();
        spawn_local(async move {
            let query = OutlineQuery { seq: Some(seq), limit: Some(FIRST_STEPS), ..OutlineQuery::default() };
            let answer = whose.client.outline(&whose.id, &query).await;
            let Some(outlined) = outlined.upgrade().filter(|outlined| outlined.opening.get() == opening) else {
                return;
            };
            let failure = match answer {
                Ok(window) if outlined.tell(&window) => return outlined.log.failure.set(None),
                Ok(_) => None,
                Err(failure) => Some(failure),
            };
            if outlined.sought.get().is_none() && outlined.opening.get() == opening {
                outlined.sought.set(Some(seq));
                let delay_ms = outlined.queue.borrow_mut().delay_ms();
                outlined.pause(failure.as_ref(), delay_ms);
            }
        });
    }
}
