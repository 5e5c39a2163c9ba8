//! Links from one file of the repository to another must lead somewhere.

use std::path::Path;

use crate::process::{Job, at};

/// Looks at every Markdown file that git knows or would add.
pub(crate) fn check() -> Result<String, String> {
    let list = Job::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
            "*.md",
        ])
        .text()?;
    let mut number = 0;
    let mut wrong = Vec::new();
    for file in list.lines() {
        let Ok(text) = std::fs::read_to_string(at(file)) else {
            continue;
        };
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        for link in local_links(&text) {
            number += 1;
            if !at("").join(folder).join(&link).exists() {
                wrong.push(format!("{file}: {link} does not exist"));
            }
        }
    }
    if wrong.is_empty() {
        Ok(format!("{number} links"))
    } else {
        Err(wrong.join("\n"))
    }
}

/// The targets of `[text](target)` that are files, without their `#part`.
fn local_links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        for part in line.split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !target.contains(':') {
                links.push(file.to_owned());
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_repository_are_looked_for() {
        let text = "[a](docs/a.md#part) and [b](https://example.com) [c](#here)\n```\n[d](no.md)\n```\n[e](../e.md \"title\")\n";
        assert_eq!(local_links(text), ["docs/a.md", "../e.md"]);
    }
}
