//! Finds text in a document, slice by slice: what an open step shows is searched, whether it is open or not.
//!
//! A [`Finder`] reads the document and no layout. It goes on where it stood when the document grows, and
//! searches again what was replaced. Ranges count the bytes of a row's words ([`crate::Content::words`]).

#[cfg(feature = "regex")]
mod expression;
mod facts;
mod hits;
mod lines;
mod prose;
mod query;
mod sieve;
mod single;

use crate::body::TextRows;
use crate::{DocumentId, LogDocument, Step};
use facts::Facts;
use hits::Hits;
use sieve::Sieve;

pub use hits::{Excerpt, HITS_KEPT_MAX, Hit, HitPart};
pub use query::{BadQuery, FindOptions, QUERY_BYTES_MAX, Query};

/// What it costs to look at a step or at a short row at all, in bytes of plain search.
const ROW_COST: usize = 64;
/// What it costs to search a byte of a row by itself, in bytes of plain search.
const WORDS_COST: usize = 8;
/// The same with a regular expression.
const EXPRESSION_COST: usize = 96;

/// A search that goes along with a document.
#[derive(Debug)]
pub struct Finder {
    query: Query,
    sieve: Sieve,
    /// The document whose changes are taken in, and its revision.
    document: Option<DocumentId>,
    revision: u64,
    /// What is searched of each step.
    places: Vec<Place>,
    /// The first step that was not searched to its end.
    next: usize,
    /// Steps before it that have changed, each once; the last one is searched first.
    stale: Vec<usize>,
    /// The step whose rows around its text are searched now.
    facts: Option<Facts>,
    hits: Hits,
    /// Room for folded letters.
    folded: Vec<u8>,
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Whether all of the document is searched.
    pub is_done: bool,
    /// The hits so far.
    pub total: usize,
    /// Whether this call found or dropped any.
    pub has_news: bool,
}

/// What is searched of a step.
#[derive(Debug, Clone, Default)]
struct Place {
    /// Whether it is one of the finder's stale steps.
    is_stale: bool,
    /// The version of the step whose rows around the text are searched.
    facts: Option<u32>,
    text: TextPlace,
}

/// What is searched of a step's text.
#[derive(Debug, Clone, Default)]
struct TextPlace {
    /// What its rows were.
    rows_are: Option<TextRows>,
    /// How often its end had been replaced.
    rewrites: u32,
    /// Its length when it was searched to its end.
    len: usize,
    /// Rows that no more text changes.
    rows: u32,
    /// Where the row after them starts.
    at: usize,
    /// The fence which that row starts inside of.
    fence: Box<str>,
    /// Bytes of that row that belong to a hit of the row before.
    spill: usize,
    /// Hits in the rows that more text may change.
    open_hits: u32,
}

/// What may still be searched in this call, in bytes of plain search.
struct Budget(usize);

impl Budget {
    fn spend(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes);
    }

    fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

impl Finder {
    /// A search that has not begun.
    pub fn new(query: Query) -> Self {
        let sieve = Sieve::new(&query);
        Self {
            query,
            sieve,
            document: None,
            revision: 0,
            places: Vec::new(),
            next: 0,
            stale: Vec::new(),
            facts: None,
            hits: Hits::default(),
            folded: Vec::new(),
        }
    }

    /// What is searched for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Searches on, for about as long as plain search takes for `budget_bytes` of output.
    pub fn advance(&mut self, document: &LogDocument, budget_bytes: usize) -> Progress {
        self.take_in(document);
        let changes = self.hits.changes();
        let mut budget = Budget(budget_bytes.max(1));
        while !budget.is_spent()
            && let Some(index) = self.current(document)
            && let Some(step) = document.step(index)
        {
            if self.places.len() == index {
                self.places.push(Place::default());
            }
            budget.spend(ROW_COST);
            if self.search(step, index, &mut budget) {
                if std::mem::take(&mut self.places[index].is_stale) {
                    self.stale.pop();
                }
                self.next = self.next.max(index + 1);
            }
        }
        Progress {
            is_done: self.current(document).is_none(),
            total: self.hits.total(),
            has_news: self.hits.changes() != changes,
        }
    }

    /// How many hits there are so far.
    pub fn total(&self) -> usize {
        self.hits.total()
    }

    /// The steps with hits, and how many they have.
    pub fn steps(&self) -> impl Iterator<Item = (usize, usize)> {
        self.hits.steps()
    }

    /// The hits that are kept, in the document's order: all up to [`HITS_KEPT_MAX`].
    pub fn hits(&self) -> &[Hit] {
        self.hits.kept()
    }

    /// The first hits of a step, as far as they are kept.
    pub fn first_in(&self, step: usize) -> &[Hit] {
        self.hits.first_in(step)
    }

    /// Notes what changed since the last call.
    fn take_in(&mut self, document: &LogDocument) {
        let before = self.document.replace(document.id());
        if before.is_some_and(|before| before != document.id()) {
            *self = Self { document: self.document, ..Self::new(self.query.clone()) };
        }
        if self.next > 0 {
            for index in document.changed_since(self.revision).filter(|&index| index < self.next) {
                if !std::mem::replace(&mut self.places[index].is_stale, true) {
                    self.stale.push(index);
                }
            }
        }
        self.revision = document.revision();
    }

    /// The step to search now.
    fn current(&self, document: &LogDocument) -> Option<usize> {
        self.stale.last().copied().or((self.next < document.steps()).then_some(self.next))
    }

    /// Searches on in a step; tells whether its end was reached.
    fn search(&mut self, step: &Step, index: usize, budget: &mut Budget) -> bool {
        if self.places[index].facts != Some(step.version) && !self.search_facts(step, index, budget) {
            return false;
        }
        let (place, rows_are) = (&mut self.places[index].text, TextRows::of(step));
        let is_same = place.rows_are == Some(rows_are) && place.rewrites == step.text.rewrites();
        if is_same && place.len == step.text.len() {
            return true;
        }
        if is_same {
            self.hits.cut_text(index, place.rows, place.open_hits);
            place.open_hits = 0;
        } else {
            self.hits.clear_text(index);
            *place = TextPlace {
                rows_are: Some(rows_are),
                rewrites: step.text.rewrites(),
                len: usize::MAX,
                ..TextPlace::default()
            };
        }
        let is_done = match rows_are {
            TextRows::None => true,
            TextRows::Lines => self.search_lines(&step.text, index, budget),
            TextRows::Prose => self.search_prose(&step.text, index, budget),
        };
        // Until the end is reached, no length of the text is the one that was searched.
        self.places[index].text.len = if is_done { step.text.len() } else { usize::MAX };
        is_done
    }

    /// What searching a row of so many bytes by itself costs.
    fn row_cost(&self, bytes: usize) -> usize {
        ROW_COST + bytes * if self.query.options().is_regex { EXPRESSION_COST } else { WORDS_COST }
    }
}
