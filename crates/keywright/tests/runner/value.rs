//! Values in scenarios: references to what was saved, a few operators, paths into results, and the
//! comparison with what is expected.

use super::Saved;
use super::scenario::shared;
use serde_json::{Map, Value};
use std::fs;
use std::sync::LazyLock;

static VECTORS: LazyLock<Value> = LazyLock::new(|| {
    let text = fs::read_to_string(shared("vectors/key_format.json")).unwrap();
    serde_json::from_str(&text).unwrap()
});

/// The value with its references and operators carried out. `$bytes` and what compares is left.
pub(crate) fn resolve(value: &Value, saved: &Saved) -> Result<Value, String> {
    match value {
        Value::String(text) => match reference(text) {
            Some(path) => look_up(&Value::Object(saved.clone()), path)
                .cloned()
                .ok_or_else(|| format!("nothing was saved as {text}")),
            None => Ok(value.clone()),
        },
        Value::Array(items) => items.iter().map(|item| resolve(item, saved)).collect(),
        Value::Object(fields) => match operator(fields) {
            Some((name, operand)) => operate(name, operand, saved),
            None => resolve_fields(fields, saved).map(Value::Object),
        },
        _ => Ok(value.clone()),
    }
}

/// Each field resolved.
pub(crate) fn resolve_fields(
    fields: &Map<String, Value>,
    saved: &Saved,
) -> Result<Map<String, Value>, String> {
    fields
        .iter()
        .map(|(name, value)| Ok((name.clone(), resolve(value, saved)?)))
        .collect()
}

/// `name.path` in `$name.path`. Text that has not this form as a whole (`$2b$06$…`) is itself.
fn reference(text: &str) -> Option<&str> {
    let path = text.strip_prefix('$')?;
    let begins = path.starts_with(|c: char| c.is_ascii_lowercase());
    let all = path
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.');
    (begins && all).then_some(path)
}

/// An object of one field whose name begins with `$`.
fn operator(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, operand) = fields.iter().next()?;
    (fields.len() == 1 && name.starts_with('$')).then_some((name, operand))
}

fn operate(name: &str, operand: &Value, saved: &Saved) -> Result<Value, String> {
    match name {
        "$concat" => {
            let parts = resolve(operand, saved)?;
            let parts = parts.as_array().ok_or("$concat joins a list of texts")?;
            let texts: Option<Vec<_>> = parts.iter().map(Value::as_str).collect();
            Ok(texts.ok_or("$concat joins texts")?.concat().into())
        }
        "$repeat" => match operand.as_array().map(Vec::as_slice) {
            Some([Value::String(text), Value::Number(count)]) => {
                let count = count.as_u64().and_then(|count| usize::try_from(count).ok());
                Ok(text.repeat(count.ok_or("$repeat takes a count")?).into())
            }
            _ => Err("$repeat takes a text and a count".to_owned()),
        },
        "$vector" => {
            let path = operand.as_str().ok_or("$vector takes a path")?;
            look_up(&VECTORS, path)
                .cloned()
                .ok_or_else(|| format!("there is no vector {path}"))
        }
        "$not" => Ok(wrapped(name, resolve(operand, saved)?)),
        "$bytes" | "$exists" | "$matches" | "$contains" => Ok(wrapped(name, operand.clone())),
        _ => Err(format!("unknown operator {name}")),
    }
}

fn wrapped(name: &str, operand: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), operand)]))
}

fn look_up<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, part| match value {
        Value::Object(fields) => fields.get(part),
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => None,
    })
}

/// What is at a path of a result: null where there is nothing.
pub(crate) fn at(result: &Value, path: &str) -> Value {
    if path.is_empty() {
        return result.clone();
    }
    if let Some(list) = path.strip_suffix(".length") {
        let items = look_up(result, list).and_then(Value::as_array);
        return items.map_or(Value::Null, |items| items.len().into());
    }
    look_up(result, path).cloned().unwrap_or_default()
}

/// How `there` differs from what is `wanted`; `Err` if that can't be understood.
pub(crate) fn differs(there: &Value, wanted: &Value) -> Result<Option<String>, String> {
    let comparing = wanted.as_object().and_then(operator);
    let Some((name, operand)) = comparing else {
        return Ok((there != wanted).then(|| format!("is {there}, not {wanted}")));
    };
    let text = || there.as_str().unwrap_or_default();
    let holds = match (name, operand) {
        ("$exists", Value::Bool(wanted)) => there.is_null() != *wanted,
        ("$not", operand) => there != operand,
        ("$matches", Value::String(pattern)) => {
            let whole = regex_lite::Regex::new(&format!("^(?:{pattern})$"))
                .map_err(|error| error.to_string())?;
            there.is_string() && whole.is_match(text())
        }
        ("$contains", Value::String(part)) => text().contains(part.as_str()),
        _ => return Err(format!("unknown comparison {name}")),
    };
    Ok((!holds).then(|| format!("is {there}, and {wanted} does not hold")))
}
