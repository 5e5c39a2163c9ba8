package dev.keywright

import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CodingErrorAction

/**
 * A secret on its way in: its exact bytes, in memory outside the heap that is wiped after the call. One buffer for each
 * thread serves all calls but those within calls.
 */
internal object Presented {
    /** No secret is longer than this. */
    private const val MOST = 64 * 1024
    private const val USUAL = 1024

    /** Stands for a text that has no UTF-8: no secret is this byte. */
    private const val NO_TEXT: Byte = -1

    private val spare = ThreadLocal<ByteBuffer?>()

    inline fun <T> of(text: String, use: (ByteBuffer) -> T): T =
        within(minOf(text.length.toLong() * 3, MOST.toLong()).toInt()) { buffer ->
            encode(text, buffer)
            use(buffer)
        }

    inline fun <T> of(bytes: ByteArray, use: (ByteBuffer) -> T): T =
        within(minOf(bytes.size, MOST)) { buffer ->
            buffer.put(bytes, 0, minOf(bytes.size, MOST)).flip()
            use(buffer)
        }

    inline fun <T> within(room: Int, use: (ByteBuffer) -> T): T {
        val buffer = take(room)
        try {
            return use(buffer)
        } finally {
            give(buffer)
        }
    }

    fun take(room: Int): ByteBuffer {
        val own = spare.get()
        if (own == null || room > own.capacity()) return ByteBuffer.allocateDirect(maxOf(room, USUAL))
        spare.set(null)
        return own.clear()
    }

    fun give(buffer: ByteBuffer) {
        buffer.clear()
        while (buffer.remaining() >= Long.SIZE_BYTES) buffer.putLong(0)
        while (buffer.hasRemaining()) buffer.put(0)
        if (buffer.capacity() == USUAL) spare.set(buffer)
    }

    fun encode(text: String, buffer: ByteBuffer) {
        val encoder = Charsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPORT)
        val result = encoder.encode(CharBuffer.wrap(text), buffer, true)
        // Of a text that is too long so much is looked at as there is room for.
        if (result.isError) buffer.clear().put(NO_TEXT)
        buffer.flip()
    }
}
