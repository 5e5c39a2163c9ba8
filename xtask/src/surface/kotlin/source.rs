//! The declarations of a Kotlin file that users of the package see.
//!
//! As in Kotlin, what says nothing of its visibility is public where what it stands in is.

use std::collections::BTreeSet;

use super::reader::{Reader, parted};
use super::tokens::{Token, line, tokens};

/// What a line goes on saying of a declaration.
const KEPT: &[&str] = &[
    "abstract",
    "annotation",
    "companion",
    "const",
    "data",
    "enum",
    "infix",
    "inline",
    "inner",
    "lateinit",
    "open",
    "operator",
    "sealed",
    "suspend",
    "value",
    "vararg",
];
/// What it need not say.
const DROPPED: &[&str] = &["public", "override", "final"];
const HIDDEN: &[&str] = &["internal", "private", "protected"];

/// Adds a line for each.
pub(super) fn read(text: &str, lines: &mut BTreeSet<String>) {
    let tokens = tokens(text);
    let mut file = Reader {
        tokens: &tokens,
        at: 0,
        lines,
    };
    let package = file.package();
    file.members(&package);
}

/// What stands before a declaration.
#[derive(Default)]
struct Before {
    hidden: bool,
    kept: Vec<String>,
}

impl Before {
    fn says(&self, word: &str) -> bool {
        self.kept.iter().any(|it| it == word)
    }
}

impl Reader<'_> {
    fn tell(&mut self, before: &Before, path: &str, kind: &str) {
        if !before.hidden {
            let mut words = before.kept.clone();
            words.push(kind.to_owned());
            self.lines.insert(format!("{path}: {}", words.join(" ")));
        }
    }

    fn package(&mut self) -> String {
        while self.at < self.tokens.len() && !(self.is_first() && self.peek() == "package") {
            self.at += 1;
        }
        self.at += 1;
        let start = self.at;
        while !self.is_first() {
            self.at += 1;
        }
        line(self.since(start))
    }

    /// Up to the end of the file, or of the braces.
    fn members(&mut self, path: &str) {
        while self.at < self.tokens.len() {
            match self.peek() {
                "}" => {
                    self.at += 1;
                    return;
                }
                "(" | "{" | "[" => self.group(),
                _ if self.is_first() => self.declaration(path),
                _ => self.at += 1,
            }
        }
    }

    fn before(&mut self) -> Before {
        let mut before = Before::default();
        loop {
            let start = self.at;
            let word = self.peek();
            if word.starts_with('@') {
                self.at += 1;
                if self.peek() == "(" {
                    self.group();
                }
                before.kept.push(line(self.since(start)));
            } else if KEPT.contains(&word) {
                self.at += 1;
                before.kept.push(word.to_owned());
            } else if HIDDEN.contains(&word) {
                self.at += 1;
                before.hidden = true;
            } else if !DROPPED.contains(&word) {
                return before;
            } else {
                self.at += 1;
            }
        }
    }

    fn declaration(&mut self, path: &str) {
        let start = self.at;
        let mut before = self.before();
        let word = self.peek();
        self.at += 1;
        match word {
            "class" | "interface" | "object" => self.type_declared(word, &before, path),
            "fun" if self.take("interface") => {
                before.kept.push("fun".to_owned());
                self.type_declared("interface", &before, path);
            }
            "fun" => self.function(&before, path),
            "val" | "var" => self.property(word, &before, path),
            "constructor" => {
                let parameters = self.parameters();
                self.tell(&before, &format!("{path}.constructor"), &parameters);
            }
            "typealias" => {
                let name = self.peek();
                while !self.is_first() {
                    self.at += 1;
                }
                self.tell(&before, &format!("{path}.{name}"), "typealias");
            }
            // Nothing that is declared, for example the next line of an expression.
            _ => self.at = start + 1,
        }
    }

    fn type_declared(&mut self, word: &str, before: &Before, outer: &str) {
        // The members of a companion are called as if they were its class's own.
        let companion = before.says("companion");
        let named = !matches!(self.peek(), ":" | "{") && !self.is_first();
        let name = if named { self.peek() } else { "Companion" };
        self.at += usize::from(named);
        let path = if companion {
            outer.to_owned()
        } else {
            format!("{outer}.{name}")
        };
        let generics = self.generics();
        let mut members: Vec<(Before, String, String)> = Vec::new();
        let start = self.at;
        let mut made = self.before();
        let explicit = self.take("constructor");
        if !explicit && self.peek() != "(" {
            self.at = start;
        }
        made.hidden |= before.says("sealed") || before.says("enum") || before.says("abstract");
        if self.peek() == "(" {
            let start = self.at;
            self.group();
            let inside = self.tokens.get(start + 1..self.at.saturating_sub(1));
            let (parameters, properties) = primary(inside.unwrap_or_default(), self.lines);
            members.push((made, "constructor".to_owned(), parameters));
            members.extend(properties);
        } else if word == "class" {
            members.push((made, "constructor".to_owned(), "()".to_owned()));
        }
        let above = self.above();
        if !before.hidden {
            if !companion {
                self.tell(before, &path, &format!("{word}{generics}{above}"));
            }
            for (before, name, kind) in members {
                self.tell(&before, &format!("{path}.{name}"), &kind);
            }
        }
        if self.peek() != "{" {
            return;
        }
        if before.hidden {
            return self.group();
        }
        self.at += 1;
        if before.says("enum") {
            self.entries(&path);
        }
        self.members(&path);
    }

    /// ` : Exception, Iterable<T>`, without what they are given or made of.
    fn above(&mut self) -> String {
        let mut types = Vec::new();
        if self.take(":") {
            loop {
                types.push(self.type_named());
                while !matches!(self.peek(), "," | "{" | "" | "}") && !self.is_first() {
                    match self.peek() {
                        "(" => self.group(),
                        _ => self.at += 1,
                    }
                }
                if !self.take(",") {
                    break;
                }
            }
        }
        if types.is_empty() {
            String::new()
        } else {
            format!(" : {}", types.join(", "))
        }
    }

    /// The names of an enumeration, up to the semicolon or the end.
    fn entries(&mut self, path: &str) {
        while !matches!(self.peek(), "" | ";" | "}") {
            match self.peek() {
                "," => self.at += 1,
                "companion" => return,
                "(" | "{" => self.group(),
                name => {
                    self.at += 1;
                    self.tell(&Before::default(), &format!("{path}.{name}"), "entry");
                }
            }
        }
    }

    /// The name of a function or property, and the type that it is written onto.
    fn name(&mut self, path: &str, before: &Before) -> (Before, String) {
        let start = self.at;
        while !matches!(self.peek(), "(" | ":" | "=" | "") {
            // Behind a name these words are no names.
            if self.at > start && matches!(self.peek(), "by" | "get") {
                break;
            }
            self.at += 1;
            if self.is_first() {
                break;
            }
        }
        let text = line(self.since(start));
        let mut kept = before.kept.clone();
        let place = match text.rsplit_once('.') {
            None => format!("{path}.{text}"),
            Some((onto, name)) => {
                kept.push("extension".to_owned());
                let onto = onto.strip_suffix(".Companion").unwrap_or(onto);
                format!("{path}.{onto}.{name}")
            }
        };
        let hidden = before.hidden;
        (Before { hidden, kept }, place)
    }

    fn function(&mut self, before: &Before, path: &str) {
        let generics = self.generics();
        let (before, place) = self.name(path, before);
        let parameters = self.parameters();
        let given = if self.take(":") {
            format!(": {}", self.type_named())
        } else {
            String::new()
        };
        self.tell(
            &before,
            &place,
            &format!("fun{generics}{parameters}{given}"),
        );
    }

    fn property(&mut self, word: &str, before: &Before, path: &str) {
        let (before, place) = self.name(path, before);
        let mut kind = word.to_owned();
        if self.take(":") {
            kind = format!("{kind} {}", self.type_named());
        }
        if before.says("const") {
            let start = self.at;
            while !self.is_first() {
                self.at += 1;
            }
            kind = format!("{kind} {}", line(self.since(start)));
        }
        self.tell(&before, &place, &kind);
    }
}

/// The parameters of a class's own constructor, and those that are properties too.
fn primary(
    inside: &[Token],
    lines: &mut BTreeSet<String>,
) -> (String, Vec<(Before, String, String)>) {
    let mut all = Vec::new();
    let mut properties = Vec::new();
    for parameter in parted(inside) {
        let mut reader = Reader {
            tokens: parameter,
            at: 0,
            lines: &mut *lines,
        };
        let before = reader.before();
        let word = reader.peek();
        let is_property = reader.take("val") || reader.take("var");
        let rest = parameter.get(reader.at..).unwrap_or_default();
        if rest.is_empty() {
            continue;
        }
        all.push(line(rest));
        if is_property {
            let name = reader.peek().to_owned();
            reader.at += 2;
            let kind = format!("{word} {}", reader.type_named());
            properties.push((before, name, kind));
        }
    }
    (format!("({})", all.join(", ")), properties)
}
