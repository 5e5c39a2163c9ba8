// Lists that come in pages.

/// One page of a list. Iterating over it with `for try await` goes on through all the pages behind it; each is fetched
/// when it is come to.
///
/// ```swift
/// for try await key in try await keys.list(owner: "cust_42") {
///     print(key.name)
/// }
/// ```
public struct Page<Element: Sendable>: AsyncSequence, Sendable {
    /// What is on it.
    public let data: [Element]
    /// Whether there is another page behind it.
    public let hasMore: Bool
    let behind: @Sendable (_ last: Element) async throws -> Page<Element>

    /// The page behind this one; nil if there is none.
    public func next() async throws -> Page<Element>? {
        guard hasMore, let last = data.last else { return nil }
        return try await behind(last)
    }

    /// Goes through this page and all behind it.
    public func makeAsyncIterator() -> Iterator {
        Iterator(page: self)
    }

    /// A place on a page.
    public struct Iterator: AsyncIteratorProtocol {
        private var page: Page<Element>?
        private var place = 0

        init(page: Page<Element>) {
            self.page = page
        }

        /// What is there, and on to the next.
        public mutating func next() async throws -> Element? {
            while let page {
                if place < page.data.count {
                    defer { place += 1 }
                    return page.data[place]
                }
                self.page = try await page.next()
                place = 0
            }
            return nil
        }
    }
}
