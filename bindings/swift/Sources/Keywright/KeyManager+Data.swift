// What goes in and out in bulk: imports, exports, the audit trail.

import Foundation

extension KeyManager {
    /// Takes over keys that another system issued. A record that is refused does not keep the others from being taken over.
    /// A hash becomes a digest of ours at the first good verify.
    public func importKeys(_ records: [ImportRecord]) async throws -> ImportReport {
        try await told { [native] in try await native.importKeys(records: records.map(\.native), cancel: $0) }
    }

    /// Everything but secrets and digests, one JSON object to a line, without line ends.
    public func exportKeys() -> KeyExport {
        KeyExport(native: native)
    }

    /// Events of the audit trail, oldest first; `for try await` goes through all pages.
    ///
    /// - Parameters:
    ///   - objectId: only about this key, project or account
    ///   - project: only in this project, by id or name
    ///   - eventTypes: only of these types; all if empty
    ///   - actor: only of this actor
    ///   - since: only from this moment on
    ///   - after: only behind this place in the chain
    ///   - limit: at most so many on a page, 1 to 1000; 100 if absent
    public func audit(
        objectId: String? = nil,
        project: String? = nil,
        eventTypes: [String] = [],
        actor: String? = nil,
        since: Date? = nil,
        after: Int? = nil,
        limit: Int? = nil
    ) async throws -> Page<AuditEvent> {
        let input = NativeAuditInput(
            objectId: objectId,
            project: project,
            eventTypes: eventTypes,
            actor: actor,
            since: since?.unixSeconds,
            after: after.map(Int64.init),
            limit: limit.map(Int64.init)
        )
        let page = try await told { [native] in try await native.audit(input: input, cancel: $0) }
        return Page(data: page.data, hasMore: page.hasMore) { last in
            try await self.audit(
                objectId: objectId, project: project, eventTypes: eventTypes, actor: actor, since: since,
                after: last.seq, limit: limit
            )
        }
    }

    /// Walks the whole audit trail; the first broken link, or nil.
    public func verifyAudit() async throws -> BrokenLink? {
        try await told { [native] in try await native.verifyAudit(cancel: $0) }
    }
}

/// An export: its lines, with `for try await`. Each loop over it is an export of its own.
public struct KeyExport: AsyncSequence, Sendable {
    let native: NativeManager

    /// Begins an export.
    public func makeAsyncIterator() -> Iterator {
        Iterator(native: native)
    }

    /// A running export.
    public struct Iterator: AsyncIteratorProtocol {
        private let native: NativeManager
        private var export: NativeExport?
        private var lines: ArraySlice<String> = []
        private var ended = false

        init(native: NativeManager) {
            self.native = native
        }

        /// The next line.
        public mutating func next() async throws -> String? {
            if lines.isEmpty, !ended {
                let run = try export ?? told(now: native.exportKeys)
                export = run
                lines = try await told { try await run.nextLines(cancel: $0) }[...]
                ended = lines.isEmpty
            }
            return lines.popFirst()
        }
    }
}
