//! Secrets: from standard input, or from a hidden prompt. Never from an argument.

use crate::failure::{Failure, Outcome};
use crate::input::hidden;
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Read};
use zeroize::Zeroizing;

/// No more than this is read. It is far more than any secret has, so what is longer is malformed.
const MOST: usize = 64 * 1024;

/// Refuses what was given as an argument, and doesn't repeat it.
pub(crate) fn refuse_argument(misplaced: &[OsString], command: &str) -> Outcome<()> {
    if misplaced.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        "a secret is not taken as an argument, where the shell's history and the list of processes keep it",
    )
    .hint(format!(
        "pipe it: printf %s \"$SECRET\" | keywright {command}; or call {command} alone and type it at its prompt"
    )))
}

/// A presented secret.
pub(crate) enum Given {
    /// What came by way of standard input.
    Piped(Zeroizing<Vec<u8>>),
    /// Nothing yet: whoever sits at the terminal is to be asked.
    NotYet,
}

/// The presented secret, unless it has to be asked for: its bytes as they are, less one line end.
/// To be called before the store is opened: the program at the other end of the pipe may be making
/// it.
pub(crate) fn given() -> Outcome<Given> {
    if io::stdin().is_terminal() {
        return Ok(Given::NotYet);
    }
    let mut bytes = read_bounded(&mut io::stdin().lock(), MOST)
        .map_err(|error| Failure::io("standard input can't be read", &error))?;
    strip_line_end(&mut bytes);
    Ok(Given::Piped(bytes))
}

impl Given {
    /// The secret, asked for if need be. To be called once nothing else can be wrong.
    pub(crate) fn have(self) -> Outcome<Zeroizing<Vec<u8>>> {
        match self {
            Self::Piped(bytes) => Ok(bytes),
            Self::NotYet => prompt("Secret (not shown): "),
        }
    }
}

/// Asks on the terminal for what must not be seen.
pub(crate) fn prompt(question: &str) -> Outcome<Zeroizing<Vec<u8>>> {
    match hidden::line(question) {
        Ok(line) => Ok(line),
        Err(error) if error.kind() == ErrorKind::Interrupted => Err(Failure::declined()),
        Err(error) => {
            Err(Failure::io("the terminal can't be asked", &error).hint("pipe it instead"))
        }
    }
}

/// Reads to the end, but at most `most` bytes, into memory that is never moved, so that no copy
/// stays behind.
fn read_bounded(source: &mut impl Read, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; most]);
    let mut filled = 0;
    while filled < most {
        match source.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Takes one `\n` or `\r\n` from the end.
fn strip_line_end(bytes: &mut Vec<u8>) {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_taken_off_and_nothing_else() {
        for (given, left) in [
            (&b"key"[..], &b"key"[..]),
            (b"key\n", b"key"),
            (b"key\r\n", b"key"),
            (b"key\n\n", b"key\n"),
            (b"key\r", b"key\r"),
            (b" key \n", b" key "),
            (b"\xff\0\n", b"\xff\0"),
            (b"\n", b""),
            (b"", b""),
        ] {
            let mut bytes = given.to_vec();
            strip_line_end(&mut bytes);
            assert_eq!(bytes, left, "{given:?}");
        }
    }

    #[test]
    fn no_more_than_the_bound_is_read() {
        let endless = &mut io::repeat(b'a');
        assert_eq!(read_bounded(endless, 100).unwrap().len(), 100);
        assert_eq!(&**read_bounded(&mut &b"abc"[..], 100).unwrap(), b"abc");
    }
}
