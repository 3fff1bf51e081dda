//! Search by the server, for what is not loaded: asked again until all is searched, and when the log has grown.

use std::time::Duration;

use agent_tasks::{SearchHit, SearchPart, SearchQuery, SearchWindow};
use leptos::prelude::*;
use session_log::{Excerpt, Hit, HitPart, LogDocument, Query};

use super::search::LogSearch;

/// How many hits one answer tells.
const PAGE_HITS: usize = 200;
/// How long the next question waits while the server still searches.
const UNFINISHED: Duration = Duration::from_millis(50);
/// How long it waits when the log has grown.
const GROWN: Duration = Duration::from_secs(1);

/// Asks the server; its answer comes back by the callback within.
pub type Ask = Callback<(SearchQuery, Callback<Result<SearchWindow, String>>)>;

/// How a search is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asking {
    /// Whether an answer is to come, or a slice.
    pub is_busy: bool,
    /// Whether something was found that is not told yet.
    pub has_news: bool,
    /// When it was told last what was found, in milliseconds since the page began.
    pub told_at: f64,
    /// The event up to which the server has searched.
    last_seq: u64,
    /// The first rank that was asked for last.
    skip: usize,
    /// The rank that is asked for next.
    next: Option<usize>,
}

impl LogSearch {
    /// Asks for what is found by now, unless an answer is on its way or there is nothing new.
    pub(super) fn ask_on(self, ask: Ask) {
        let last_seq = self.context.document.with_untracked(LogDocument::last_seq);
        let is_first = self.asking.with_value(|asking| asking.last_seq == 0);
        let asking = self.asking.get_value();
        if self.query.with_untracked(Option::is_none) || asking.is_busy || (!is_first && last_seq <= asking.last_seq) {
            return;
        }
        if is_first {
            return self.send(ask, asking.skip);
        }
        self.send_later(ask, GROWN);
    }

    /// Asks for the hits around a rank.
    pub(super) fn ask_for(self, ask: Ask, rank: usize) {
        let skip = rank - rank % PAGE_HITS;
        if self.asking.with_value(|asking| asking.is_busy) {
            self.asking.update_value(|asking| asking.next = (asking.skip != skip).then_some(skip));
        } else {
            self.send(ask, skip);
        }
    }

    fn send(self, ask: Ask, skip: usize) {
        let query = self.query.with_untracked(|query| Some(question(query.as_ref()?, skip)));
        let Some(query) = query else { return };
        self.asking.update_value(|asking| (asking.is_busy, asking.skip) = (true, skip));
        let round = self.round.get_value();
        // An answer outlives what asked for it, until the page is gone or the answer is there.
        let search = self.owner.try_with_value(|owner| owner.as_ref()?.upgrade()).flatten();
        let Some(owner) = search.map(|search| search.child()) else { return };
        let asked = owner.clone();
        let on_answer = owner.with(|| {
            Callback::new(move |answer| {
                let asked = asked.clone();
                queue_microtask(move || asked.cleanup());
                // Something else may be searched for by now.
                if self.round.try_get_value() == Some(round) {
                    self.asking.update_value(|asking| asking.is_busy = false);
                    self.on_answer(ask, skip, answer);
                }
            })
        });
        ask.run((query, on_answer));
    }

    fn on_answer(self, ask: Ask, skip: usize, answer: Result<SearchWindow, String>) {
        let window = match answer {
            Ok(window) => window,
            Err(sentence) => return self.problem.set(Some(sentence)),
        };
        let (is_done, last_seq) = (window.is_done, window.last_seq);
        self.problem.set(None);
        self.found.update(|found| found.take_answer(skip, window));
        self.asking.update_value(|asking| asking.last_seq = last_seq.max(1));
        self.pursue();
        let asking = self.asking.get_value();
        if asking.is_busy {
            return;
        }
        let is_grown = self.context.document.with_untracked(LogDocument::last_seq) > last_seq;
        match asking.next {
            Some(next) => {
                self.asking.update_value(|asking| asking.next = None);
                self.send(ask, next);
            }
            None if !is_done => self.send_later(ask, UNFINISHED),
            None if is_grown => self.send_later(ask, GROWN),
            None => {}
        }
    }

    /// Asks again after a while. Hits that are needed meanwhile are asked for then.
    fn send_later(self, ask: Ask, wait: Duration) {
        let round = self.round.get_value();
        self.asking.update_value(|asking| asking.is_busy = true);
        set_timeout(
            move || {
                if self.round.try_get_value() == Some(round) {
                    let skip = self.asking.try_update_value(|asking| asking.next.take().unwrap_or(asking.skip));
                    self.send(ask, skip.unwrap_or_default());
                }
            },
            wait,
        );
    }
}

impl super::found::FoundHits {
    /// Takes in an answer whose first hit has the rank `skip`.
    fn take_answer(&mut self, skip: usize, window: SearchWindow) {
        let counts = window.steps.iter().map(|it| (it.step as usize, it.count as usize));
        self.take_counts(counts, window.is_done);
        let (hits, excerpts) = window.hits.into_iter().map(told).unzip();
        self.take_run(skip, hits, excerpts);
    }
}

fn question(query: &Query, skip: usize) -> SearchQuery {
    let options = query.options();
    SearchQuery {
        q: query.text().to_owned(),
        case: options.is_case_sensitive,
        word: options.is_whole_word,
        regex: options.is_regex,
        skip: Some(skip as u64),
        limit: Some(PAGE_HITS as u32),
    }
}

fn told(hit: SearchHit) -> (Hit, Excerpt) {
    let part = match hit.part {
        SearchPart::Header => HitPart::Header,
        SearchPart::Above => HitPart::Above(hit.row),
        SearchPart::Text => HitPart::Text(hit.row),
        SearchPart::Below => HitPart::Below(hit.row),
    };
    let place = Hit { step: hit.step as usize, part, from: hit.from, to: hit.to };
    (place, Excerpt { before: hit.before, hit: hit.hit, after: hit.after })
}

#[cfg(test)]
mod tests {
    use super::super::found::FoundHits;
    use super::*;
    use agent_tasks::StepHits;
    use session_log::FindOptions;

    #[test]
    fn an_answer_tells_hits_by_rank_with_their_surroundings() {
        let hit = |row| SearchHit {
            step: 4,
            part: SearchPart::Text,
            row,
            from: 2,
            to: 4,
            before: "a ".into(),
            hit: "bc".into(),
            after: " d".into(),
            ..SearchHit::default()
        };
        let window = SearchWindow {
            last_seq: 9,
            is_done: true,
            total: 300,
            steps: vec![StepHits { step: 1, count: 199 }, StepHits { step: 4, count: 101 }],
            hits: vec![hit(5), hit(6)],
        };
        let mut found = FoundHits::default();
        found.take_answer(200, window);
        assert_eq!((found.total(), found.is_done()), (300, true));
        assert_eq!(found.hit(201), Some(Hit { step: 4, part: HitPart::Text(6), from: 2, to: 4 }));
        assert_eq!(found.excerpt(200).map(|it| it.hit.as_str()), Some("bc"));
        assert_eq!((found.hit(199), found.hit(202)), (None, None));
    }

    #[test]
    fn a_question_says_all_that_was_chosen() {
        let options = FindOptions { is_whole_word: true, ..FindOptions::default() };
        let asked = question(&Query::new("x", options).unwrap(), 400);
        assert_eq!((asked.q.as_str(), asked.case, asked.word, asked.regex), ("x", false, true, false));
        assert_eq!((asked.skip, asked.limit), (Some(400), Some(200)));
    }
}
