//! The Kotlin package: the generated code narrowed to what users may see, and the library where
//! Maven finds both.

use super::fields::Fields;
use super::{
    MADE_BY_USERS, Profile, file_name, generate, is_public, library, only_built, place, rewrite,
};
use crate::process::at;
use crate::suite;

/// The package.
pub(crate) const FOLDER: &str = "bindings/kotlin";
/// Where Maven finds what is generated and built.
const NATIVE: &str = "bindings/kotlin/target/native";
/// The generated code.
pub(crate) const GENERATED: &str = "bindings/kotlin/target/native/kotlin/dev/keywright/Native.kt";

/// `cargo xtask kotlin [--debug|--release]`.
pub(crate) fn command(arguments: &[String]) -> Result<(), String> {
    let Some(profile) = only_built("kotlin", arguments)? else {
        return suite::only("kotlin");
    };
    package(profile)?;
    println!("the library lies in {NATIVE}, and {FOLDER} goes with it");
    Ok(())
}

/// Builds the library, generates the code, and puts both where Maven finds them.
pub(crate) fn package(profile: Profile) -> Result<(), String> {
    let built = library(profile)?;
    let out = generate("kotlin", &built)?;
    let generated = out.join("dev/keywright/keywright_uniffi.kt");
    rewrite(&generated, narrow)?;
    place(&generated, &at(GENERATED))?;
    let library = format!("resources/{}/{}", platform()?, file_name());
    place(&built.join(file_name()), &at(NATIVE).join(library))
}

/// The folder in a jar from which JNA loads a library on this machine.
fn platform() -> Result<&'static str, String> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("linux-x86-64"),
        ("linux", "aarch64") => Ok("linux-aarch64"),
        ("macos", "x86_64") => Ok("darwin-x86-64"),
        ("macos", "aarch64") => Ok("darwin-aarch64"),
        ("windows", "x86_64") => Ok("win32-x86-64"),
        (system, machine) => Err(format!("JNA's name for {system} on {machine} is not known")),
    }
}

/// Makes everything but records and enumerations internal to the package, and names what numbers,
/// moments and fields are.
fn narrow(text: &str) -> String {
    let fields = fields(text);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if line.trim_start().starts_with("* ") {
            out.push_str(&fields.documented(line));
        } else {
            out.push_str(&narrowed(line));
        }
        out.push('\n');
    }
    out
}

/// The fields of all records.
fn fields(text: &str) -> Fields {
    Fields::of(text.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("    val `")?.split_once("`: ")?;
        Some(name)
    }))
}

fn narrowed(line: &str) -> String {
    // A function may stand behind the end of its documentation.
    if let Some((comment, function)) = line.split_once("*/ fun ") {
        // The one that records have.
        if function.starts_with("`toJson`") {
            return line.to_owned();
        }
        return format!("{comment}*/ internal fun {function}");
    }
    // Or behind what it throws.
    if let Some((throws, function)) = line.split_once(") fun `native") {
        return format!("{throws}) internal fun `native{function}");
    }
    if let Some(rest) = line.strip_prefix("public typealias ") {
        return format!("internal typealias {rest}");
    }
    let Some(declared) = declared(line) else {
        return line
            .replace(": Timestamp", ": Instant")
            .replace(": Count", ": Long")
            .replace("<Count", "<Long");
    };
    let own = line.trim_start();
    let rest = own.strip_prefix("public ").unwrap_or(own);
    let carries_errors = line.contains("kotlin.Exception");
    let marker = ["interface", "object"];
    if is_public(declared) && !carries_errors && !marker.iter().any(|word| rest.starts_with(word)) {
        let helper = [
            "RustBuffer",
            "ForeignBytes",
            "InternalException",
            "Disposable",
            "NoHandle",
        ];
        if !helper.contains(&declared) && rest.contains("class ") {
            return match rest.strip_suffix(" (") {
                // A field that is added must not break whoever makes records.
                Some(head) if declared != MADE_BY_USERS => {
                    format!("@ConsistentCopyVisibility\npublic {head} internal constructor (")
                }
                _ => format!("public {rest}"),
            };
        }
    }
    format!("internal {rest}")
}

/// The name that a line at the top level declares, if it is visible to users.
fn declared(line: &str) -> Option<&str> {
    let mut words = line
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty());
    let modifiers = [
        "public", "open", "data", "enum", "sealed", "abstract", "inline", "suspend",
    ];
    let kinds = ["class", "interface", "object", "fun", "val", "var"];
    // Functions of the top level may stand behind a blank.
    let own = line.trim_start();
    let indent = line.len() - own.len();
    if !own.starts_with(char::is_alphabetic)
        || indent > 8
        || (indent > 0 && !own.contains("fun `native"))
    {
        return None;
    }
    let mut word = words.next()?;
    while modifiers.contains(&word) {
        word = words.next()?;
    }
    if !kinds.contains(&word) {
        return None;
    }
    words.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_records_and_enumerations_stay_public() {
        let cases = [
            (
                "data class ApiKey (",
                "@ConsistentCopyVisibility\npublic data class ApiKey internal constructor (",
            ),
            ("data class Limit (", "public data class Limit ("),
            ("enum class KeyClass {", "public enum class KeyClass {"),
            (
                "data class NativeCreated (",
                "internal data class NativeCreated (",
            ),
            (
                "open class NativeManager: Disposable",
                "internal open class NativeManager: Disposable",
            ),
            (
                "public object FfiConverterTypeUser: F<User> {",
                "internal object FfiConverterTypeUser: F<User> {",
            ),
            (
                "sealed class NativeFailure: kotlin.Exception() {",
                "internal sealed class NativeFailure: kotlin.Exception() {",
            ),
            (
                "public typealias Count = kotlin.Long",
                "internal typealias Count = kotlin.Long",
            ),
            ("internal fun x() {}", "internal fun x() {}"),
            (
                "    @Throws(NativeFailure::class) fun `nativeKeyClass`(",
                "    @Throws(NativeFailure::class) internal fun `nativeKeyClass`(",
            ),
            (
                "     */ fun `toJson`(): kotlin.String {",
                "     */ fun `toJson`(): kotlin.String {",
            ),
            (
                "         */ fun `nativeWords`(): NativeWords {",
                "         */ internal fun `nativeWords`(): NativeWords {",
            ),
            (
                "    val `createdAt`: Timestamp",
                "    val `createdAt`: Instant",
            ),
            (
                "suspend fun `nativeOpen`(",
                "internal suspend fun `nativeOpen`(",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(narrowed(before), after);
        }
    }

    #[test]
    fn documentation_names_fields_as_kotlin_does() {
        let record = "public data class Limit (\n    /**\n     * See `refill_amount`.\n     */\n    val `refillAmount`: Count\n";
        assert!(narrow(record).contains("* See `refillAmount`."));
    }
}
