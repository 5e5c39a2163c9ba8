package dev.keywright

/**
 * A secret: shown by [reveal] alone. [toString] and everything that prints objects shows what may be shown of it.
 *
 * It lies in memory that [close] wipes. A text that was made of it, by [reveal], or that it was made of, stays in the
 * heap until the collector takes it: the JVM's strings can't be wiped.
 */
public class Secret internal constructor(internal val native: NativeSecret) : AutoCloseable {
    private val shown = native.shown()

    /** What may be shown of it, for example `acme_live_kw1FSNt…`. */
    public val redactedValue: String = native.redactedValue()

    /** Takes a text over as a secret. */
    public constructor(text: String) : this(Presented.of(text) { NativeSecret.fromBytes(it) })

    /** Takes bytes over as a secret. They stay the caller's, who may wipe them. */
    public constructor(bytes: ByteArray) : this(Presented.of(bytes) { NativeSecret.fromBytes(it) })

    /**
     * The secret itself. Whatever is done with the answer is no longer protected.
     *
     * @throws KeywrightException.Closed after [close]
     */
    public fun reveal(): String = told { native.reveal() }

    /** Wipes it now; doing it twice is fine. */
    override fun close() {
        // The handle itself goes with the collector: one that was let go must not be passed on.
        native.wipe()
    }

    override fun toString(): String = shown
}
