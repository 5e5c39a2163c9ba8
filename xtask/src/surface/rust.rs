//! The public surface of the facade crate, from rustdoc's JSON: the facade's own
//! items and, where it passes on an item of another of our crates, that item.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::signature::{bounds, conditions, function, generics, path, shape};
use crate::process::{Job, target};

/// The crate that users see.
const FACADE: &str = "keywright";
/// Crates whose items it passes on.
const BELOW: &[&str] = &["keywright-core", "keywright-sqlite"];

/// Set for our own program where Cargo runs it in rustdoc's place.
pub(crate) const AS_RUSTDOC: &str = "XTASK_AS_RUSTDOC";

/// One line for each public item.
pub(super) fn list() -> Result<BTreeSet<String>, String> {
    let us = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let mut job = Job::cargo().args(["doc", "--no-deps", "--lib"]);
    for name in [FACADE].iter().chain(BELOW) {
        job = job.args(["--package", name]);
    }
    // JSON is still behind rustdoc's switch for unstable options. Only rustdoc is told of
    // it, through us: told to all of Cargo, the switch would rebuild every dependency.
    job.env("RUSTDOC", us)
        .env(AS_RUSTDOC, "1")
        .env(
            "RUSTDOCFLAGS",
            "-Z unstable-options --output-format json --cap-lints allow",
        )
        .run()?;
    let crates = [FACADE]
        .iter()
        .chain(BELOW)
        .map(|name| read(name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Surface::of(&crates))
}

/// Stands in for rustdoc, with the switch set.
pub(crate) fn stand_in(arguments: &[String]) -> Result<(), String> {
    let status = std::process::Command::new("rustdoc")
        .args(arguments)
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("rustdoc ended with {status}")),
        Err(error) => Err(format!("rustdoc could not be run: {error}")),
    }
}

fn read(name: &str) -> Result<Value, String> {
    let file = target()
        .join("doc")
        .join(format!("{}.json", name.replace('-', "_")));
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// Walks the crates and collects lines.
struct Surface<'a> {
    crates: &'a [Value],
    /// Where an item is defined: its full path leads to crate and id.
    places: BTreeMap<Vec<&'a str>, (usize, String)>,
    lines: BTreeSet<String>,
    /// What has been described, and under which name: an item has one place.
    described: BTreeMap<(usize, String), String>,
}

impl<'a> Surface<'a> {
    fn of(crates: &'a [Value]) -> BTreeSet<String> {
        let mut places = BTreeMap::new();
        for (number, krate) in crates.iter().enumerate() {
            for (id, entry) in krate["paths"].as_object().into_iter().flatten() {
                if entry["crate_id"] == 0 {
                    places.insert(segments(entry), (number, id.clone()));
                }
            }
        }
        let mut surface = Self {
            crates,
            places,
            lines: BTreeSet::new(),
            described: BTreeMap::new(),
        };
        if let Some(facade) = crates.first() {
            surface.item(0, &id(&facade["root"]), FACADE);
        }
        surface.lines
    }

    /// An item by id; `name` is the path under which a user reaches it.
    fn item(&mut self, number: usize, item: &str, name: &str) {
        let Some(krate) = self.crates.get(number) else {
            return;
        };
        let Some(found) = krate["index"].get(item) else {
            // Defined in another crate: one of ours, or one that we don't describe.
            let full = segments(&krate["paths"][item]);
            match self.places.get(&full).cloned() {
                Some((number, item)) => self.item(number, &item, name),
                None => self.line(format!("{name}: from {}", full.join("::"))),
            }
            return;
        };
        let Some((kind, inner)) = found["inner"]
            .as_object()
            .and_then(|object| object.iter().next())
        else {
            return;
        };
        if kind != "use" {
            let place = (number, item.to_owned());
            if let Some(first) = self.described.get(&place) {
                let line = format!("{name}: same as {first}");
                return self.line(line);
            }
            self.described.insert(place, name.to_owned());
        }
        match kind.as_str() {
            "module" => self.module(number, inner, name),
            "use" => self.passed_on(number, inner, name),
            "struct" => self.structure(number, found, inner, name),
            "enum" => self.enumeration(number, found, inner, name),
            "trait" => self.contract(number, inner, name),
            "function" => self.line(format!("{name}: {}", function(inner))),
            "type_alias" => {
                self.line(format!(
                    "{name}{}: type = {}",
                    generics(&inner["generics"]),
                    shape(&inner["type"])
                ));
            }
            "constant" => self.line(format!("{name}: const {}", shape(&inner["type"]))),
            "static" => self.line(format!("{name}: static {}", shape(&inner["type"]))),
            "macro" => self.line(format!("{name}!: macro")),
            other => self.line(format!("{name}: {other}")),
        }
    }

    fn module(&mut self, number: usize, inner: &Value, name: &str) {
        // Modules last: what the outer one passes on is described there.
        let (modules, items): (Vec<String>, Vec<String>) = ids(&inner["items"])
            .into_iter()
            .partition(|child| self.is_module(number, child));
        for child in items.into_iter().chain(modules) {
            let own = self.name_of(number, &child);
            // What is passed on says its own name.
            let path = own.map_or_else(|| name.to_owned(), |own| format!("{name}::{own}"));
            self.item(number, &child, &path);
        }
    }

    fn is_module(&self, number: usize, item: &str) -> bool {
        self.crates
            .get(number)
            .is_some_and(|krate| krate["index"][item]["inner"].get("module").is_some())
    }

    fn passed_on(&mut self, number: usize, inner: &Value, name: &str) {
        let item = id(&inner["id"]);
        if inner["is_glob"] == true {
            self.item(number, &item, name);
        } else {
            self.item(
                number,
                &item,
                &format!("{name}::{}", inner["name"].as_str().unwrap_or_default()),
            );
        }
    }

    fn structure(&mut self, number: usize, found: &Value, inner: &Value, name: &str) {
        let kind = &inner["kind"];
        let plain = &kind["plain"];
        let unnamed = kind["tuple"]
            .as_array()
            .is_some_and(|fields| fields.iter().any(Value::is_null));
        let hidden = if plain["has_stripped_fields"] == true || unnamed {
            " with private fields"
        } else {
            ""
        };
        let (more, where_) = (generics(&inner["generics"]), conditions(&inner["generics"]));
        self.line(format!(
            "{name}{more}: {}struct{hidden}{where_}",
            open(found)
        ));
        for field in ids(&plain["fields"]).into_iter().chain(ids(&kind["tuple"])) {
            self.field(number, &field, name);
        }
        self.implementations(number, &inner["impls"], name);
    }

    fn field(&mut self, number: usize, field: &str, name: &str) {
        let Some(found) = self
            .crates
            .get(number)
            .and_then(|krate| krate["index"].get(field))
        else {
            return;
        };
        let own = found["name"].as_str().unwrap_or_default();
        self.line(format!(
            "{name}::{own}: {}",
            shape(&found["inner"]["struct_field"])
        ));
    }

    fn enumeration(&mut self, number: usize, found: &Value, inner: &Value, name: &str) {
        self.line(format!(
            "{name}{}: {}enum",
            generics(&inner["generics"]),
            open(found)
        ));
        for variant in ids(&inner["variants"]) {
            let Some(found) = self
                .crates
                .get(number)
                .and_then(|krate| krate["index"].get(&variant))
            else {
                continue;
            };
            let path = format!("{name}::{}", found["name"].as_str().unwrap_or_default());
            let kind = &found["inner"]["variant"]["kind"];
            self.line(format!("{path}: {}variant", open(found)));
            for field in ids(&kind["tuple"])
                .into_iter()
                .chain(ids(&kind["struct"]["fields"]))
            {
                self.field(number, &field, &path);
            }
        }
        self.implementations(number, &inner["impls"], name);
    }

    fn contract(&mut self, number: usize, inner: &Value, name: &str) {
        let above = bounds(&inner["bounds"]);
        let above = if above.is_empty() {
            above
        } else {
            format!(": {above}")
        };
        self.line(format!(
            "{name}{}: trait{above}",
            generics(&inner["generics"])
        ));
        for item in ids(&inner["items"]) {
            self.member(number, &item, name);
        }
    }

    /// Own methods, and the names of the traits that are implemented on purpose.
    fn implementations(&mut self, number: usize, impls: &Value, name: &str) {
        let mut made = BTreeSet::new();
        for item in ids(impls) {
            let Some(found) = self
                .crates
                .get(number)
                .and_then(|krate| krate["index"].get(&item))
            else {
                continue;
            };
            let inner = &found["inner"]["impl"];
            if inner["is_synthetic"] == true || !inner["blanket_impl"].is_null() {
                continue;
            }
            match path(&inner["trait"]) {
                own if own.is_empty() => {
                    for member in ids(&inner["items"]) {
                        self.member(number, &member, name);
                    }
                }
                derived if derived.starts_with("Structural") => {}
                implemented => {
                    made.insert(implemented);
                }
            }
        }
        if !made.is_empty() {
            self.line(format!(
                "{name}: impl {}",
                made.into_iter().collect::<Vec<_>>().join(" + ")
            ));
        }
    }

    fn member(&mut self, number: usize, item: &str, name: &str) {
        let Some(found) = self
            .crates
            .get(number)
            .and_then(|krate| krate["index"].get(item))
        else {
            return;
        };
        let own = found["name"].as_str().unwrap_or_default();
        let inner = &found["inner"];
        if let Some(method) = inner.get("function") {
            self.line(format!("{name}::{own}: {}", function(method)));
        } else if let Some(constant) = inner.get("assoc_const") {
            self.line(format!("{name}::{own}: const {}", shape(&constant["type"])));
        } else if let Some(kind) = inner.get("assoc_type") {
            self.line(format!("{name}::{own}: type: {}", bounds(&kind["bounds"])));
        }
    }

    fn name_of(&self, number: usize, item: &str) -> Option<String> {
        self.crates.get(number)?["index"].get(item)?["name"]
            .as_str()
            .map(str::to_owned)
    }

    fn line(&mut self, line: String) {
        self.lines.insert(line);
    }
}

/// `non_exhaustive ` where users must expect more.
fn open(item: &Value) -> &'static str {
    let marked = item["attrs"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|attribute| {
            attribute
                .as_str()
                .or_else(|| attribute["other"].as_str())
                .is_some_and(|text| text.contains("non_exhaustive"))
        });
    if marked { "non_exhaustive " } else { "" }
}

fn segments(entry: &Value) -> Vec<&str> {
    entry["path"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn id(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn ids(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| !entry.is_null())
        .map(id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A facade that passes on `Key` of the core, which also reaches it by a module.
    fn crates() -> [Value; 2] {
        let public = |name: &str, inner: Value| json!({"name": name, "attrs": [], "inner": inner});
        let facade = json!({
            "root": 0,
            "index": {
                "0": public("keywright", json!({"module": {"items": [1, 2]}})),
                "1": public("keys", json!({"module": {"items": [3]}})),
                "2": {"name": null, "attrs": [], "inner": {"use": {"name": "Key", "id": 9, "is_glob": false}}},
                "3": {"name": null, "attrs": [], "inner": {"use": {"name": "Key", "id": 9, "is_glob": false}}},
            },
            "paths": {"9": {"crate_id": 5, "path": ["keywright_core", "key", "Key"]}},
        });
        let made = json!({"is_synthetic": false, "blanket_impl": null, "trait": {"path": "Clone"}, "items": []});
        let core = json!({
            "root": 0,
            "index": {
                "7": public("Key", json!({"struct": {
                    "kind": {"plain": {"fields": [8], "has_stripped_fields": true}},
                    "generics": {"params": [], "where_predicates": []},
                    "impls": [6],
                }})),
                "8": public("id", json!({"struct_field": {"primitive": "u64"}})),
                "6": public("", json!({"impl": made})),
            },
            "paths": {"7": {"crate_id": 0, "path": ["keywright_core", "key", "Key"]}},
        });
        [facade, core]
    }

    #[test]
    fn what_the_facade_passes_on_is_described_once_where_users_find_it() {
        let lines: Vec<String> = Surface::of(&crates()).into_iter().collect();
        assert_eq!(
            lines,
            [
                "keywright::Key: impl Clone",
                "keywright::Key: struct with private fields",
                "keywright::Key::id: u64",
                "keywright::keys::Key: same as keywright::Key",
            ]
        );
    }
}
