//! The programs in the READMEs, run as they stand: a README that lies is a fault.
//!
//! Blocks of one language make programs: one begins at each block that imports
//! keywright, and the blocks after it go on with it. A block after the line
//! `<!-- not run: REASON -->` is left out, and the reason is printed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Job, at, target};
use crate::uniffi::swift;
use crate::{machine, tools};

/// The files, each with the languages that are looked for in it.
const FILES: &[(&str, &[Language])] = &[
    ("README.md", &[Language::Python, Language::Node]),
    ("python/README.md", &[Language::Python]),
    ("node/README.md", &[Language::Node]),
    ("bindings/swift/README.md", &[Language::Swift]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Python,
    Node,
    Swift,
}

impl Language {
    /// The words after a block's fence.
    fn of(word: &str) -> Option<Self> {
        match word {
            "python" | "py" => Some(Self::Python),
            "js" | "javascript" | "mjs" => Some(Self::Node),
            "swift" => Some(Self::Swift),
            _ => None,
        }
    }

    fn imports(self, text: &str) -> bool {
        let marks: &[&str] = match self {
            Self::Python => &["import keywright", "from keywright"],
            Self::Node => &["'keywright", "\"keywright"],
            Self::Swift => &["import Keywright"],
        };
        text.lines()
            .any(|line| marks.iter().any(|mark| line.contains(mark)))
    }
}

/// A program, with the line of its first block.
#[derive(Debug, PartialEq, Eq)]
struct Program {
    line: usize,
    text: String,
}

/// Runs them all; notes how many.
pub(crate) fn run() -> Result<Vec<String>, String> {
    let mut notes = Vec::new();
    let mut wrong = Vec::new();
    for (file, languages) in FILES {
        let text = fs::read_to_string(at(file))
            .map_err(|error| format!("{file} can't be read: {error}"))?;
        for language in *languages {
            if *language == Language::Swift
                && let Some(why) = machine::SWIFT.missing()
            {
                notes.push(format!("{file} can't be run here: {why}"));
                continue;
            }
            let (programs, left_out) = programs(&text, *language);
            for reason in &left_out {
                println!("{file}: a block is not run: {reason}");
            }
            if programs.is_empty() {
                wrong.push(format!("{file} has no {language:?} program"));
            }
            for program in &programs {
                if let Err(error) = run_one(file, *language, program) {
                    wrong.push(format!("{file}:{}: {error}", program.line));
                }
            }
            notes.push(format!("{file} {language:?} {}", programs.len()));
        }
    }
    if wrong.is_empty() {
        Ok(notes)
    } else {
        Err(wrong.join("\n"))
    }
}

fn programs(text: &str, language: Language) -> (Vec<Program>, Vec<String>) {
    let mut programs: Vec<Program> = Vec::new();
    let mut left_out = Vec::new();
    let mut reason: Option<String> = None;
    let mut block: Option<(usize, Option<Language>, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut block, fence) {
            (None, Some(word)) => {
                let word = word.split([' ', ',']).next().unwrap_or_default();
                block = Some((number + 1, Language::of(word), String::new()));
            }
            (None, None) => {
                if let Some(rest) = line.trim().strip_prefix("<!-- not run:") {
                    reason = Some(rest.trim_end_matches("-->").trim().to_owned());
                } else if !line.trim().is_empty() {
                    reason = None;
                }
            }
            (Some((_, _, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (Some(_), Some(_)) => {
                let Some((line, found, body)) = block.take() else {
                    continue;
                };
                let why = reason.take();
                if found != Some(language) {
                    continue;
                }
                match (why, programs.last_mut()) {
                    (Some(why), _) => left_out.push(why),
                    (None, Some(program)) if !language.imports(&body) => {
                        program.text.push_str(&body);
                    }
                    (None, _) => programs.push(Program { line, text: body }),
                }
            }
        }
    }
    (programs, left_out)
}

/// Each program has an empty folder, so its store is a new one.
fn run_one(file: &str, language: Language, program: &Program) -> Result<(), String> {
    let home = target().join("readme");
    let folder = home.join(format!(
        "{}-{}",
        file.replace(['/', '.'], "-"),
        program.line
    ));
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(failed)?;
    let (name, runner) = match language {
        Language::Python => ("program.py", tools::shipped_python()),
        Language::Swift => {
            println!("{file}:{}", program.line);
            return swift::run_program(&folder, &program.text);
        }
        Language::Node => {
            link_packages(&home)?;
            let common = program.text.contains("require(");
            (
                if common { "program.cjs" } else { "program.mjs" },
                PathBuf::from("node"),
            )
        }
    };
    fs::write(folder.join(name), &program.text).map_err(failed)?;
    println!("{file}:{}", program.line);
    Job::new(runner)
        .args([name])
        .within(&folder)
        .run()
        .map(drop)
}

/// Node looks for packages in the folders above: ours, and those it is tested with.
fn link_packages(home: &Path) -> Result<(), String> {
    let folder = home.join("node_modules");
    if folder.exists() {
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let installed = fs::read_dir(at("node/node_modules"))
        .map_err(failed)?
        .flatten()
        .map(|entry| entry.path());
    for package in installed {
        if let Some(name) = package.file_name() {
            link(&package, &folder.join(name)).map_err(failed)?;
        }
    }
    link(&at("node"), &folder.join("keywright")).map_err(failed)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(windows)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_go_on_with_the_program_before_them() {
        let text = "```python\nimport keywright\n```\ntext\n```python\nprint(1)\n```\n```js\nx\n```\n```python\nfrom keywright import A\n```\n";
        let (programs, left_out) = programs(text, Language::Python);
        assert_eq!(programs.len(), 2);
        assert_eq!(
            programs[0],
            Program {
                line: 1,
                text: "import keywright\nprint(1)\n".to_owned()
            }
        );
        assert!(left_out.is_empty());
    }

    #[test]
    fn a_block_can_be_left_out_with_a_reason() {
        let text = "<!-- not run: needs a server -->\n\n```js\nimport 'keywright'\n```\n\n```js\nimport \"keywright\"\n```\n";
        let (programs, left_out) = programs(text, Language::Node);
        assert_eq!(programs.len(), 1);
        assert_eq!(left_out, ["needs a server"]);
    }
}
