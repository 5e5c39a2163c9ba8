//! Writes rustdoc's JSON types and functions as Rust, with short names: what a
//! reader of a signature looks at, and nothing that changes with the compiler.

use serde_json::Value;

/// A type.
pub(super) fn shape(value: &Value) -> String {
    if let Some(word) = value.as_str() {
        return if word == "infer" {
            "_".to_owned()
        } else {
            word.to_owned()
        };
    }
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else {
        return "()".to_owned();
    };
    match kind.as_str() {
        "resolved_path" => path(inner),
        "generic" | "primitive" => text(inner).to_owned(),
        "tuple" => format!("({})", all(inner, shape).join(", ")),
        "slice" => format!("[{}]", shape(inner)),
        "array" => format!("[{}; {}]", shape(&inner["type"]), text(&inner["len"])),
        "impl_trait" => format!("impl {}", bounds(inner)),
        "dyn_trait" => {
            let mut parts = all(&inner["traits"], |bound| path(&bound["trait"]));
            parts.extend(inner["lifetime"].as_str().map(str::to_owned));
            format!("dyn {}", parts.join(" + "))
        }
        "borrowed_ref" => {
            let lifetime = inner["lifetime"]
                .as_str()
                .map(|name| format!("{name} "))
                .unwrap_or_default();
            let mutable = if inner["is_mutable"] == true {
                "mut "
            } else {
                ""
            };
            let to = shape(&inner["type"]);
            let several = (to.starts_with("impl ") || to.starts_with("dyn ")) && to.contains(" + ");
            let to = if several { format!("({to})") } else { to };
            format!("&{lifetime}{mutable}{to}")
        }
        "raw_pointer" => {
            let word = if inner["is_mutable"] == true {
                "mut"
            } else {
                "const"
            };
            format!("*{word} {}", shape(&inner["type"]))
        }
        "qualified_path" => {
            let owner = shape(&inner["self_type"]);
            match path(&inner["trait"]) {
                name if name.is_empty() => format!("{owner}::{}", text(&inner["name"])),
                name => format!("<{owner} as {name}>::{}", text(&inner["name"])),
            }
        }
        "function_pointer" => {
            let inputs = all(&inner["sig"]["inputs"], |input| shape(&input[1]));
            format!(
                "fn({}){}",
                inputs.join(", "),
                output(&inner["sig"]["output"])
            )
        }
        other => format!("?{other}"),
    }
}

/// A function without its name: generics, parameters, result, conditions.
pub(super) fn function(inner: &Value) -> String {
    let header = &inner["header"];
    let mut words = String::new();
    for (flag, word) in [
        ("is_const", "const "),
        ("is_async", "async "),
        ("is_unsafe", "unsafe "),
    ] {
        if header[flag] == true {
            words.push_str(word);
        }
    }
    let inputs = all(&inner["sig"]["inputs"], parameter).join(", ");
    let generics_ = &inner["generics"];
    let result = output(&inner["sig"]["output"]);
    format!(
        "{words}fn{}({inputs}){result}{}",
        generics(generics_),
        conditions(generics_)
    )
}

/// `<T: Clone>`, or nothing.
pub(super) fn generics(value: &Value) -> String {
    let written = |parameter: &&Value| parameter["kind"]["type"]["is_synthetic"] != true;
    let parameters: Vec<String> = list(&value["params"])
        .filter(written)
        .map(generic)
        .collect();
    if parameters.is_empty() {
        String::new()
    } else {
        format!("<{}>", parameters.join(", "))
    }
}

/// ` where T: Clone`, or nothing.
pub(super) fn conditions(value: &Value) -> String {
    let predicates: Vec<String> = list(&value["where_predicates"])
        .map(|predicate| {
            if let Some(bound) = predicate.get("bound_predicate") {
                format!("{}: {}", shape(&bound["type"]), bounds(&bound["bounds"]))
            } else if let Some(lifetime) = predicate.get("lifetime_predicate") {
                let longer = all(&lifetime["outlives"], |name| text(name).to_owned());
                format!("{}: {}", text(&lifetime["lifetime"]), longer.join(" + "))
            } else {
                let equal = &predicate["eq_predicate"];
                format!(
                    "{} = {}",
                    shape(&equal["lhs"]),
                    shape(&equal["rhs"]["type"])
                )
            }
        })
        .collect();
    if predicates.is_empty() {
        String::new()
    } else {
        format!(" where {}", predicates.join(", "))
    }
}

/// `Clone + Send`.
pub(super) fn bounds(value: &Value) -> String {
    let bound = |bound: &Value| match bound.get("trait_bound") {
        Some(inner) => {
            let mark = if inner["modifier"] == "maybe" {
                "?"
            } else {
                ""
            };
            format!("{mark}{}", path(&inner["trait"]))
        }
        None => text(&bound["outlives"]).to_owned(),
    };
    all(value, bound).join(" + ")
}

/// A path's last name with its arguments.
pub(super) fn path(value: &Value) -> String {
    let name = text(&value["path"]);
    let short = name.rsplit("::").next().unwrap_or(name);
    let arguments = &value["args"];
    if let Some(call) = arguments.get("parenthesized") {
        return format!(
            "{short}({}){}",
            all(&call["inputs"], shape).join(", "),
            output(&call["output"])
        );
    }
    let Some(angle) = arguments.get("angle_bracketed") else {
        return short.to_owned();
    };
    let mut parts = all(&angle["args"], argument);
    parts.extend(list(&angle["constraints"]).map(constraint));
    if parts.is_empty() {
        short.to_owned()
    } else {
        format!("{short}<{}>", parts.join(", "))
    }
}

fn argument(value: &Value) -> String {
    if let Some(kind) = value.get("type") {
        shape(kind)
    } else if let Some(lifetime) = value.get("lifetime") {
        text(lifetime).to_owned()
    } else if let Some(constant) = value.get("const") {
        text(&constant["expr"]).to_owned()
    } else {
        "_".to_owned()
    }
}

fn constraint(value: &Value) -> String {
    let name = text(&value["name"]);
    let binding = &value["binding"];
    match binding.get("equality") {
        Some(term) => format!("{name} = {}", argument(term)),
        None => format!("{name}: {}", bounds(&binding["constraint"])),
    }
}

fn parameter(value: &Value) -> String {
    let (name, kind) = (text(&value[0]), shape(&value[1]));
    let by_reference = kind.starts_with('&') && kind.ends_with(" Self");
    match (name, kind.as_str()) {
        ("self", "Self") => "self".to_owned(),
        ("self", "&Self") => "&self".to_owned(),
        ("self", _) if by_reference => kind.replace(" Self", " self"),
        _ => format!("{name}: {kind}"),
    }
}

fn generic(value: &Value) -> String {
    let name = text(&value["name"]);
    let kind = &value["kind"];
    if let Some(constant) = kind.get("const") {
        return format!("const {name}: {}", shape(&constant["type"]));
    }
    let bound = bounds(&kind["type"]["bounds"]);
    let default = match &kind["type"]["default"] {
        Value::Null => String::new(),
        default => format!(" = {}", shape(default)),
    };
    if bound.is_empty() {
        format!("{name}{default}")
    } else {
        format!("{name}: {bound}{default}")
    }
}

fn output(value: &Value) -> String {
    if value.is_null() {
        String::new()
    } else {
        format!(" -> {}", shape(value))
    }
}

fn all(value: &Value, write: impl Fn(&Value) -> String) -> Vec<String> {
    list(value).map(write).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_are_written_as_rust() {
        let bytes = json!({"borrowed_ref": {"lifetime": "'a", "is_mutable": false,
            "type": {"array": {"type": {"primitive": "u8"}, "len": "32"}}}});
        assert_eq!(shape(&bytes), "&'a [u8; 32]");
        let result = json!({"resolved_path": {"path": "std::result::Result", "args": {"angle_bracketed": {
            "args": [{"type": {"tuple": []}}, {"type": {"generic": "E"}}], "constraints": []}}}});
        assert_eq!(shape(&result), "Result<(), E>");
    }

    #[test]
    fn a_future_shows_its_output() {
        let future = json!({"impl_trait": [{"trait_bound": {"modifier": "none", "trait": {"path": "Future",
            "args": {"angle_bracketed": {"args": [], "constraints": [{"name": "Output", "args": null,
                "binding": {"equality": {"type": {"primitive": "bool"}}}}]}}}}}]});
        assert_eq!(shape(&future), "impl Future<Output = bool>");
    }

    #[test]
    fn a_method_shows_its_receiver_and_conditions() {
        let inner = json!({
            "sig": {"inputs": [
                ["self", {"borrowed_ref": {"lifetime": null, "is_mutable": true, "type": {"generic": "Self"}}}],
                ["check", {"generic": "F"}]], "output": null},
            "generics": {
                "params": [{"name": "F", "kind": {"type": {"bounds": [], "default": null, "is_synthetic": false}}}],
                "where_predicates": [{"bound_predicate": {"type": {"generic": "F"}, "bounds": [
                    {"trait_bound": {"modifier": "none", "trait": {"path": "Fn", "args": {"parenthesized": {
                        "inputs": [{"primitive": "u8"}], "output": {"primitive": "bool"}}}}}},
                    {"outlives": "'static"}]}}]},
            "header": {"is_async": true},
        });
        assert_eq!(
            function(&inner),
            "async fn<F>(&mut self, check: F) where F: Fn(u8) -> bool + 'static"
        );
    }
}
