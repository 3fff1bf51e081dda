//! Search by the server, for what is not loaded: asked again until all is searched, and when the log has grown.

use std::collections::BTreeSet;
use std::time::Duration;

use agent_tasks::{SearchHit, SearchPart, SearchQuery, SearchWindow};
use leptos::prelude::*;
use session_log::{Excerpt, Hit, HitPart, LogDocument, Query};

use super::found::FoundHits;
use super::local::now_ms;
use super::search::LogSearch;

/// How many hits one answer tells, and how many are found again at once in the page.
pub(super) const PAGE_HITS: usize = 200;
/// How long it waits when the log has grown.
const GROWN: Duration = Duration::from_secs(1);
/// How long it waits after a failure; each further one doubles it.
const FAILED: Duration = Duration::from_secs(2);
/// How often it may be doubled.
const DOUBLED_MAX: u32 = 5;
/// So many steps with hits are told again with every answer; where there are more, this seldom.
const STEPS_OFTEN_MAX: usize = 1_000;
const STEPS_EVERY_MS: f64 = 1_000.0;

/// What is said where a server counts hits and does not tell them.
const UNTOLD: &str = "The server does not tell where this hit is. Search for something rarer";

/// Asks the server; its answer comes back by the callback within.
pub type Ask = Callback<(SearchQuery, Callback<Result<SearchWindow, String>>)>;

/// How a search by the server is doing.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    /// Whether an answer is to come.
    is_busy: bool,
    /// The event up to which the server has searched.
    last_seq: u64,
    /// The first rank that was asked for last.
    skip: usize,
    /// The first ranks for which nothing was told though all was searched: lists do not ask for them again.
    untold: BTreeSet<usize>,
    /// The hit that is asked for next, by its rank.
    next: Option<usize>,
    /// Counts the questions: one that waits is dropped when another one is asked.
    turn: u32,
    /// How often in a row there was no answer.
    failures: u32,
    /// When the steps with hits were told last, in milliseconds since the page began.
    counted_at: f64,
}

impl Asking {
    /// Notes that there was no answer; tells how long to wait before it is asked again.
    fn fail(&mut self) -> Duration {
        self.failures += 1;
        FAILED * (1 << (self.failures - 1).min(DOUBLED_MAX))
    }
}

impl LogSearch {
    /// Lets the server read the log already while one still types.
    pub(super) fn prepare(ask: Ask) {
        ask.run((SearchQuery::default(), Callback::new(|_| ())));
    }

    /// Asks for what is found by now, unless an answer is on its way or there is nothing new.
    pub(super) fn ask_on(self, ask: Ask) {
        let last_seq = self.context.document.with_untracked(LogDocument::last_seq);
        let (is_busy, known_seq, skip) =
            self.asking.with_value(|asking| (asking.is_busy, asking.last_seq, asking.skip));
        let is_first = known_seq == 0;
        if self.query.with_untracked(Option::is_none) || is_busy || (!is_first && last_seq <= known_seq) {
            return;
        }
        if is_first {
            return self.send(ask, skip);
        }
        self.send_later(ask, GROWN);
    }

    /// Asks for the hit of a rank, with others around it.
    pub(super) fn ask_for(self, ask: Ask, rank: usize) {
        // What was not answered is asked for again at once.
        if self.asking.with_value(|asking| asking.is_busy && asking.failures == 0) {
            self.asking.update_value(|asking| asking.next = Some(rank));
        } else {
            self.send(ask, self.skip_to(rank));
        }
    }

    /// The rank from which an answer has to tell hits so that the one of `rank` is among them.
    fn skip_to(self, rank: usize) -> usize {
        self.found.with_untracked(|found| found.skip_to(rank))
    }

    /// Whether the server has searched all and does not tell the hit of a rank.
    pub(super) fn is_untold(self, rank: usize) -> bool {
        let skip = self.skip_to(rank);
        self.asking.with_value(|asking| asking.untold.contains(&skip))
    }

    /// The hit that is asked for next, if it is not known by now.
    fn take_next(self) -> Option<usize> {
        let next = self.asking.try_update_value(|asking| asking.next.take()).flatten();
        next.filter(|&rank| self.found.with_untracked(|found| found.hit(rank).is_none()))
    }

    fn send(self, ask: Ask, skip: usize) {
        let has_few = self.found.with_untracked(|found| found.steps().len() <= STEPS_OFTEN_MAX);
        let has_steps = self
            .asking
            .with_value(|asking| has_few || skip != asking.skip || now_ms() - asking.counted_at >= STEPS_EVERY_MS);
        let query = self.query.with_untracked(|query| Some(question(query.as_ref()?, skip, has_steps)));
        let Some(query) = query else { return };
        self.asking.update_value(|asking| (asking.is_busy, asking.skip, asking.turn) = (true, skip, asking.turn + 1));
        let turn = self.asking.with_value(|asking| asking.turn);
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
                let is_newest = self.asking.try_with_value(|asking| asking.turn) == Some(turn);
                if self.round.try_get_value() == Some(round) && is_newest {
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
            Err(sentence) => {
                self.problem.set(Some(sentence));
                let wait = self.asking.try_update_value(Asking::fail).unwrap_or(FAILED);
                return self.send_later(ask, wait);
            }
        };
        let (is_done, last_seq) = (window.is_done, if window.is_cut { u64::MAX } else { window.last_seq });
        let has_steps = window.steps.is_some();
        // Where hits are counted and not told, asking at once would be answered in the same way.
        let is_told = has_steps && (!window.hits.is_empty() || window.total <= skip as u64);
        self.problem.set(None);
        self.found.update(|found| found.take_answer(skip, window));
        self.asking.update_value(|asking| {
            (asking.last_seq, asking.failures) = (last_seq.max(1), 0);
            if has_steps {
                asking.counted_at = now_ms();
            }
            if is_done && !is_told {
                asking.untold.insert(skip);
            }
        });
        if is_told {
            self.pursue();
        } else if is_done {
            self.give_up(UNTOLD);
        }
        if self.asking.with_value(|asking| asking.is_busy) {
            return;
        }
        let is_grown = self.context.document.with_untracked(LogDocument::last_seq) > last_seq;
        match self.take_next() {
            Some(rank) if is_told => self.send(ask, self.skip_to(rank)),
            // The server takes its time for each answer.
            Some(_) | None if !is_done => self.send(ask, skip),
            Some(_) | None if is_grown => self.send_later(ask, GROWN),
            Some(_) | None => {}
        }
    }

    /// Asks again after a while. Hits that are needed meanwhile are asked for then.
    fn send_later(self, ask: Ask, wait: Duration) {
        let round = self.round.get_value();
        self.asking.update_value(|asking| asking.is_busy = true);
        let turn = self.asking.with_value(|asking| asking.turn);
        set_timeout(
            move || {
                let is_newest = self.asking.try_with_value(|asking| asking.turn) == Some(turn);
                if self.round.try_get_value() == Some(round) && is_newest {
                    let next = self.take_next().map(|rank| self.skip_to(rank));
                    self.send(ask, next.unwrap_or_else(|| self.asking.with_value(|asking| asking.skip)));
                }
            },
            wait,
        );
    }
}

impl FoundHits {
    /// The rank from which hits are asked for so that the one of `rank` comes: that of the first one of its page; its
    /// own where that one is known, as an answer may end before its page does.
    pub(super) fn skip_to(&self, rank: usize) -> usize {
        let first = rank - rank % PAGE_HITS;
        if self.hit(first).is_some() { rank } else { first }
    }

    /// Takes in an answer whose first hit has the rank `skip`.
    fn take_answer(&mut self, skip: usize, window: SearchWindow) {
        // Ranks mean nothing without the counts of the steps before.
        let Some(steps) = window.steps else { return };
        let counts = steps.iter().map(|it| (it.step as usize, it.count as usize));
        self.take_counts(counts, window.is_done);
        self.note_cut(window.is_cut);
        let (hits, excerpts) = window.hits.into_iter().map(told).unzip();
        self.take_run(skip, hits, excerpts);
    }
}

fn question(query: &Query, skip: usize, has_steps: bool) -> SearchQuery {
    let options = query.options();
    SearchQuery {
        q: query.text().to_owned(),
        case: options.is_case_sensitive,
        word: options.is_whole_word,
        regex: options.is_regex,
        steps: (!has_steps).then_some(false),
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
            is_cut: true,
            steps: Some(vec![StepHits { step: 1, count: 199 }, StepHits { step: 4, count: 101 }]),
            hits: vec![hit(5), hit(6)],
        };
        let without = SearchWindow { steps: None, is_done: false, ..window.clone() };
        let mut found = FoundHits::default();
        found.take_answer(200, window);
        assert_eq!((found.total(), found.is_done()), (300, true));
        assert_eq!(found.hit(201), Some(Hit { step: 4, part: HitPart::Text(6), from: 2, to: 4 }));
        assert_eq!(found.excerpt(200).map(|it| it.hit.as_str()), Some("bc"));
        assert_eq!((found.hit(199), found.hit(202)), (None, None));
        assert!(found.is_cut());
        found.take_answer(0, without);
        assert_eq!((found.total(), found.hit(0)), (300, None), "ranks mean nothing without the counts");
    }

    #[test]
    fn hits_are_asked_for_by_pages_and_by_their_rank_where_a_page_came_in_part() {
        let mut found = FoundHits::default();
        found.take_counts([(1, 900)].into_iter(), true);
        assert_eq!((found.skip_to(0), found.skip_to(399), found.skip_to(400)), (0, 200, 400));
        found.take_run(200, (0..20).map(|row| super::super::found::tests::hit(1, row)).collect(), Vec::new());
        assert_eq!((found.skip_to(219), found.skip_to(220), found.skip_to(399)), (219, 220, 399));
    }

    #[test]
    fn what_fails_is_asked_again_ever_later() {
        let mut asking = Asking::default();
        let waits: Vec<u64> = (0..7).map(|_| asking.fail().as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 64]);
    }

    #[test]
    fn a_question_says_all_that_was_chosen() {
        let options = FindOptions { is_whole_word: true, ..FindOptions::default() };
        let asked = question(&Query::new("x", options).unwrap(), 400, false);
        assert_eq!(asked.steps, Some(false));
        assert_eq!((asked.q.as_str(), asked.case, asked.word, asked.regex), ("x", false, true, false));
        assert_eq!((asked.skip, asked.limit), (Some(400), Some(200)));
    }
}
