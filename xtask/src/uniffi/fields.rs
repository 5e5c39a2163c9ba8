//! Fields by the names that a language gives them, in the documentation that Rust's words came with.

use std::collections::BTreeMap;

/// Fields whose name is another one in Rust, by that one.
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Those of these names.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names = names.map(|name| (snake(name), name.to_owned()));
        Self(names.filter(|(theirs, ours)| theirs != ours).collect())
    }

    /// A line of documentation with the language's own names: `expires_at` is `expiresAt`.
    pub(super) fn documented(&self, line: &str) -> String {
        self.0.iter().fold(line.to_owned(), |line, (theirs, ours)| {
            // As a word of its own: events have names in `snake_case`.
            [
                (format!("`{theirs}`"), format!("`{ours}`")),
                (format!(" {theirs}`"), format!(" {ours}`")),
            ]
            .iter()
            .fold(line, |line, (from, to)| line.replace(from, to))
        })
    }
}

/// `createdAt` → `created_at`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_names_fields_as_the_language_does() {
        let fields = Fields::of(["refillAmount", "unit"].into_iter());
        let cases = [
            ("     * See `refill_amount`.", "     * See `refillAmount`."),
            (
                "     * While `now < refill_amount`.",
                "     * While `now < refillAmount`.",
            ),
            (
                "     * For example `x.refill_amount`.",
                "     * For example `x.refill_amount`.",
            ),
            ("     * The unit.", "     * The unit."),
        ];
        for (before, after) in cases {
            assert_eq!(fields.documented(before), after);
        }
    }
}
