//! What is read from the environment, for the help and the manual page.

/// Each variable and what it says.
pub(crate) const ENVIRONMENT: &str = "\
Environment:
  KEYWRIGHT_STORE              the store, where --store doesn't name it
  KEYWRIGHT_PEPPER             the pepper, in place of the file beside the store: 64 hexadecimal
                               digits (`openssl rand -hex 32` makes some), or NUMBER:DIGITS for each
                               of several, separated by commas
  KEYWRIGHT_PEPPER_FILE        the file with the pepper, in place of the one beside the store; it is
                               made by (umask 077; openssl rand -hex 32 > FILE)
  KEYWRIGHT_REVOCATIONS        a file in which this machine keeps what it has seen revoked in a
                               PostgreSQL store, so that an old dump brings nothing back to life
  KEYWRIGHT_BRAND              what the secrets of a store that is made now begin with [default: kw]
  KEYWRIGHT_LISTEN             where `serve` listens [default: 127.0.0.1:8787]
  KEYWRIGHT_TRUSTED_PROXIES    the proxies whose X-Forwarded-For counts for `serve`
  KEYWRIGHT_OUTPUT             table or json, where --output doesn't say
  KEYWRIGHT_LOG                from which level on the library's records are shown: debug, info,
                               warning or error [default: warning]
  KEYWRIGHT_BACKUP_PASSPHRASE  the passphrase of `backup` and `restore`, which else is asked for
  NO_COLOR, CLICOLOR_FORCE     no colours, or colours also in a pipe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_help_may_be() {
        assert!(ENVIRONMENT.lines().all(|line| line.len() <= 100));
    }
}
