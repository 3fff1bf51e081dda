//! The way to a hit: which one is gone to, and what is opened so that it can be seen.

use leptos::prelude::*;
use session_log::{Fold, Hit};

use super::aim::{Aim, Goal, Way};
use super::found::FoundHits;
use super::search::LogSearch;
use crate::session::seen_rows::{header_of, place_in_step};
use crate::ui::grouped;

impl LogSearch {
    /// Goes to the next or the previous hit: from the one that is looked at while it is near the screen, otherwise
    /// from where one reads. Opens the bar where it was closed.
    pub fn step(self, way: Way) {
        if !self.is_open().get_untracked() {
            self.is_quiet.set_value(!self.text.with_untracked(String::is_empty));
            return self.open();
        }
        if self.problem.with_untracked(Option::is_some) && self.query.with_untracked(Option::is_some) {
            self.problem.set(None);
            self.ask_again();
        }
        let present = self.found.with_untracked(FoundHits::present);
        let is_near = present.is_some_and(|hit| self.is_near(&hit));
        let beside = self.found.with_untracked(|found| found.beside(way)).filter(|_| is_near);
        let reader = self.screen.frame().with_untracked(|frame| frame.first_seen()).map_or(0, |row| row.step);
        let goal = beside.unwrap_or(match way {
            Way::Next => Goal::After(reader),
            Way::Previous => Goal::Before(reader),
        });
        self.goal.set_value(Some(goal));
        self.origin.set_value(None);
        self.pursue();
    }

    /// Goes to the hit of a rank.
    pub fn go_to_rank(self, rank: usize) {
        self.goal.set_value(Some(Goal::Rank { rank, is_wrapped: false }));
        self.pursue();
    }

    /// Goes where the reader wants to be taken, if that is known by now.
    pub(super) fn pursue(self) {
        let Some(goal) = self.goal.get_value() else { return };
        let here = self.screen.frame().with_untracked(|frame| frame.first_seen());
        let origin = self.origin.get_value();
        let aim = self.found.with_untracked(|found| {
            self.screen.with_layout(|layout| {
                found.aim(goal, |hit| match (origin, here) {
                    // A text that is typed on is found where its beginning was.
                    (Some(origin), _) if origin.step == hit.step => *hit < origin,
                    (_, Some(here)) if here.step == hit.step => {
                        layout.row_showing(hit).is_some_and(|row| place_in_step(row) < place_in_step(here))
                    }
                    (_, Some(_) | None) => false,
                })
            })
        });
        match aim {
            Aim::Hit { rank, is_wrapped } => {
                self.goal.set_value(None);
                let hit = self.found.try_update(|found| found.choose(rank)).flatten();
                if let Some(hit) = hit {
                    self.show(hit);
                    self.say(self.place_in_words(is_wrapped.then_some(goal)));
                }
            }
            Aim::Unknown(rank) => self.learn(rank),
            Aim::NotYet => {}
            Aim::Nothing => {
                self.goal.set_value(None);
                self.say("Nothing found".to_owned());
            }
        }
    }

    /// Says why what the reader wants to be taken to is not shown, and tries no more.
    pub(super) fn give_up(self, sentence: &str) {
        if self.goal.try_update_value(Option::take).flatten().is_some() {
            self.say(sentence.to_owned());
        }
    }

    /// Brings a hit to the screen; opens its step where it must, and closes the one that was opened for the hit before.
    fn show(self, hit: Hit) {
        let mut row = None;
        self.has_unfolded.set_value(false);
        let opened = self.opened.get_value();
        let passed = opened.filter(|(step, _)| *step != hit.step);
        self.screen.arrange(self.context, |layout, document| {
            if let Some((step, fold)) = passed.filter(|(step, _)| layout.fold(*step) == Fold::Open) {
                layout.set_fold(document, step, fold);
            }
            let fold = layout.fold(hit.step);
            row = layout.row_of_hit(document, &hit);
            let is_opened = fold != layout.fold(hit.step);
            let still = opened.filter(|(step, _)| *step == hit.step);
            self.opened.set_value(if is_opened { Some((hit.step, fold)) } else { still });
        });
        match row {
            Some(row) => self.screen.reveal(self.context, row),
            // Its step is not loaded: its header comes first.
            None => {
                self.awaited.set_value(Some(hit));
                self.screen.reveal(self.context, header_of(hit.step));
            }
        }
    }

    /// Looks again for the row of a hit that was not there.
    pub(super) fn look_again(self) {
        let Some(hit) = self.awaited.get_value() else { return };
        let is_present = self.found.with_untracked(|found| found.present() == Some(hit));
        // Whoever has scrolled on is not taken back.
        let is_here = self.screen.frame().with_untracked(|frame| frame.has(header_of(hit.step)));
        if !is_present || !is_here {
            self.awaited.set_value(None);
        } else if self.screen.with_layout(|layout| layout.row_showing(&hit).is_some()) {
            self.awaited.set_value(None);
            self.show(hit);
        }
    }

    /// Whether a hit's row, or its folded step's header, is near the screen.
    pub(super) fn is_near(self, hit: &Hit) -> bool {
        let row = self.screen.with_layout(|layout| layout.row_showing(hit));
        row.is_some_and(|row| self.screen.frame().with_untracked(|frame| frame.has(row)))
    }

    /// `Hit 3 of 10,412`, and that the way to it led over the end.
    fn place_in_words(self, over_end: Option<Goal>) -> String {
        let place = self.found.with_untracked(|found| {
            let rank = found.rank().map_or(0, |rank| rank + 1);
            ["Hit ", &grouped(rank), " of ", &grouped(found.total())].concat()
        });
        match over_end {
            None => place,
            Some(Goal::Before(_)) => place + ", from the end again",
            Some(Goal::Rank { rank, .. }) if rank > 0 => place + ", from the end again",
            Some(Goal::After(_) | Goal::Rank { .. }) => place + ", from the beginning again",
        }
    }
}
