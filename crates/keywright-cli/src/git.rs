//! Whether the pepper could end up in a repository. Whoever has the pepper and the database can
//! make keys, so a pepper that git would take along is worth a warning.

use crate::app::App;
use crate::output::text::shell_word;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What git says about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Ignored,
    Exposed,
    Tracked,
    Unknown,
}

/// Warns if the pepper lies in a work tree that doesn't ignore it.
pub(crate) fn warn_of_pepper(app: &App, pepper: &Path) {
    let Some((folder, name)) = place(pepper) else {
        return;
    };
    let Some(top) = work_tree(&folder) else {
        return;
    };
    let shown = pepper.display().to_string();
    let line = folder
        .strip_prefix(&top)
        .ok()
        .map(|inner| ignore_line(&inner.join(&name)));
    let ignore = |line| {
        format!(
            "add this line to {}: {line}",
            top.join(".gitignore").display()
        )
    };
    let mut advice: Vec<String> = line.iter().map(ignore).collect();
    let message = match standing(&folder, &name) {
        Standing::Ignored => return,
        Standing::Exposed => {
            format!("git doesn't ignore the pepper {shown}, and whoever has it can make keys")
        }
        Standing::Tracked => {
            let command = format!("git rm --cached {}", shell_word(&shown));
            advice.insert(0, format!("take it out: {command}"));
            format!("the pepper {shown} is in git: whoever has the repository can make keys")
        }
        Standing::Unknown => format!("git can't say whether it ignores the pepper {shown}"),
    };
    let advice = advice.join("\n");
    app.warn(&message, Some(advice.as_str()).filter(|it| !it.is_empty()));
}

/// The folder that a file really lies in, and its name there.
fn place(file: &Path) -> Option<(PathBuf, PathBuf)> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Some((
        folder.canonicalize().ok()?,
        PathBuf::from(file.file_name()?),
    ))
}

/// The top of the work tree that a folder is in, found without starting git.
fn work_tree(folder: &Path) -> Option<PathBuf> {
    let mut candidates = folder.ancestors();
    candidates
        .find(|top| top.join(".git").exists())
        .map(Path::to_path_buf)
}

/// The line of a `.gitignore` at the top that names exactly this file.
fn ignore_line(path: &Path) -> String {
    let mut line = String::from("/");
    let text = path.to_string_lossy().replace('\\', "/");
    for c in text.chars() {
        if "*?[!# ".contains(c) {
            line.push('\\');
        }
        line.push(c);
    }
    line
}

fn standing(folder: &Path, name: &Path) -> Standing {
    match ask(folder, &["check-ignore", "--quiet", "--"], name) {
        Some(0) => Standing::Ignored,
        Some(1) => match ask(folder, &["ls-files", "--error-unmatch", "--"], name) {
            Some(0) => Standing::Tracked,
            _ => Standing::Exposed,
        },
        _ => Standing::Unknown,
    }
}

/// Git's exit status.
fn ask(folder: &Path, words: &[&str], name: &Path) -> Option<i32> {
    let mut git = Command::new("git");
    // A repository's own settings start no program, and a hook's environment names no other one.
    git.args(["-c", "core.fsmonitor=false"])
        .args(words)
        .arg(name)
        .current_dir(folder);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(variable);
    }
    git.env("GIT_OPTIONAL_LOCKS", "0");
    git.stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    git.status().ok()?.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_exactly_this_file() {
        assert_eq!(
            ignore_line(Path::new("keywright.db.pepper")),
            "/keywright.db.pepper"
        );
        assert_eq!(
            ignore_line(Path::new("data/my keys[1].pepper")),
            "/data/my\\ keys\\[1].pepper"
        );
    }
}
