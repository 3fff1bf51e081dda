//! The tool calls of a session, by the names that events use. Open calls are remembered whole, ended ones
//! only for a while: a session may make any number of them.

use std::collections::BTreeMap;

use super::tool_call::ToolCall;

/// So many ended calls are remembered whole: an agent may say more of one just after its end.
const WHOLE_MAX: usize = 64;
/// When so many of the agent's names are remembered, they are forgotten.
const NAMES_MAX: usize = 20_000;

/// The tool calls of one session.
#[derive(Default)]
pub struct Calls {
    /// The open calls and the newest ended ones, the oldest first.
    whole: Vec<ToolCall>,
    /// How many calls took each of the agent's names.
    taken: BTreeMap<String, usize>,
}

impl Calls {
    /// The agent's call `id`; `is_new` when the agent begins it. A new call under the name of an ended one
    /// gets a name of its own. `None` for one that ended long ago.
    pub fn get(&mut self, id: &str, is_new: bool) -> Option<&mut ToolCall> {
        let times = self.taken.get(id).copied().unwrap_or_default();
        let name = if times < 2 { id.to_owned() } else { numbered(id, times) };
        let known = self.whole.iter().position(|call| call.start().tool_call_id == name);
        // Its name may have been forgotten before it.
        let times = times.max(usize::from(known.is_some()));
        let is_over = known.is_none_or(|at| self.whole[at].has_ended());
        if times > 0 && !(is_new && is_over) {
            return known.map(|at| &mut self.whole[at]);
        }
        self.forget_old();
        let name = self.take_name(id, times);
        self.whole.push(ToolCall::new(name));
        self.whole.last_mut()
    }

    /// The calls that are remembered whole.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut ToolCall> {
        self.whole.iter_mut()
    }

    fn forget_old(&mut self) {
        let ended = self.whole.iter().filter(|call| call.has_ended()).count();
        if ended > WHOLE_MAX
            && let Some(oldest) = self.whole.iter().position(ToolCall::has_ended)
        {
            self.whole.remove(oldest);
        }
    }

    /// The name of the next call that the agent calls `id`, after `times` others.
    fn take_name(&mut self, id: &str, times: usize) -> String {
        // An agent may itself have a call of such a name.
        let is_free = |number: &usize| *number == 1 || !self.taken.contains_key(&numbered(id, *number));
        let number = (times + 1..).find(is_free).expect("there are more numbers than calls");
        if self.taken.len() == NAMES_MAX {
            self.taken.clear();
        }
        self.taken.insert(id.to_owned(), number);
        if number == 1 { id.to_owned() } else { numbered(id, number) }
    }
}

fn numbered(id: &str, number: usize) -> String {
    format!("{id}#{number}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Worktree;

    fn play(calls: &mut Calls, id: &str) -> String {
        let call = calls.get(id, true).unwrap();
        let update = serde_json::json!({"toolCallId": id, "title": "x", "status": "completed"});
        call.update(&update, &Worktree::new(Path::new("/w")), "", false);
        call.start().tool_call_id.clone()
    }

    #[test]
    fn any_number_of_calls_takes_little_memory_and_none_takes_the_name_of_another() {
        let mut calls = Calls::default();
        assert_eq!([play(&mut calls, "a"), play(&mut calls, "a"), play(&mut calls, "a")], ["a", "a#2", "a#3"]);
        assert_eq!([play(&mut calls, "b#2"), play(&mut calls, "b"), play(&mut calls, "b")], ["b#2", "b", "b#3"]);
        assert!(calls.get("open", true).is_some());
        for number in 0..2 * NAMES_MAX - 1_000 {
            play(&mut calls, &format!("c{number:06}"));
        }
        assert!(calls.whole.len() <= WHOLE_MAX + 3 && calls.taken.len() <= NAMES_MAX);
        assert!(!calls.whole[0].has_ended(), "an open call is never forgotten");
        assert!(calls.get("c038990", false).is_some(), "more may be said of one that has just ended");
        assert!(calls.get("c038900", false).is_none(), "and not of one that ended long ago");
    }
}
