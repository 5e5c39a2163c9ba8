//! Reads TypeScript declaration files as `tsc` and napi write them: top-level
//! statements and the members of classes and interfaces, on one line each.

/// A top-level statement, as far as it says what is exported.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// `export * from './x.js'`
    All { from: String },
    /// `export { A, B as C } from './x.js'`, or without a source.
    Some {
        names: Vec<(String, String)>,
        from: Option<String>,
    },
    /// `import { A, B as C } from './x.js'`
    Imported {
        names: Vec<(String, String)>,
        from: String,
    },
    /// A declaration; the body is what stands between a class's braces.
    Declared {
        name: String,
        head: String,
        body: Option<String>,
        exported: bool,
    },
}

/// The statements of a file.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    split(&without_comments(text), Level::File)
        .iter()
        .filter_map(|statement| read(statement))
        .collect()
}

/// The public members of a body: name and whole text.
pub(super) fn members(body: &str) -> Vec<(String, String)> {
    let hidden = |text: &str| {
        text.starts_with("private ") || text.starts_with('#') || text.starts_with("protected ")
    };
    split(body, Level::Body)
        .iter()
        .map(|member| one_line(member.trim_end_matches([';', ','])))
        .filter(|member| !member.is_empty() && !hidden(member))
        .map(|member| (member_name(&member), member))
        .collect()
}

fn read(statement: &str) -> Option<Statement> {
    let text = one_line(statement.trim_end_matches(';'));
    if let Some(rest) = text.strip_prefix("import ") {
        let (list, from) = rest.split_once(" from ")?;
        return Some(Statement::Imported {
            names: names(list),
            from: unquoted(from),
        });
    }
    let exported = text.strip_prefix("export ");
    let rest = exported.unwrap_or(&text);
    if let Some(from) = rest.strip_prefix("* from ") {
        return Some(Statement::All {
            from: unquoted(from),
        });
    }
    if rest.starts_with('{') || rest.starts_with("type {") {
        let (list, from) = rest.split_once('}')?;
        let from = from.trim().strip_prefix("from ").map(unquoted);
        return Some(Statement::Some {
            names: names(list),
            from,
        });
    }
    let rest = rest.strip_prefix("declare ").unwrap_or(rest);
    let kind = [
        "abstract class ",
        "class ",
        "interface ",
        "const enum ",
        "enum ",
        "namespace ",
        "function ",
        "type ",
        "const ",
        "let ",
    ]
    .into_iter()
    .find(|kind| rest.starts_with(kind))?;
    let after = &rest[kind.len()..];
    let name: String = after
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
        .collect();
    let braces = kind.ends_with("class ")
        || kind == "interface "
        || kind.ends_with("enum ")
        || kind == "namespace ";
    let (head, body) = match statement.split_once('{') {
        Some((_, body)) if braces => {
            let head = rest.split_once('{').map_or(rest, |(head, _)| head);
            (head, Some(body.trim_end().trim_end_matches('}').to_owned()))
        }
        _ => (rest, None),
    };
    Some(Statement::Declared {
        name,
        head: head.trim().to_owned(),
        body,
        exported: exported.is_some(),
    })
}

/// `{ A, type B as C` → pairs of the name there and the name here.
fn names(list: &str) -> Vec<(String, String)> {
    list.trim_start_matches("type ")
        .trim_matches(['{', '}', ' '])
        .split(',')
        .map(|entry| entry.trim().trim_start_matches("type "))
        .filter(|entry| !entry.is_empty())
        .map(|entry| match entry.split_once(" as ") {
            Some((there, here)) => (there.trim().to_owned(), here.trim().to_owned()),
            None => (entry.to_owned(), entry.to_owned()),
        })
        .collect()
}

/// The name of a member, without what stands before and after it.
fn member_name(member: &str) -> String {
    let mut rest = member;
    for word in [
        "static ",
        "readonly ",
        "abstract ",
        "async ",
        "get ",
        "set ",
    ] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    if rest.starts_with('[') {
        return rest.split_inclusive(']').next().unwrap_or(rest).to_owned();
    }
    let name: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '\''))
        .collect();
    // An interface that can be called has a member without a name.
    if name.is_empty() {
        "()".to_owned()
    } else {
        name
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    File,
    Body,
}

/// Splits where a statement ends: at a semicolon, at a declaration's last brace, or at
/// the end of a line after which something new begins.
fn split(text: &str, level: Level) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut depth = 0_usize;
    let mut quote = None;
    for (index, letter) in text.char_indices() {
        part.push(letter);
        if let Some(open) = quote {
            if letter == open {
                quote = None;
            }
            continue;
        }
        match letter {
            '"' | '\'' | '`' => quote = Some(letter),
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends = depth == 0
            && match letter {
                ';' => true,
                ',' => level == Level::Body && !part.contains('<'),
                '\n' => begins_anew(&text[index + 1..], level),
                _ => false,
            };
        if ends && !part.trim().is_empty() {
            parts.push(std::mem::take(&mut part).trim().to_owned());
        }
    }
    if !part.trim().is_empty() {
        parts.push(part.trim().to_owned());
    }
    parts
}

/// Whether the next line goes on with what came before.
fn begins_anew(rest: &str, level: Level) -> bool {
    let next = rest.trim_start();
    match level {
        Level::File => {
            ["export ", "export{", "declare ", "import "]
                .iter()
                .any(|word| next.starts_with(word))
                || next.is_empty()
        }
        Level::Body => !next.starts_with(['|', '&', '=', '?', ':', ')', ']', '}', '.']),
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if matches!(letter, '"' | '\'' | '`') {
            let end = rest[1..].find(letter).map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'', ';']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tsc_classes_show_head_and_members() {
        let file = "/** A { trap; */\nexport declare class Manager extends Base {\n    #private;\n    private constructor();\n    \
                    static open(path: string, options?: { brand?: string; }): Promise<Manager>;\n    get x(): number;\n    \
                    [Symbol.dispose](): void;\n}\n";
        let found = statements(file);
        let [
            Statement::Declared {
                name,
                head,
                body: Some(body),
                exported: true,
            },
        ] = &found[..]
        else {
            panic!("{found:?}")
        };
        assert_eq!(
            (name.as_str(), head.as_str()),
            ("Manager", "class Manager extends Base")
        );
        let names: Vec<String> = members(body).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["open", "x", "[Symbol.dispose]"]);
        assert_eq!(
            members(body)[0].1,
            "static open(path: string, options?: { brand?: string; }): Promise<Manager>"
        );
    }

    #[test]
    fn napi_writes_no_semicolons() {
        let file = "export declare class Native {\n  /** a */\n  verify(secret: string): Promise<Answer>\n  close(): void\n}\n\
                    export declare function open(path: string): Native\nexport type Code = 'valid' | 'revoked'\n";
        let found = statements(file);
        assert_eq!(found.len(), 3, "{found:?}");
        let Statement::Declared {
            body: Some(body), ..
        } = &found[0]
        else {
            panic!("{found:?}")
        };
        assert_eq!(members(body).len(), 2);
    }

    #[test]
    fn what_is_passed_on_keeps_its_source() {
        let found = statements(
            "export * from './a.js';\nexport { type A, B as C } from \"./b.js\";\nexport {};\n",
        );
        assert_eq!(
            found[0],
            Statement::All {
                from: "./a.js".to_owned()
            }
        );
        let names = vec![
            ("A".to_owned(), "A".to_owned()),
            ("B".to_owned(), "C".to_owned()),
        ];
        assert_eq!(
            found[1],
            Statement::Some {
                names,
                from: Some("./b.js".to_owned())
            }
        );
    }

    #[test]
    fn unions_over_lines_stay_together() {
        let found = statements(
            "export type Code =\n    | 'valid'\n    | 'revoked';\nexport declare const A: Code;\n",
        );
        let Statement::Declared { head, .. } = &found[0] else {
            panic!("{found:?}")
        };
        assert_eq!(head, "type Code = | 'valid' | 'revoked'");
        assert_eq!(found.len(), 2);
    }
}
