//! One unambiguous byte form for whatever a MAC covers: every part is preceded by its length, and
//! what may be absent says so.

/// Collects parts; two different sequences of parts never give the same bytes.
#[derive(Debug, Default)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Begins with a label that names the kind of thing and the version of its form.
    #[must_use]
    pub fn new(label: &str) -> Self {
        let mut out = Self(Vec::with_capacity(512));
        out.bytes(label.as_bytes());
        out
    }

    /// Adds bytes.
    pub fn bytes(&mut self, part: &[u8]) -> &mut Self {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
        self
    }

    /// Adds text.
    pub fn text(&mut self, part: &str) -> &mut Self {
        self.bytes(part.as_bytes())
    }

    /// Adds what has a text form.
    pub fn shown(&mut self, part: &dyn std::fmt::Display) -> &mut Self {
        use std::io::Write;
        let at = self.0.len();
        self.0.extend_from_slice(&[0; 8]);
        // Straight into its place: this runs for every verify. A vector takes all that is written.
        let _ = write!(self.0, "{part}");
        let len = (self.0.len() - at - 8) as u64;
        self.0[at..at + 8].copy_from_slice(&len.to_be_bytes());
        self
    }

    /// Adds a number.
    pub fn number(&mut self, part: u64) -> &mut Self {
        self.bytes(&part.to_be_bytes())
    }

    /// Adds text that may be absent; absent and empty differ.
    pub fn maybe(&mut self, part: Option<&str>) -> &mut Self {
        match part {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    /// Adds a list: its length, then each item.
    pub fn list<S: AsRef<str>>(&mut self, items: &[S]) -> &mut Self {
        self.number(items.len() as u64);
        for item in items {
            self.text(item.as_ref());
        }
        self
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
