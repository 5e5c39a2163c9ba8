//! `keywright import`

use crate::app::App;
use crate::args::data::Import;
use crate::failure::{Failure, Outcome, Status, reason};
use crate::output::json;
use crate::output::progress::Progress;
use crate::output::text::{count, safe};
use crate::store::Access;
use keywright::{Error, ErrorCode, ImportRecord, KeyManager, RefusedRecord};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// How many records are handed over at once.
const AT_ONCE: usize = 500;
/// The longest line, in bytes.
const LONGEST: usize = 1024 * 1024;

/// A line that was not taken over.
#[derive(Serialize)]
struct RefusedLine {
    line: u64,
    code: String,
    message: String,
}

/// What came of an import.
#[derive(Default, Serialize)]
struct Summary {
    object: &'static str,
    imported: u64,
    refused: Vec<RefusedLine>,
}

pub(crate) fn run(app: &App, args: &Import) -> Outcome {
    let mut source = open(&args.file)?;
    app.with_store(Access::Add, async |keys| {
        let mut import = Running {
            app,
            keys,
            summary: Summary {
                object: "import",
                ..Summary::default()
            },
            progress: Progress::new(&app.out, "record", false),
            waiting: Vec::new(),
            untold: Vec::new(),
        };
        let outcome = import.read(&mut source).await;
        import.tell_of_refused();
        let Running {
            summary, progress, ..
        } = import;
        progress.finish();
        // Also of an import that was cut short: what was taken over stays.
        tell(app, &summary)?;
        outcome?;
        Ok(if summary.refused.is_empty() {
            Status::Done
        } else {
            Status::Refused
        })
    })
}

fn open(file: &Path) -> Outcome<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    match File::open(file) {
        Ok(opened) => Ok(Box::new(BufReader::with_capacity(64 * 1024, opened))),
        Err(error) => Err(Failure::usage(format!(
            "{} can't be opened: {}",
            file.display(),
            reason(&error)
        ))
        .hint("name a file of JSON lines, or - for standard input")),
    }
}

struct Running<'a> {
    app: &'a App,
    keys: &'a KeyManager,
    summary: Summary,
    progress: Progress,
    /// Records that were understood and not handed over yet, with the numbers of their lines.
    waiting: Vec<(u64, ImportRecord)>,
    /// Lines that were refused and not told of yet, as others before them may be.
    untold: Vec<RefusedLine>,
}

impl Running<'_> {
    async fn read(&mut self, source: &mut dyn BufRead) -> Outcome<()> {
        let mut number = 0;
        loop {
            let line = next_line(source)
                .map_err(|error| Failure::io("the records can't be read", &error))?;
            let Some(line) = line else { break };
            number += 1;
            match parse(&line) {
                Ok(None) => {}
                Ok(Some(record)) => self.waiting.push((number, record)),
                Err(error) => self.refuse(number, error.code.as_str(), &error.message),
            }
            if self.waiting.len() + self.untold.len() >= AT_ONCE {
                self.hand_over().await?;
            }
        }
        self.hand_over().await
    }

    async fn hand_over(&mut self) -> Outcome<()> {
        let (numbers, records): (Vec<_>, Vec<_>) = self.waiting.drain(..).unzip();
        let report = self.keys.import_keys(records).await?;
        self.summary.imported += report.imported.len() as u64;
        for RefusedRecord {
            index,
            code,
            message,
        } in report.refused
        {
            let place = usize::try_from(index)
                .ok()
                .and_then(|index| numbers.get(index));
            self.refuse(place.copied().unwrap_or_default(), &code, &message);
        }
        self.tell_of_refused();
        self.progress
            .at(self.summary.imported + self.summary.refused.len() as u64);
        Ok(())
    }

    fn refuse(&mut self, line: u64, code: &str, message: &str) {
        self.untold.push(RefusedLine {
            line,
            code: code.to_owned(),
            message: message.to_owned(),
        });
    }

    /// Names the lines that were refused, in the order of the file.
    fn tell_of_refused(&mut self) {
        self.untold.sort_by_key(|refused| refused.line);
        if !self.app.json && !self.untold.is_empty() {
            self.progress.clear();
            for RefusedLine {
                line,
                code,
                message,
            } in &self.untold
            {
                self.app.note(&format!("line {line}: {message} ({code})"));
            }
        }
        self.summary.refused.append(&mut self.untold);
    }
}

/// One line without its end; `None` at the end of the file. Of a line that is too long, the
/// beginning, too long as well.
fn next_line(source: &mut dyn BufRead) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut line = Zeroizing::new(Vec::new());
    let most = LONGEST as u64 + 2;
    if Read::take(&mut *source, most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LONGEST {
        source.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

/// The record of a line; `None` for an empty one.
fn parse(line: &[u8]) -> Result<Option<ImportRecord>, Error> {
    let refuse = |message| Error::new(ErrorCode::InvalidArgument, message);
    if line.len() > LONGEST {
        return Err(refuse("the line is longer than a mebibyte"));
    }
    let text = std::str::from_utf8(line).map_err(|_| refuse("the line is not valid UTF-8"))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    ImportRecord::from_json(text).map(Some)
}

fn tell(app: &App, summary: &Summary) -> Outcome<()> {
    if app.json {
        return json::object(app, summary);
    }
    let refused = match summary.refused.len() as u64 {
        0 => String::new(),
        number => format!(", refused {}", count(number, "line")),
    };
    app.out.print(&safe(&format!(
        "imported {}{refused}",
        count(summary.imported, "key")
    )))?;
    app.out.print("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let long = "x".repeat(LONGEST + 1);
        let text = format!("a\n\n{long}\nb");
        let mut source = text.as_bytes();
        let lengths: Vec<_> = std::iter::from_fn(|| next_line(&mut source).unwrap())
            .map(|line| line.len())
            .collect();
        assert_eq!(lengths[..2], [1, 0]);
        assert!(lengths[2] > LONGEST);
        assert_eq!(lengths[3..], [1]);
    }

    #[test]
    fn a_line_of_exactly_the_longest_length_is_taken() {
        let text = format!("{}\n", "x".repeat(LONGEST));
        assert_eq!(
            next_line(&mut text.as_bytes()).unwrap().unwrap().len(),
            LONGEST
        );
    }

    #[test]
    fn what_is_no_record_is_refused_without_being_repeated() {
        for line in [
            &b"hunter2"[..],
            b"{\"name\":\"a\",\"secrt\":\"hunter2\"}",
            b"\xffhunter2",
            &vec![b'x'; LONGEST + 1],
        ] {
            let error = parse(line).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert!(parse(b" \r").unwrap().is_none());
    }
}
