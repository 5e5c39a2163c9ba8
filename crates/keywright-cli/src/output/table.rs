//! Tables for people: aligned columns that fit the terminal. Where there is no room, columns of
//! lesser weight are left out first, then names are cut; ids never are.

use crate::output::style::Style;
use crate::output::text::{safe, truncate, width};
use std::borrow::Cow;

/// The gap between two columns.
const GAP: usize = 2;
/// What a column that can be cut keeps at least.
const LEAST: usize = 10;

/// How a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Faint,
    Good,
    Careful,
    Bad,
}

impl Tone {
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Faint => style.dim(text),
            Self::Good => style.green(text),
            Self::Careful => style.yellow(text),
            Self::Bad => style.red(text),
        }
    }
}

/// One cell: text that is safe to show, and its tone.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

/// A plain cell of any text.
pub(crate) fn cell(text: &str) -> Cell {
    toned(text, Tone::Plain)
}

/// A cell of any text in a tone.
pub(crate) fn toned(text: &str, tone: Tone) -> Cell {
    Cell {
        text: safe(text).into_owned(),
        tone,
    }
}

/// What is known of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    /// 0 is always shown; of the others, the highest goes first.
    weight: u8,
    cut: bool,
}

impl Column {
    /// A column that is always shown, whole.
    pub(crate) const fn fixed(title: &'static str) -> Self {
        Self {
            title,
            weight: 0,
            cut: false,
        }
    }

    /// A column that is always shown, cut where there is no room.
    pub(crate) const fn cut(title: &'static str) -> Self {
        Self {
            title,
            weight: 0,
            cut: true,
        }
    }

    /// The same, left out where there is no room: of several the one of the highest weight first.
    pub(crate) const fn optional(self, weight: u8) -> Self {
        Self { weight, ..self }
    }

    fn least(&self, natural: usize) -> usize {
        if self.cut {
            natural.min(LEAST.max(self.title.len()))
        } else {
            natural
        }
    }
}

/// Rows under titles.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(columns: &[Column]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, with a cell for each column.
    pub(crate) fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        debug_assert_eq!(N, self.columns.len(), "a cell for each column");
        self.rows.push(cells.into());
    }

    /// The table in at most `room` columns of text, if there is a bound.
    pub(crate) fn render(&self, room: Option<usize>, style: Style) -> String {
        let natural: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let cells = self.rows.iter().filter_map(|row| row.get(at));
                cells
                    .map(|cell| width(&cell.text))
                    .chain([column.title.len()])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let shown = fit(&self.columns, &natural, room);
        let mut out = String::new();
        let titles = shown.iter().map(|(at, room)| {
            let title = self.columns.get(*at).map_or("", |column| column.title);
            (Cow::Borrowed(title), *room, Tone::Faint)
        });
        line(&mut out, titles, style);
        for row in &self.rows {
            let cells = shown.iter().filter_map(|(at, room)| {
                let cell = row.get(*at)?;
                Some((truncate(&cell.text, *room), *room, cell.tone))
            });
            line(&mut out, cells, style);
        }
        out
    }
}

/// Writes one line, each cell padded to its width but for the last.
fn line<'a>(
    out: &mut String,
    cells: impl Iterator<Item = (Cow<'a, str>, usize, Tone)>,
    style: Style,
) {
    let mut padding = 0;
    for (text, room, tone) in cells {
        out.extend(std::iter::repeat_n(' ', padding));
        out.push_str(&tone.paint(style, &text));
        padding = room.saturating_sub(width(&text)) + GAP;
    }
    out.push('\n');
}

/// Which columns are shown, and how wide each is.
fn fit(columns: &[Column], natural: &[usize], room: Option<usize>) -> Vec<(usize, usize)> {
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    let gaps = |shown: &[usize]| GAP * shown.len().saturating_sub(1);
    let Some(room) = room else {
        return shown.into_iter().zip(natural.iter().copied()).collect();
    };
    loop {
        let least: usize = shown
            .iter()
            .map(|at| columns[*at].least(natural[*at]))
            .sum();
        let heaviest = shown
            .iter()
            .copied()
            .filter(|at| columns[*at].weight > 0)
            .max_by_key(|at| columns[*at].weight);
        match heaviest {
            Some(heaviest) if least + gaps(&shown) > room => shown.retain(|at| *at != heaviest),
            _ => break,
        }
    }
    let mut widths: Vec<(usize, usize)> = shown.iter().map(|at| (*at, natural[*at])).collect();
    let mut excess =
        (widths.iter().map(|(_, width)| width).sum::<usize>() + gaps(&shown)).saturating_sub(room);
    // What is too much is taken from the widest column that can give.
    while excess > 0 {
        let widest = widths
            .iter_mut()
            .filter(|(at, width)| *width > columns[*at].least(natural[*at]))
            .max_by_key(|(_, width)| *width);
        let Some((_, width)) = widest else { break };
        *width -= 1;
        excess -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Style {
        Style::of_stream(false)
    }

    fn sample() -> Table {
        let mut table = Table::new(&[
            Column::fixed("ID"),
            Column::cut("NAME"),
            Column::fixed("CREATED").optional(1),
            Column::fixed("SECRET").optional(2),
        ]);
        table.row([
            cell("key_1"),
            cell("a rather long name"),
            cell("3 days ago"),
            cell("kw_live"),
        ]);
        table.row([cell("key_22"), cell("b"), cell("now"), cell("kw")]);
        table
    }

    #[test]
    fn columns_are_aligned_and_lines_have_no_blanks_at_their_end() {
        assert_eq!(
            sample().render(None, plain()),
            "ID      NAME                CREATED     SECRET\n\
             key_1   a rather long name  3 days ago  kw_live\n\
             key_22  b                   now         kw\n"
        );
    }

    #[test]
    fn names_are_cut_before_a_line_is_too_long() {
        let text = sample().render(Some(45), plain());
        assert!(text.contains("a rather long n\u{2026}"), "{text}");
        assert!(text.lines().all(|line| width(line) <= 45));
    }

    #[test]
    fn columns_are_left_out_where_cutting_names_is_not_enough() {
        let text = sample().render(Some(32), plain());
        assert!(
            text.starts_with("ID      NAME          CREATED\n"),
            "{text}"
        );
        let text = sample().render(Some(20), plain());
        assert_eq!(text.lines().nth(1), Some("key_1   a rather lo\u{2026}"));
    }

    #[test]
    fn an_id_is_never_cut() {
        assert!(sample().render(Some(1), plain()).contains("key_22"));
    }

    #[test]
    fn cells_show_nothing_that_steers_the_terminal() {
        let mut table = Table::new(&[Column::fixed("NAME")]);
        table.row([cell("\u{1b}[2Jx")]);
        assert_eq!(table.render(None, plain()), "NAME\n\\u{1b}[2Jx\n");
    }
}
