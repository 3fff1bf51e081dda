//! Browsers cut elements at some 33 million pixels. A taller document is scrolled in a shorter element:
//! the scroll bar's position is scaled, the rows are not.

/// The tallest element that is made, in pixels.
const ELEMENT_PX_MAX: f64 = 16_000_000.0;

/// How positions of the scroll bar and of the document belong together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scale {
    /// The height of the document.
    document: f64,
    /// The height of the screen.
    screen: f64,
}

impl Scale {
    /// The scale of a document of this height on a screen of that height.
    pub fn new(document: f64, screen: f64) -> Self {
        Self { document, screen }
    }

    /// The height of the element that scrolls.
    pub fn element(self) -> f64 {
        self.document.min(ELEMENT_PX_MAX)
    }

    /// The document's position for a position of the scroll bar.
    pub fn document_top(self, scroll_top: f64) -> f64 {
        scroll_top * self.ratio()
    }

    /// The scroll bar's position for a position in the document.
    pub fn scroll_top(self, document_top: f64) -> f64 {
        // Not `clamp`: its panic writes fractions, in code that weighs six kilobytes.
        (document_top / self.ratio()).max(0.0).min((self.element() - self.screen).max(0.0))
    }

    fn ratio(self) -> f64 {
        let scrollable = self.element() - self.screen;
        if self.document <= ELEMENT_PX_MAX || scrollable <= 0.0 {
            1.0
        } else {
            (self.document - self.screen) / scrollable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_document_are_within_reach() {
        for document in [100.0, 20_000.0, 16_000_000.0, 90_000_000.0] {
            let scale = Scale::new(document, 800.0);
            assert!(scale.element() <= ELEMENT_PX_MAX);
            let end = (document - 800.0_f64).max(0.0);
            assert!((scale.document_top(scale.scroll_top(end)) - end).abs() < 0.001, "{document}");
            assert_eq!(scale.scroll_top(0.0), 0.0);
        }
    }
}
