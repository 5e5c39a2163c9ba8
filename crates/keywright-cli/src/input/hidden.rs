//! A line that is typed at the terminal and not shown.

#[cfg(unix)]
pub(crate) use unix::line;

/// Asks for a line. Ctrl-C gives [`Interrupted`](std::io::ErrorKind::Interrupted) where it doesn't
/// end the program.
#[cfg(not(unix))]
pub(crate) fn line(question: &str) -> std::io::Result<zeroize::Zeroizing<Vec<u8>>> {
    rpassword::prompt_password(question).map(|text| zeroize::Zeroizing::new(text.into_bytes()))
}

#[cfg(unix)]
mod unix {
    use rustix::process::{Signal, getpid, kill_process};
    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };
    use std::fs::{File, OpenOptions};
    use std::io::{self, ErrorKind, Read, Write};
    use zeroize::Zeroizing;

    /// Longer lines don't come from terminals.
    const MOST: usize = 4096;

    /// Asks for a line. Ctrl-C ends the program as anywhere else; where it doesn't, it gives
    /// [`Interrupted`](ErrorKind::Interrupted). At the end of the input the line is empty.
    pub(crate) fn line(question: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let unseen = Unseen::begin(&terminal)?;
        (&terminal).write_all(question.as_bytes())?;
        let typed = read(&mut &terminal, unseen.interrupt);
        drop(unseen);
        (&terminal).write_all(b"\n")?;
        match typed {
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                // The terminal is as it was: now the signal may do what it does.
                kill_process(getpid(), Signal::INT)?;
                Err(error)
            }
            typed => typed,
        }
    }

    /// A terminal that shows nothing of what is typed, until this is dropped.
    struct Unseen<'a> {
        terminal: &'a File,
        before: Termios,
        /// What Ctrl-C comes as.
        interrupt: u8,
    }

    impl<'a> Unseen<'a> {
        /// Ctrl-C raises no signal meanwhile, which would end the program before the terminal is as
        /// it was; it ends the line in place of that.
        fn begin(terminal: &'a File) -> io::Result<Self> {
            let before = tcgetattr(terminal)?;
            let interrupt = before.special_codes[SpecialCodeIndex::VINTR];
            let mut unseen = before.clone();
            let shown = LocalModes::ECHO | LocalModes::ECHONL;
            unseen.local_modes.remove(shown | LocalModes::ISIG);
            unseen.local_modes.insert(LocalModes::ICANON);
            unseen.special_codes[SpecialCodeIndex::VEOL] = interrupt;
            tcsetattr(terminal, OptionalActions::Now, &unseen)?;
            Ok(Self {
                terminal,
                before,
                interrupt,
            })
        }
    }

    impl Drop for Unseen<'_> {
        fn drop(&mut self) {
            // A terminal that has gone away needs nothing any more.
            let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
        }
    }

    /// The line without its end.
    fn read(terminal: &mut impl Read, interrupt: u8) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut line = Zeroizing::new(vec![0; MOST]);
        let mut filled = 0;
        while filled < MOST {
            let count = match terminal.read(&mut line[filled..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                count => count?,
            };
            filled += count;
            match line[..filled].last() {
                Some(b'\n') => {
                    filled -= 1;
                    break;
                }
                Some(last) if *last == interrupt && interrupt != 0 => {
                    return Err(ErrorKind::Interrupted.into());
                }
                _ if count == 0 => break,
                _ => {}
            }
        }
        line.truncate(filled);
        Ok(line)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_line_ends_at_its_end_or_where_nothing_more_comes() {
            for (typed, line) in [
                (&b"abc\n"[..], &b"abc"[..]),
                (b"abc", b"abc"),
                (b"\n", b""),
                (b"", b""),
            ] {
                assert_eq!(*read(&mut &*typed, 3).unwrap(), line);
            }
            assert_eq!(read(&mut io::repeat(b'a'), 3).unwrap().len(), MOST);
        }

        #[test]
        fn ctrl_c_gives_it_up() {
            let error = read(&mut &b"half a sec\x03"[..], 3).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted);
        }
    }
}
