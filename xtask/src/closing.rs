//! The lines with which test runners close, read so that the summary can
//! repeat them: Cargo's, pytest's, Node's, `XCTest`'s, and the plain `N passed, N failed`.

/// How the runners inside one program closed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Closing {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
    /// Tests that their own file leaves out.
    pub(crate) ignored: u64,
    /// What a conformance runner says it ran.
    pub(crate) conformance: Option<Conformance>,
    /// Closing lines seen.
    runners: u64,
}

/// `97 scenarios × 2 stores, 190 passed, 0 failed`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conformance {
    /// Scenarios in the files.
    pub(crate) scenarios: u64,
    /// Runs that ended as they must.
    pub(crate) passed: u64,
    /// Runs that did not.
    pub(crate) failed: u64,
}

impl Conformance {
    fn read(text: &str) -> Option<Self> {
        Some(Self {
            scenarios: count(text, "scenarios")?,
            passed: count(text, "passed")?,
            failed: count(text, "failed")?,
        })
    }
}

impl Closing {
    /// Reads one line without colours.
    pub(crate) fn see(&mut self, line: &str) {
        let line = line.trim();
        // Rust's test harness may have begun the line with the test's name.
        if let Some((_, rest)) = line.split_once("conformance: ") {
            self.conformance = Conformance::read(rest);
        }
        if line.starts_with("test result: ") || is_pytest(line) {
            self.runners += 1;
            self.passed += count(line, "passed").unwrap_or(0);
            self.failed += count(line, "failed").unwrap_or(0) + count(line, "error").unwrap_or(0);
            self.ignored += count(line, "ignored")
                .or_else(|| count(line, "skipped"))
                .unwrap_or(0);
        } else if let Some(totals) = maven(line) {
            self.runners += 1;
            let [run, failed, skipped] = totals;
            self.passed += run.saturating_sub(failed + skipped);
            self.failed += failed;
            self.ignored += skipped;
        } else if let Some((executed, skipped, failed)) = xctest(line) {
            // Every suite closes so, the outermost last: its line holds those before it.
            self.runners = 1;
            self.passed = executed.saturating_sub(skipped + failed);
            self.failed = failed;
            self.ignored = skipped;
        } else if let Some((word, number)) = node(line) {
            match word {
                "pass" => {
                    self.runners += 1;
                    self.passed += number;
                }
                "fail" => self.failed += number,
                "skipped" | "todo" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// What the summary says of it. A test that is left out is a fault, for who would
    /// notice? One that can't run on a platform is not compiled or collected there.
    pub(crate) fn notes(&self) -> Result<Vec<String>, String> {
        match (self.ignored, self.note()) {
            (0, note) => Ok(note.into_iter().collect()),
            (number, _) => Err(format!(
                "{number} tests were skipped: they must run, or not be there"
            )),
        }
    }

    /// One line; none where no runner closed.
    fn note(&self) -> Option<String> {
        let ignored = match self.ignored {
            0 => String::new(),
            number => format!(", {number} ignored"),
        };
        let runs = match self.runners {
            0 => return None,
            1 => String::new(),
            number => format!(" in {number} runs"),
        };
        Some(format!(
            "{} passed, {} failed{ignored}{runs}",
            self.passed, self.failed
        ))
    }
}

/// `=== 3 passed, 1 skipped in 0.10s ===`, or the same without bars under `-q`.
fn is_pytest(line: &str) -> bool {
    let line = line.trim_matches(['=', ' ']);
    let ends_in_seconds = line.rsplit_once(" in ").is_some_and(|(_, time)| {
        time.split(['s', ' '])
            .next()
            .is_some_and(|number| number.parse::<f64>().is_ok())
    });
    ends_in_seconds
        && ["passed", "failed", "error", "errors", "skipped"]
            .iter()
            .any(|word| count(line, word).is_some())
}

/// The number before a word: `count("2 failed, 3 passed", "passed")` is 3.
fn count(line: &str, word: &str) -> Option<u64> {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';' || c == '.')
        .filter(|w| !w.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| {
            pair.get(1)
                .is_some_and(|w| w.trim_end_matches('s') == word.trim_end_matches('s'))
        })
        .and_then(|pair| pair.first()?.parse().ok())
}

/// Maven's `[INFO] Tests run: 37, Failures: 0, Errors: 0, Skipped: 0` at the end: run, failed, skipped.
/// The line of one class goes on.
fn maven(line: &str) -> Option<[u64; 3]> {
    let (_, rest) = line.split_once("] Tests run: ")?;
    let mut numbers = [0; 4];
    let mut parts = rest.split(", ");
    for (place, word) in ["", "Failures: ", "Errors: ", "Skipped: "]
        .iter()
        .enumerate()
    {
        numbers[place] = parts.next()?.strip_prefix(word)?.trim().parse().ok()?;
    }
    let [run, failures, errors, skipped] = numbers;
    parts
        .next()
        .is_none()
        .then_some([run, failures + errors, skipped])
}

/// Node's `# pass 3` or `ℹ pass 3`.
fn node(line: &str) -> Option<(&str, u64)> {
    let rest = line
        .strip_prefix("# ")
        .or_else(|| line.strip_prefix("ℹ "))?;
    let (word, number) = rest.split_once(' ')?;
    Some((word, number.parse().ok()?))
}

/// `XCTest`'s `Executed 3 tests, with 1 test skipped and 0 failures (0 unexpected) in 0.01 (0.01) seconds`:
/// how many were executed, and of those skipped and failed.
fn xctest(line: &str) -> Option<(u64, u64, u64)> {
    let (executed, rest) = line.strip_prefix("Executed ")?.split_once(" test")?;
    let skipped = rest
        .split_once("with ")
        .and_then(|(_, rest)| rest.split_once(" skipped"))
        .and_then(|(number, _)| number.split(' ').next()?.parse().ok());
    Some((
        executed.parse().ok()?,
        skipped.unwrap_or(0),
        count(rest, "failures")?,
    ))
}

/// A line without the terminal's colour sequences.
pub(crate) fn plain(line: &str) -> String {
    let mut rest = line;
    let mut text = String::with_capacity(line.len());
    while let Some(start) = rest.find("\u{1b}[") {
        text.push_str(&rest[..start]);
        let after = &rest[start + 2..];
        let end = after
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or(after.len(), |end| end + 1);
        rest = &after[end..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(lines: &[&str]) -> Closing {
        let mut closing = Closing::default();
        for line in lines {
            closing.see(&plain(line));
        }
        closing
    }

    #[test]
    fn adds_up_cargos_binaries() {
        let closing = seen(&[
            "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ]);
        assert_eq!(
            closing.note().as_deref(),
            Some("6 passed, 3 failed, 1 ignored in 2 runs")
        );
    }

    #[test]
    fn reads_pytest_in_colour() {
        let closing = seen(&[
            "\u{1b}[31m==== \u{1b}[1m1 failed\u{1b}[0m, \u{1b}[32m12 passed\u{1b}[0m, 2 errors in 1.10s ====",
        ]);
        assert_eq!(closing.note().as_deref(), Some("12 passed, 3 failed"));
        assert_eq!(
            seen(&["7 passed in 61.02s (0:01:01)"]).note().as_deref(),
            Some("7 passed, 0 failed")
        );
    }

    #[test]
    fn reads_mavens_last_line_alone() {
        let closing = seen(&[
            "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.3 s -- in dev.keywright.HostTest",
            "[ERROR] Tests run: 37, Failures: 2, Errors: 1, Skipped: 0",
        ]);
        assert_eq!(closing.note().as_deref(), Some("34 passed, 3 failed"));
    }

    #[test]
    fn reads_node() {
        let closing = seen(&["ℹ tests 9", "ℹ pass 8", "ℹ fail 1", "ℹ skipped 0"]);
        assert_eq!(closing.note().as_deref(), Some("8 passed, 1 failed"));
    }

    #[test]
    fn reads_xctest_whose_last_line_holds_all() {
        let suite = "Executed 2 tests, with 1 failure (0 unexpected) in 0.1 (0.1) seconds";
        let all = "Executed 5 tests, with 1 failure (0 unexpected) in 0.4 (0.4) seconds";
        let closing = seen(&[
            "\t Executed 3 tests, with 0 failures (0 unexpected)",
            suite,
            all,
        ]);
        assert_eq!(closing.note().as_deref(), Some("4 passed, 1 failed"));
        let skipped = "Executed 3 tests, with 1 test skipped and 0 failures (0 unexpected)";
        assert_eq!(
            seen(&[skipped]).note().as_deref(),
            Some("2 passed, 0 failed, 1 ignored")
        );
    }

    #[test]
    fn reads_a_conformance_runner() {
        let line = "test every ... conformance: 97 scenarios × 2 stores, 190 passed, 1 failed";
        let read = seen(&[line]).conformance;
        let expected = Conformance {
            scenarios: 97,
            passed: 190,
            failed: 1,
        };
        assert_eq!(read, Some(expected));
    }

    #[test]
    fn other_output_is_no_closing_line() {
        assert_eq!(
            seen(&["Compiling x in 3 steps", "# a heading", "12 passed by"]),
            Closing::default()
        );
    }
}
