//! `keywright completions` and `keywright man`

use crate::app::App;
use crate::args::environment::ENVIRONMENT;
use crate::args::tools::{Completions, Man};
use crate::failure::{Failure, Outcome, Status};
use clap_mangen::roff::{Roff, roman};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

const NAME: &str = "keywright";

pub(crate) fn completions(app: &App, args: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::definition(), NAME, &mut script);
    app.out.write(|out| out.write_all(&script))?;
    Ok(Status::Done)
}

pub(crate) fn man(app: &App, args: &Man) -> Outcome {
    let mut command = crate::definition();
    // Names the commands in full (`keywright-audit-list`) and hands global options down.
    command.build();
    let Some(folder) = &args.folder else {
        app.out.write(|out| page(&command, out))?;
        return Ok(Status::Done);
    };
    fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
    let number = pages(&command, folder)?;
    app.note(&format!("wrote {number} pages to {}", folder.display()));
    Ok(Status::Done)
}

/// Writes the pages of a command and of those within it; says how many.
fn pages(command: &clap::Command, folder: &Path) -> Outcome<u32> {
    let name = command.get_display_name().unwrap_or(NAME);
    let path = folder.join(format!("{name}.1"));
    let mut text = Vec::new();
    page(command, &mut text)
        .and_then(|()| fs::write(&path, &text))
        .map_err(|error| unwritten(&path, &error))?;
    let mut number = 1;
    for inner in command
        .get_subcommands()
        .filter(|inner| inner.get_name() != "help")
    {
        number += pages(inner, folder)?;
    }
    Ok(number)
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::io(&format!("{} can't be written", path.display()), error)
}

fn page(command: &clap::Command, out: &mut dyn Write) -> io::Result<()> {
    let examples = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let man = clap_mangen::Man::new(command.clone().after_help(""));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command
        .get_subcommands()
        .any(|inner| inner.get_name() != "help")
    {
        man.render_subcommands_section(out)?;
    }
    if command.get_name() == NAME {
        section("ENVIRONMENT", ENVIRONMENT, out)?;
    }
    section("EXAMPLES", &examples, out)
}

/// A section in which lines stay lines; the first of them is its title in the help.
fn section(title: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", [title]).control("nf", []);
    for line in text.lines().skip(1) {
        section.text([roman(line)]);
    }
    section.control("fi", []);
    section.to_writer(out)
}
