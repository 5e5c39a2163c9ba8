package dev.keywright

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * One page of a list.
 *
 * @property data what is on it
 * @property hasMore whether there is another page behind it
 */
public class Page<T> internal constructor(
    public val data: List<T>,
    public val hasMore: Boolean,
    private val behind: suspend (last: T) -> Page<T>,
) : Iterable<T> by data {
    /** The page behind this one; null if there is none. */
    public suspend fun next(): Page<T>? = if (hasMore) behind(data.last()) else null

    /** What is on this page and on all behind it; each page is fetched when it is come to. */
    public fun asFlow(): Flow<T> = flow {
        var page: Page<T>? = this@Page
        while (page != null) {
            page.data.forEach { emit(it) }
            page = page.next()
        }
    }

    override fun toString(): String = "Page(data=$data, hasMore=$hasMore)"
}
