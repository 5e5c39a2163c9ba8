//! Cards: one thing, told as labels and values.

use crate::output::style::Style;
use crate::output::table::Tone;
use crate::output::text::{safe, width};

/// How wide the labels are.
const LABELS: usize = 9;

/// Lines of a label and a value.
#[derive(Debug, Default)]
pub(crate) struct Card {
    lines: Vec<(&'static str, String, Tone)>,
}

impl Card {
    /// Adds a line with any text.
    pub(crate) fn line(&mut self, label: &'static str, value: &str) {
        self.toned(label, value, Tone::Plain);
    }

    /// Adds a line with any text in a tone.
    pub(crate) fn toned(&mut self, label: &'static str, value: &str, tone: Tone) {
        self.lines.push((label, safe(value).into_owned(), tone));
    }

    /// Adds a line for each value, with the label on the first.
    pub(crate) fn lines(&mut self, label: &'static str, values: impl IntoIterator<Item = String>) {
        for (place, value) in values.into_iter().enumerate() {
            self.line(if place == 0 { label } else { "" }, &value);
        }
    }

    /// The card as text.
    pub(crate) fn render(&self, style: Style) -> String {
        let mut out = String::new();
        for (label, value, tone) in &self.lines {
            let padding = LABELS.saturating_sub(width(label));
            out.push_str("  ");
            out.push_str(&style.dim(label));
            out.extend(std::iter::repeat_n(' ', padding + 2));
            out.push_str(&tone.paint(style, value));
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_under_each_other() {
        let mut card = Card::default();
        card.line("Name", "billing\u{7}");
        card.lines("Metadata", ["a=1".to_owned(), "b=2".to_owned()]);
        assert_eq!(
            card.render(Style::of_stream(false)),
            "  Name       billing\\u{7}\n  Metadata   a=1\n             b=2\n"
        );
    }
}
