//! `cargo xtask doctor`: what is missing on this machine, with the line that
//! installs it.

use crate::machine::ALL;

/// Prints each prerequisite; the error counts the missing ones.
pub(crate) fn run() -> Result<(), String> {
    let mut missing = 0;
    for prerequisite in ALL {
        match (prerequisite.find)() {
            Ok(found) => println!("ok       {:<24} {found}", prerequisite.name),
            Err(reason) => {
                missing += 1;
                println!(
                    "MISSING  {:<24} {reason}; install it: {}",
                    prerequisite.name, prerequisite.install
                );
            }
        }
    }
    match missing {
        0 => Ok(()),
        1 => Err("1 prerequisite is missing".to_owned()),
        number => Err(format!("{number} prerequisites are missing")),
    }
}
