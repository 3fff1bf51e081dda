//! The tool calls of a session, by the names that events use. Open calls are remembered whole, ended ones
//! only for a while: a session may make any number of them.

use std::collections::{BTreeMap, VecDeque};

use super::tool_call::ToolCall;

/// So many ended calls are remembered whole: an agent may say more of one just after its end.
const WHOLE_MAX: usize = 64;
/// And of so many it is remembered that they were there, so that a call that takes a name again gets another.
const NAMES_MAX: usize = 20_000;

/// The tool calls of one session.
#[derive(Default)]
pub struct Calls {
    /// The open calls and the newest ended ones.
    whole: BTreeMap<String, ToolCall>,
    /// How many calls took each of the agent's names.
    taken: BTreeMap<String, usize>,
    /// The ended ones of these, the oldest first.
    ended: VecDeque<String>,
}

impl Calls {
    /// The agent's call `id`; `is_new` when the agent begins it. A new call under the name of an ended one
    /// gets a name of its own. `None` for one that ended long ago.
    pub fn get(&mut self, id: &str, is_new: bool) -> Option<&mut ToolCall> {
        let times = self.taken.get(id).copied().unwrap_or_default();
        let current = if times < 2 { id.to_owned() } else { numbered(id, times) };
        let is_over = self.whole.get(&current).is_none_or(ToolCall::has_ended);
        if times > 0 && !(is_new && is_over) {
            return self.whole.get_mut(&current);
        }
        let name = self.take_name(id, times);
        Some(self.whole.entry(name.clone()).or_insert_with(|| ToolCall::new(name)))
    }

    /// Takes note that the call of that name has ended.
    pub fn note_end(&mut self, name: &str) {
        if self.ended.iter().any(|known| known == name) {
            return;
        }
        self.ended.push_back(name.to_owned());
        if self.ended.len() > WHOLE_MAX
            && let Some(oldest) = self.ended.pop_front()
        {
            self.whole.remove(&oldest);
        }
    }

    /// The calls that are remembered whole.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut ToolCall> {
        self.whole.values_mut()
    }

    /// The name of the next call that the agent calls `id`, after `times` others.
    fn take_name(&mut self, id: &str, times: usize) -> String {
        // An agent may itself have a call of such a name.
        let is_free = |number: &usize| *number == 1 || !self.taken.contains_key(&numbered(id, *number));
        let number = (times + 1..).find(is_free).expect("there are more numbers than calls");
        self.taken.insert(id.to_owned(), number);
        if self.taken.len() > NAMES_MAX {
            self.taken.pop_first();
        }
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
        let name = call.start().tool_call_id.clone();
        calls.note_end(&name);
        name
    }

    #[test]
    fn any_number_of_calls_takes_little_memory_and_none_takes_the_name_of_another() {
        let mut calls = Calls::default();
        assert_eq!([play(&mut calls, "a"), play(&mut calls, "a"), play(&mut calls, "a")], ["a", "a#2", "a#3"]);
        assert_eq!([play(&mut calls, "b#2"), play(&mut calls, "b"), play(&mut calls, "b")], ["b#2", "b", "b#3"]);
        assert!(calls.get("open", true).is_some());
        for number in 0..2 * NAMES_MAX {
            play(&mut calls, &format!("c{number:06}"));
        }
        assert_eq!((calls.whole.len(), calls.ended.len()), (WHOLE_MAX + 1, WHOLE_MAX));
        assert!(calls.taken.len() <= NAMES_MAX);
        assert!(calls.get("open", false).is_some(), "an open call is never forgotten");
        assert!(calls.get("c039990", false).is_some(), "more may be said of one that has just ended");
        assert!(calls.get("c039000", false).is_none(), "and not of one that ended long ago");
    }
}
