package dev.keywright

import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** One table maps each error to one code and one class, in every language. */
class ErrorsTest {
    @Test
    fun `every code of the table has its class`() {
        val table = shared.resolve("../docs/errors.md").normalize().readText()
        for (code in ErrorCode.entries) {
            val error = KeywrightException.of(code, "what happened", "what to do", "key_1")
            assertEquals(code, error.code)
            assertEquals("what happened: what to do", error.message)
            assertEquals("key_1", error.keyId)
            val row = Regex("""\| `${code.stableName}` \|.*""").find(table)?.value
            assertTrue(row != null && "${error::class.simpleName}Error" in row, "$code is not in docs/errors.md: $row")
        }
        assertEquals(ErrorCode.entries.size, KeywrightException::class.sealedSubclasses.size)
    }

    @Test
    fun `every word has a stable name of its own`() {
        val names = listOf(
            KeyClass.entries.map { it.stableName }, KeyStatus.entries.map { it.stableName },
            VersionStatus.entries.map { it.stableName }, OwnerKind.entries.map { it.stableName },
            RevocationReason.entries.map { it.stableName }, VerifyCode.entries.map { it.stableName },
            ErrorCode.entries.map { it.stableName }, LogLevel.entries.map { it.stableName },
            ErrorForm.entries.map { it.stableName }, AuthorizeCode.entries.map { it.stableName },
        )
        for (table in names) assertEquals(table.size, table.toSet().size)
        assertEquals(VerifyCode.entries.map { it.name.lowercase() }, VerifyCode.entries.map { it.stableName })
        assertEquals(AuthorizeCode.entries.map { it.name.lowercase() }, AuthorizeCode.entries.map { it.stableName })
        assertEquals(listOf(200, 401, 403, 429, 503), VerifyCode.entries.map { Verification(it, null, null, null, null).httpStatus }.distinct())
    }
}
