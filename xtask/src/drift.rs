//! The skin for Swift and Kotlin repeats the facade's documentation, for its generated code carries just
//! what stands there: it must say the same, word for word.

use std::collections::BTreeMap;
use std::fs;

use crate::process::at;

/// What repeats.
const OURS: &[&str] = &[
    "bindings/uniffi/src/records/accounts.rs",
    "bindings/uniffi/src/records/events.rs",
    "bindings/uniffi/src/records/import.rs",
    "bindings/uniffi/src/records/keys.rs",
    "bindings/uniffi/src/records/mod.rs",
    "bindings/uniffi/src/words.rs",
];
/// What is repeated: the facade, and what it passes on of the core.
const THEIRS: &[&str] = &[
    "crates/keywright/src/types.rs",
    "crates/keywright/src/options.rs",
    "crates/keywright/src/import_record.rs",
    "crates/keywright/src/http/mod.rs",
    "crates/keywright/src/http/answer.rs",
    "crates/keywright-core/src/codes.rs",
    "crates/keywright-core/src/error.rs",
    "crates/keywright-core/src/keys.rs",
    "crates/keywright-core/src/owner.rs",
    "crates/keywright-core/src/secret.rs",
];

/// Ours by another name: `class` is a keyword in both languages.
const RENAMED: &[(&str, &str)] = &[("KeyClass", "Class"), ("ApiKey.key_class", "ApiKey.class")];
/// What only carries things across: `Native…` is seen by our packages alone, and a count is a number there.
const NOT_SEEN: &[&str] = &["Native", "Count"];
/// Where the verify codes stand among others.
const FLATTENED: (&str, &str) = ("AuthorizeCode", "VerifyCode");

/// What differs on purpose, each with its reason.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "OwnerKind.User",
        "the core's links to another type of the core",
    ),
    ("OwnerKind.ServiceAccount", "as above"),
    ("OwnerKind.External", "as above"),
    (
        "ErrorCode",
        "programs branch on the enumeration, not on the string",
    ),
    ("AuthorizeCode", "the facade's is made of two tables"),
    (
        "AuthorizeCode.MissingCredential",
        "the facade's goes on with the sentence of the one before it",
    ),
];

/// Documentation by `Type` and `Type.member`.
type Documented = BTreeMap<String, String>;

/// One line when all is the same; otherwise a line for each difference.
pub(crate) fn check() -> Result<String, String> {
    let ours = read(OURS)?;
    let theirs = read(THEIRS)?;
    let wrong = faults(&ours, &theirs);
    if wrong.is_empty() {
        Ok(format!("{} types and members", ours.len()))
    } else {
        Err(wrong.join("\n"))
    }
}

fn read(files: &[&str]) -> Result<Documented, String> {
    let mut all = Documented::new();
    for file in files {
        let text = fs::read_to_string(at(file))
            .map_err(|error| format!("{file} can't be read: {error}"))?;
        documented(&text, &mut all);
    }
    Ok(all)
}

fn faults(ours: &Documented, theirs: &Documented) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, said) in ours {
        if NOT_SEEN.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let original = original(name, theirs);
        let different = DIFFERENT.iter().any(|(it, _)| it == name);
        match theirs.get(&original) {
            None => wrong.push(format!("{name}: the facade documents no {original}")),
            Some(there) if there == said && different => {
                wrong.push(format!(
                    "{name} says what the facade does: it is no exception"
                ));
            }
            Some(there) if there != said && !different => {
                wrong.push(format!("{name}: “{said}”, and in the facade “{there}”"));
            }
            Some(_) => {}
        }
    }
    wrong
}

/// What one of ours is called in the facade.
fn original(name: &str, theirs: &Documented) -> String {
    if let Some((_, original)) = RENAMED.iter().find(|(ours, _)| *ours == name) {
        return (*original).to_owned();
    }
    let (owner, member) = name.split_once('.').unwrap_or((name, ""));
    if member.is_empty() {
        return name.to_owned();
    }
    if owner == FLATTENED.0 && !theirs.contains_key(name) {
        return format!("{}.{member}", FLATTENED.1);
    }
    let renamed = RENAMED.iter().find(|(ours, _)| *ours == owner);
    format!(
        "{}.{member}",
        renamed.map_or(owner, |(_, original)| original)
    )
}

/// Adds what a file says of its types, their fields and their variants, also where a macro makes them.
fn documented(text: &str, all: &mut Documented) {
    let mut said: Vec<&str> = Vec::new();
    let mut inside: Option<String> = None;
    let mut made: Option<String> = None;
    for line in text.lines() {
        let own = line.trim();
        if let Some(sentence) = own.strip_prefix("///") {
            said.push(sentence.trim());
            continue;
        }
        let own = after_attribute(own);
        if own.is_empty() {
            continue;
        }
        let sentences = std::mem::take(&mut said).join(" ");
        if let Some((name, whole)) = declared(own) {
            all.insert(name.to_owned(), sentences);
            if whole {
                // The body of a macro: its table comes later.
                made = Some(name.to_owned());
            } else {
                inside = Some(name.to_owned());
            }
        } else if own == "text_enum! {" {
            inside = Some(String::new());
        } else if own.ends_with("_codes! {") && !own.starts_with("macro_rules!") {
            inside = made.take();
        } else if line == "}" {
            inside = None;
        } else if let Some(owner) = &inside
            && !sentences.is_empty()
        {
            let name = word(own.strip_prefix("pub ").unwrap_or(own)).to_owned();
            // The first that such a table documents is the type.
            if owner.is_empty() {
                all.insert(name.clone(), sentences);
                inside = Some(name);
            } else {
                all.insert(format!("{owner}.{name}"), sentences);
            }
        }
    }
}

/// The type that a line declares, and whether it also ends there.
fn declared(line: &str) -> Option<(&str, bool)> {
    let rest = line
        .strip_prefix("pub struct ")
        .or_else(|| line.strip_prefix("pub enum "))?;
    let whole = rest.ends_with(['}', ';']);
    (whole || rest.ends_with('{')).then(|| (word(rest), whole))
}

/// `#[default] Unspecified` → `Unspecified`.
fn after_attribute(line: &str) -> &str {
    if line.starts_with("#[") {
        line.split_once(']').map_or("", |(_, rest)| rest.trim())
    } else {
        line
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    end.map_or(text, |end| text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Documented {
        let mut all = Documented::new();
        documented(text, &mut all);
        all
    }

    #[test]
    fn types_fields_and_variants_are_found() {
        let text = "/// A key.\n#[derive(Clone)]\npub struct Key {\n    /// Its\n    /// id.\n    #[serde(rename = \"x\")]\n    pub id: String,\n    private: u8,\n}\n\n/// A word.\npub enum Word {\n    /// One.\n    One,\n}\n/// Not a member.\nfn other() {}\n";
        let all = read(text);
        let pairs: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("Key", "A key."),
                ("Key.id", "Its id."),
                ("Word", "A word."),
                ("Word.One", "One."),
            ]
        );
    }

    #[test]
    fn so_are_those_that_macros_make() {
        let text = "macro_rules! some_codes {\n    ($($doc:literal)+) => {\n        /// A code.\n        pub enum Code { $($variant,)+ }\n    };\n}\n\nsome_codes! {\n    /// Good.\n    Good = \"good\", 200;\n}\n\ntext_enum! {\n    /// Why.\n    #[derive(Default)]\n    Reason, \"a reason\",\n    \"use a\";\n    /// None.\n    #[default] Unspecified = \"a\";\n}\n";
        let all = read(text);
        let pairs: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("Code", "A code."),
                ("Code.Good", "Good."),
                ("Reason", "Why."),
                ("Reason.Unspecified", "None."),
            ]
        );
    }

    #[test]
    fn what_differs_or_has_no_original_is_a_fault() {
        let theirs = read("/// A.\npub struct A {\n    /// B.\n    pub b: u8,\n}\n");
        let ours = read(
            "/// A.\npub struct A {\n    /// Other.\n    pub b: u8,\n}\n/// C.\npub struct C {\n}\n/// N.\npub struct NativeN {\n}\n",
        );
        assert_eq!(faults(&theirs, &theirs), Vec::<String>::new());
        assert_eq!(faults(&ours, &theirs).len(), 2);
    }

    #[test]
    fn flattened_and_renamed_ones_have_their_originals() {
        let theirs = read(
            "/// V.\npub enum VerifyCode {\n    /// Good.\n    Good,\n}\n/// C.\npub enum AuthorizeCode {\n    /// Bad.\n    Bad,\n}\n",
        );
        assert_eq!(original("AuthorizeCode.Good", &theirs), "VerifyCode.Good");
        assert_eq!(original("AuthorizeCode.Bad", &theirs), "AuthorizeCode.Bad");
        assert_eq!(original("KeyClass.Live", &theirs), "Class.Live");
        assert_eq!(original("ApiKey.key_class", &theirs), "ApiKey.class");
    }
}
