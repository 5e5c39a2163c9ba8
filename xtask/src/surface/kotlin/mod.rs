//! The public surface of the Kotlin package, from its sources and what is generated beside them: that
//! needs neither Java nor Maven.

mod reader;
mod source;
mod tokens;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::process::at;
use crate::uniffi::{Profile, kotlin};

/// One line for each public name.
pub(super) fn list() -> Result<BTreeSet<String>, String> {
    kotlin::package(Profile::Test)?;
    let mut lines = BTreeSet::new();
    read(&at(kotlin::GENERATED), &mut lines)?;
    let folder = at(kotlin::FOLDER).join("src/main/kotlin/dev/keywright");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(&folder).map_err(failed)? {
        read(&entry.map_err(failed)?.path(), &mut lines)?;
    }
    Ok(lines)
}

fn read(file: &Path, lines: &mut BTreeSet<String>) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    source::read(&text, lines);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let mut lines = BTreeSet::new();
        source::read(&format!("package a.b\n\n{text}"), &mut lines);
        lines.into_iter().collect()
    }

    #[test]
    fn functions_stand_in_one_line() {
        let text = "public class K internal constructor(private val x: X) : AutoCloseable {\n\
            /** Documented: `public fun no()`. */\n\
            @JvmOverloads\n\
            public suspend fun create(\n    name: String,\n    pairs: Map<String, String> = emptyMap(),\n): Made = waited { x.create(name) }\n\
            public suspend fun get(id: String): K = x.get(id)\n\
            override fun close() {\n    public_fun(\"}\")\n}\n\
            internal fun hidden() = 1\n\
            public companion object {\n    public fun open(): K = K(X())\n    private const val P = 1\n}\n}\n";
        assert_eq!(
            lines(text),
            [
                "a.b.K.close: fun()",
                "a.b.K.create: @JvmOverloads suspend fun(name: String, pairs: Map<String, String> = emptyMap()): Made",
                "a.b.K.get: suspend fun(id: String): K",
                "a.b.K.open: fun(): K",
                "a.b.K: class : AutoCloseable",
            ]
        );
    }

    #[test]
    fn what_is_generated_says_nothing_of_visibility() {
        let text = "public data class R (\n    /**\n     * The id.\n     */\n    val `id`: kotlin.String\n    , \n    val `at`: Instant? = null \n){\n\n    /**\n     * JSON.\n     */ fun `toJson`(): kotlin.String {\n        return lift()\n    }\n    companion object\n}\ninternal class N: D() {\n    fun x() {}\n}\n\npublic enum class E {\n    \n    /** One. */\n    ONE,\n    TWO;\n\n    companion object\n}\n";
        assert_eq!(
            lines(text),
            [
                "a.b.E.ONE: entry",
                "a.b.E.TWO: entry",
                "a.b.E: enum class",
                "a.b.R.at: val Instant?",
                "a.b.R.constructor: (id: String, at: Instant? = null)",
                "a.b.R.id: val String",
                "a.b.R.toJson: fun(): String",
                "a.b.R: data class",
            ]
        );
    }

    #[test]
    fn properties_and_extensions_have_their_types() {
        let text = "public sealed interface C<out T> {\n    public data object Keep : C<Nothing>\n    public data class To<T>(val value: T) : C<T>\n}\n\
            public val E.word: String get() = words[ordinal]\n\
            public fun E.Companion.named(name: String): E = told { find(name) }\n\
            public fun interface Clock {\n    public fun now(): Instant\n}\n\
            public class V {\n    @get:JvmName(\"isValid\")\n    public val valid: Boolean get() = code == VALID\n    public constructor(text: String) : this(of(text))\n    public const val NAME: String = \"n: 1\"\n}\n";
        assert_eq!(
            lines(text),
            [
                "a.b.C.Keep: data object : C<Nothing>",
                "a.b.C.To.constructor: (value: T)",
                "a.b.C.To.value: val T",
                "a.b.C.To: data class<T> : C<T>",
                "a.b.C: sealed interface<out T>",
                "a.b.Clock.now: fun(): Instant",
                "a.b.Clock: fun interface",
                "a.b.E.named: extension fun(name: String): E",
                "a.b.E.word: extension val String",
                "a.b.V.NAME: const val String = \"n: 1\"",
                "a.b.V.constructor: ()",
                "a.b.V.constructor: (text: String)",
                "a.b.V.valid: @get:JvmName(\"isValid\") val Boolean",
                "a.b.V: class",
            ]
        );
    }

    #[test]
    fn exceptions_are_named_with_what_they_are() {
        let text = "public sealed class X(\n    public val code: Code,\n    private val y: Int,\n) : Exception(if (y == 1) \"a\" else \"b\"), Z by y {\n    public class Lost internal constructor(y: Int) :\n        X(Code.LOST, y)\n}\n";
        assert_eq!(
            lines(text),
            [
                "a.b.X.Lost: class : X",
                "a.b.X.code: val Code",
                "a.b.X: sealed class : Exception, Z",
            ]
        );
    }
}
