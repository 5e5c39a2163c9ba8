//! The Swift package: the generated code narrowed to what users may see, where `SwiftPM` finds it, and
//! the toolchain that builds it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::fields::Fields;
use super::{MADE_BY_USERS, Profile, generate, is_public, library, only_built, place, rewrite};
use crate::machine::SWIFT;
use crate::process::{Job, at, target};
use crate::suite;

/// The package.
pub(crate) const FOLDER: &str = "bindings/swift";

/// `cargo xtask swift [--debug|--release]`.
pub(crate) fn command(arguments: &[String]) -> Result<(), String> {
    let Some(profile) = only_built("swift", arguments)? else {
        return suite::only("swift");
    };
    if let Some(why) = SWIFT.missing() {
        return Err(format!("{}: {why}", SWIFT.name));
    }
    let built = package(profile)?;
    println!(
        "the library lies in {}, and {FOLDER} goes with it",
        built.display()
    );
    Ok(())
}

/// Builds the library, generates the code, and puts it where `SwiftPM` finds it. Gives the folder that
/// the library lies in.
pub(crate) fn package(profile: Profile) -> Result<PathBuf, String> {
    let built = library(profile)?;
    let out = generate("swift", &built)?;
    let generated = out.join("Keywright.swift");
    rewrite(&generated, narrow)?;
    let sources = at(FOLDER).join("Sources");
    place(&generated, &sources.join("Keywright/Native.swift"))?;
    place(
        &out.join("KeywrightFFI.h"),
        &sources.join("KeywrightFFI/KeywrightFFI.h"),
    )?;
    place(
        &out.join("KeywrightFFI.modulemap"),
        &sources.join("KeywrightFFI/module.modulemap"),
    )?;
    Ok(built)
}

/// A program of the toolchain: the one under `target/swift` if it was set up, else the machine's own.
pub(crate) fn tool(program: &str) -> Job {
    within_toolchain(OsStr::new(program))
}

/// A program that runs where the toolchain is: what that made wants its libraries.
fn within_toolchain(program: impl AsRef<OsStr>) -> Job {
    let wrapper = target().join("swift").join("in-swift");
    if wrapper.exists() {
        Job::new(wrapper).args([program])
    } else {
        Job::new(program)
    }
}

/// The words that run a program where the toolchain is.
pub(crate) fn command_of(program: &Path) -> Vec<String> {
    let wrapper = target().join("swift").join("in-swift");
    let words = [wrapper.as_path(), program];
    let skipped = usize::from(!wrapper.exists());
    let words = words.iter().skip(skipped);
    words.map(|word| word.display().to_string()).collect()
}

/// Builds another package that depends on this one.
pub(crate) fn build_other(folder: &Path, built: &Path, how: &[&str]) -> Result<(), String> {
    let job = in_package("build", folder, built).args(how);
    job.run().map(drop)
}

/// `swift COMMAND` in the package, told where the library lies.
pub(crate) fn swift(command: &str, built: &Path) -> Job {
    in_package(command, &at(FOLDER), built)
}

fn in_package(command: &str, folder: &Path, built: &Path) -> Job {
    let mut path = std::ffi::OsString::from("-L");
    path.push(built);
    tool("swift")
        .args([command, "--package-path"])
        .args([folder])
        .args(["-Xlinker".into(), path])
        .args(["-Xlinker", "-rpath", "-Xlinker"])
        .args([built])
}

/// Compiles a program against the package as it was built last, and runs it in a folder.
pub(crate) fn run_program(folder: &Path, text: &str) -> Result<(), String> {
    let built = package(Profile::Test)?;
    swift("build", &built).run()?;
    let source = folder.join("main.swift");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::write(&source, text).map_err(failed)?;
    let made = at(FOLDER).join(".build/debug");
    let mut objects = Vec::new();
    for entry in fs::read_dir(made.join("Keywright.build")).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        objects.extend(path.extension().is_some_and(|it| it == "o").then_some(path));
    }
    let header = at(FOLDER).join("Sources/KeywrightFFI/module.modulemap");
    tool("swiftc")
        .args(["-swift-version", "6", "-o", "program", "main.swift"])
        .args(objects)
        .args([OsStr::new("-I"), made.join("Modules").as_os_str()])
        .args([
            "-Xcc".to_owned(),
            format!("-fmodule-map-file={}", header.display()),
        ])
        .args([
            OsStr::new("-L"),
            built.as_os_str(),
            OsStr::new("-lkeywright_uniffi"),
        ])
        .args(["-Xlinker", "-rpath", "-Xlinker"])
        .args([&built])
        .within(folder)
        .run()?;
    within_toolchain(folder.join("program"))
        .within(folder)
        .run()
        .map(drop)
}

/// What was found, or that nothing was.
pub(crate) fn find() -> Result<String, String> {
    let text = tool("swift")
        .args(["--version"])
        .text()
        .map_err(|_| "not found".to_owned())?;
    let line = text.lines().find(|line| line.contains("Swift version"));
    line.map(|line| line.trim().to_owned())
        .ok_or_else(|| "it does not say its version".to_owned())
}

/// Sets a toolchain up under `target/swift`, from Debian's packages, without a change to the machine.
pub(crate) fn provide() -> Result<(), String> {
    Job::new(at(FOLDER).join("toolchain.sh"))
        .args([target().join("swift")])
        .run()
        .map(drop)
}

/// Makes everything but records and enumerations internal to the package, and names what numbers,
/// moments and fields are.
fn narrow(text: &str) -> String {
    let fields = fields(text);
    let mut inside = None;
    let mut out = String::from("// swift-format-ignore-file\n");
    for line in text.lines() {
        if line.trim_start().starts_with("* ") {
            out.push_str(&fields.documented(line));
        } else {
            out.push_str(&narrowed(line, &mut inside));
        }
        out.push('\n');
    }
    out
}

/// The fields of all records.
fn fields(text: &str) -> Fields {
    Fields::of(text.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("    public let ")?.split_once(':')?;
        Some(name)
    }))
}

/// One line; `inside` is the record or enumeration that it belongs to, if users may see that.
fn narrowed(line: &str, inside: &mut Option<String>) -> String {
    if line == "import KeywrightFFI" {
        return format!("internal {line}");
    }
    if let Some(name) = declared(line) {
        *inside = is_public(name).then(|| name.to_owned());
        if inside.is_some() {
            return line.to_owned();
        }
    }
    let method = inside.is_some() && line.starts_with("public func toJson()");
    let made = line.trim_start() == "public init("
        && inside.as_deref().is_some_and(|name| name != MADE_BY_USERS);
    let line = named(line);
    if method {
        line
    } else if made {
        line.replacen("public ", "", 1)
    } else {
        let own = ["public ", "open "]
            .iter()
            .find_map(|word| line.strip_prefix(word));
        own.map_or(line.clone(), str::to_owned)
    }
}

/// The type that a line at the top level declares.
fn declared(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("public struct ")
        .or_else(|| line.strip_prefix("public enum "))?;
    rest.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
}

/// Numbers and moments by the names that Swift has for them.
fn named(line: &str) -> String {
    if line.contains("typealias ") {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    let mut word = String::new();
    for letter in line.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else {
            out.push_str(in_swift(&word));
            word.clear();
            out.push(letter);
        }
    }
    out.push_str(in_swift(&word));
    out
}

fn in_swift(word: &str) -> &str {
    match word {
        "Count" => "Int",
        "Timestamp" => "Date",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_records_and_enumerations_stay_public() {
        let cases = [
            ("public struct ApiKey: Equatable, Hashable {", None),
            ("public enum KeyClass: Equatable, Hashable {", None),
            (
                "public struct NativeCreated {",
                Some("struct NativeCreated {"),
            ),
            (
                "open class NativeManager: NativeManagerProtocol, @unchecked Sendable {",
                Some("class NativeManager: NativeManagerProtocol, @unchecked Sendable {"),
            ),
            (
                "public func FfiConverterTypeUser_lower(_ value: User) -> RustBuffer {",
                Some("func FfiConverterTypeUser_lower(_ value: User) -> RustBuffer {"),
            ),
            ("public ", Some("")),
            (
                "public typealias Count = Int",
                Some("typealias Count = Int"),
            ),
            ("import KeywrightFFI", Some("internal import KeywrightFFI")),
            (
                "public func uniffiEnsureKeywrightUniffiInitialized() {",
                Some("func uniffiEnsureKeywrightUniffiInitialized() {"),
            ),
        ];
        for (before, after) in cases {
            assert_eq!(narrowed(before, &mut None), after.unwrap_or(before));
        }
    }

    #[test]
    fn numbers_and_moments_have_swifts_names() {
        let cases = [
            ("    public let number: Count", "    public let number: Int"),
            ("    public let at: Timestamp?", "    public let at: Date?"),
            (
                "        return FfiConverterTypeCount.lower(value)",
                "        return FfiConverterTypeCount.lower(value)",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(narrowed(before, &mut Some("User".to_owned())), after);
        }
    }

    #[test]
    fn the_fields_of_records_are_found() {
        let record = "public struct Limit {\n    public let refillAmount: Count\n    public let unit: String\n";
        let line = fields(record).documented("     * See `refill_amount`.");
        assert_eq!(line, "     * See `refillAmount`.");
    }

    #[test]
    fn records_are_given_and_not_made_but_for_a_limit() {
        let record = "public struct NAME: Equatable {\n    public let id: String\n    public init(\n        id: String) {\n    }\npublic func toJson() -> String  {\n}\n}\n";
        let user = narrow(&record.replace("NAME", "User"));
        assert!(user.contains("\n    init(") && user.contains("\npublic func toJson()"));
        let limit = narrow(&record.replace("NAME", "Limit"));
        assert!(limit.contains("\n    public init("));
    }
}
