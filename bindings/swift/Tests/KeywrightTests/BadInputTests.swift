// Bad input to every public function: a documented error or a plain answer, never the end of the process, and nothing of
// what was given stands in the error.

import XCTest

@testable import Keywright

final class BadInputTests: XCTestCase {
    private typealias Given<Input> = @Sendable (KeyManager, Input) async throws -> Void

    /// No name, id, scope or address may be these.
    private let texts = [
        "", "\(unspeakable)\0", "\0", String(repeating: unspeakable, count: (1 << 20) / unspeakable.count),
    ]

    private let needATrueText: [(String, Given<String>)] = [
        ("actingAs", { _ = try $0.actingAs($1) }),
        ("actingAs ip", { _ = try $0.actingAs("ops", ip: $1) }),
        ("create name", { _ = try await $0.create($1) }),
        ("create project", { _ = try await $0.create("a", project: $1) }),
        ("create owner", { _ = try await $0.create("a", owner: $1) }),
        ("create scopes", { _ = try await $0.create("a", scopes: [$1]) }),
        ("create allowedIps", { _ = try await $0.create("a", allowedIps: [$1]) }),
        ("create metadata", { _ = try await $0.create("a", metadata: [$1: "x"]) }),
        ("create rateLimit", { _ = try await $0.create("a", rateLimit: $1) }),
        ("create limits name", { _ = try await $0.create("a", limits: [limit(name: $1)]) }),
        ("create limits unit", { _ = try await $0.create("a", limits: [limit(unit: $1)]) }),
        ("get", { _ = try await $0.get($1) }),
        ("list project", { _ = try await $0.list(project: $1) }),
        ("list owner", { _ = try await $0.list(owner: $1) }),
        ("list after", { _ = try await $0.list(after: $1) }),
        ("update id", { try await $0.update($1, name: "b") }),
        ("rotate", { _ = try await $0.rotate($1) }),
        ("finishRotation", { try await $0.finishRotation($1) }),
        ("cancelRotation", { try await $0.cancelRotation($1) }),
        ("disable", { try await $0.disable($1) }),
        ("enable", { try await $0.enable($1) }),
        ("revoke", { try await $0.revoke($1) }),
        ("revokeAll", { try await $0.revokeAll($1) }),
        ("usage", { _ = try await $0.usage($1) }),
        ("verify scopes", { _ = try await $0.verify("x", scopes: [$1]) }),
        ("verify ip", { _ = try await $0.verify("x", ip: $1) }),
        ("authorize scopes", { _ = try await $0.authorize(request(), scopes: [$1]) }),
        ("audit project", { _ = try await $0.audit(project: $1) }),
        ("audit eventTypes", { _ = try await $0.audit(eventTypes: [$1]) }),
        ("projects.create", { _ = try await $0.projects.create($1) }),
        ("projects.get", { _ = try await $0.projects.get($1) }),
        ("projects.archive", { try await $0.projects.archive($1) }),
        ("serviceAccounts.create", { _ = try await $0.serviceAccounts.create($1) }),
        ("serviceAccounts.create project", { _ = try await $0.serviceAccounts.create("s", project: $1) }),
        ("serviceAccounts.list", { _ = try await $0.serviceAccounts.list(project: $1) }),
        ("serviceAccounts.delete", { try await $0.serviceAccounts.delete($1) }),
        ("users.create", { _ = try await $0.users.create($1) }),
        ("users.delete", { try await $0.users.delete($1) }),
        ("adminKeys.create", { _ = try await $0.adminKeys.create($1) }),
        ("adminKeys.get", { _ = try await $0.adminKeys.get($1) }),
        ("adminKeys.list after", { _ = try await $0.adminKeys.list(after: $1) }),
        ("adminKeys.revoke", { try await $0.adminKeys.revoke($1) }),
        ("HttpPolicy header", { _ = try HttpPolicy(header: $1) }),
        ("HttpPolicy trustedProxies", { _ = try HttpPolicy(trustedProxies: [$1]) }),
        ("open brand", { _ = try await openForTests(brand: $1) }),
        ("open actor", { _ = try await openForTests(actor: $1) }),
        ("open pepper", { _ = try await openForTests(pepper: Secret($1)) }),
    ]

    func testATextThatCantBeGoodIsRefused() async throws {
        let keys = try await openForTests()
        for (name, call) in needATrueText {
            for text in texts {
                await assertRefused("\(name) of \(text.utf8.count) bytes") { try await call(keys, text) }
            }
        }
        // Any characters, but not too few or too many.
        for text in texts where text.utf8.count == 0 || text.utf8.count > 255 {
            await assertRefused("an idempotency key") { try await keys.create("a", idempotencyKey: text) }
        }
        for text in texts where text.utf8.count > 512 {
            await assertRefused("a search") { try await keys.list(search: text) }
        }
        try await assertWorks(keys)
    }

    /// Whether nothing came of it, as it must.
    private let takeAnyText: [(String, @Sendable (KeyManager, String) async throws -> Bool)] = [
        ("verify", { try await !$0.verify($1).valid }),
        ("verify bytes", { try await !$0.verify(Data($1.utf8)).valid }),
        ("verify a secret", { try await !$0.verify(Secret($1)).valid }),
        ("verify for a use", { try await !$0.verify($1, scopes: ["a"]).valid }),
        ("identify", { try await $0.identify($1) == nil }),
        ("adminKeys.verify", { try await !$0.adminKeys.verify($1).valid }),
        ("audit objectId", { try await $0.audit(objectId: $1).data.isEmpty }),
        ("audit actor", { try await $0.audit(actor: $1).data.isEmpty }),
        ("authorize method", { try await !$0.authorize(request(method: $1)).allowed }),
        ("authorize target", { try await !$0.authorize(request(target: $1)).allowed }),
        ("authorize header", { try await !$0.authorize(request(value: $1)).allowed }),
        ("authorize name", { try await !$0.authorize(request(name: $1)).allowed }),
        ("authorize peer", { try await !$0.authorize(request(peer: $1)).allowed }),
        ("importKeys", { try await refusesBoth($0, $1) }),
    ]

    func testWhatIsPresentedMayBeAnything() async throws {
        let keys = try await openForTests()
        for (name, nothing) in takeAnyText {
            for text in texts {
                do {
                    let held = try await nothing(keys, text)
                    XCTAssertTrue(held, "\(name) of \(text.utf8.count) bytes")
                } catch {
                    XCTFail("\(name) of \(text.utf8.count) bytes: \(error)")
                }
            }
        }
        try await assertWorks(keys)
    }

    private let countThings: [(String, Given<Int>)] = [
        ("create credits", { _ = try await $0.create("a", credits: $1) }),
        ("create capacity", { _ = try await $0.create("a", limits: [limit(capacity: $1)]) }),
        ("create window", { _ = try await $0.create("a", limits: [limit(window: $1)]) }),
        ("create refill", { _ = try await $0.create("a", limits: [limit(refill: $1)]) }),
        ("list limit", { _ = try await $0.list(limit: $1) }),
        ("usage days", { _ = try await $0.usage("key_000000000000000000000000", days: $1) }),
        ("verify cost", { _ = try await $0.verify("x", cost: $1) }),
        ("authorize cost", { _ = try await $0.authorize(request(), cost: $1) }),
        ("audit after", { _ = try await $0.audit(after: $1) }),
        ("audit limit", { _ = try await $0.audit(limit: $1) }),
        ("adminKeys.list limit", { _ = try await $0.adminKeys.list(limit: $1) }),
    ]

    func testANumberThatIsOutOfRangeIsRefused() async throws {
        let keys = try await openForTests()
        for (name, call) in countThings {
            for number in [-1, .min, .max, 1 << 60] {
                await assertRefused("\(name) \(number)") { try await call(keys, number) }
            }
        }
        try await assertWorks(keys)
    }

    private let takeMoments: [(String, Given<Date>)] = [
        ("create", { _ = try await $0.create("a", expiresAt: $1) }),
        ("update", { try await $0.update($0.create("a").key.id, expiresAt: .set($1)) }),
        ("adminKeys.create", { _ = try await $0.adminKeys.create("a", expiresAt: $1) }),
    ]

    func testAMomentThatIsPastOrCantBeKeptIsRefused() async throws {
        let keys = try await openForTests()
        let moments = [
            -.infinity, .infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, -1, 0, 1_700_000_000,
            1e12,
        ].map(Date.init(timeIntervalSince1970:))
        for (name, call) in takeMoments {
            for moment in moments {
                await assertRefused("\(name) \(moment.timeIntervalSince1970)") { try await call(keys, moment) }
            }
        }
        for moment in moments where !(0...1e11).contains(moment.timeIntervalSince1970) {
            await assertRefused("audit \(moment.timeIntervalSince1970)") { try await keys.audit(since: moment) }
        }
        try await assertWorks(keys)
    }

    private let takeSpans: [(String, Given<Duration>)] = [
        ("create", { _ = try await $0.create("a", expiresIn: $1) }),
        ("rotate", { _ = try await $0.rotate($0.create("a").key.id, overlap: $1) }),
        ("projects.create default", { _ = try await $0.projects.create("p", defaultLifetime: $1) }),
        ("projects.create max", { _ = try await $0.projects.create("p", maxLifetime: $1) }),
        ("adminKeys.create", { _ = try await $0.adminKeys.create("a", expiresIn: $1) }),
    ]

    func testASpanThatIsOutOfRangeIsRefused() async throws {
        let keys = try await openForTests()
        let spans: [Duration] = [
            .seconds(-1), .milliseconds(-1), .seconds(Int64.max), .seconds(Int64.min),
            Duration(secondsComponent: .min, attosecondsComponent: -1), .seconds(1 << 50),
        ]
        for (name, call) in takeSpans {
            for span in spans { await assertRefused("\(name) \(span.components)") { try await call(keys, span) } }
        }
        try await assertWorks(keys)
    }

    func testAStoreThatCantBeIsRefused() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let stores = [
            "\0", folder.path(""), folder.path("no/such/folder/keys.db"), "postgres://localhost/keys", "sqlite:",
            String(repeating: "a", count: 1 << 20),
        ]
        for store in stores {
            await assertRefused("a store of \(store.utf8.count) bytes") { try await openForTests(store) }
        }
        let text = folder.path("text.db")
        try Data(repeating: 0x61, count: 4096).write(to: URL(fileURLWithPath: text))
        await assertRefused("a file of something else") { try await openForTests(text) }
        await assertRefused("a store that must be there") {
            try await openForTests(folder.path("new.db"), mustExist: true)
        }
        await assertFails(.invalidArgument) {
            try await KeyManager.open("memory:", pepperFile: "a", secretStore: InMemorySecretStore())
        }
    }

    private func assertWorks(_ keys: KeyManager) async throws {
        let created = try await keys.create("as before")
        let answer = try await keys.verify(created.secret)
        XCTAssertTrue(answer.valid)
        try await keys.close()
    }
}

/// Fails as documented, and without a word of what was given.
private func assertRefused<Value>(
    _ what: String, file: StaticString = #filePath, line: UInt = #line, _ run: () async throws -> Value
) async {
    do {
        _ = try await run()
        XCTFail("\(what) was taken", file: file, line: line)
    } catch let told as KeywrightError {
        XCTAssertNotEqual(told.code, .internal, what, file: file, line: line)
        XCTAssertFalse(String(reflecting: told).contains(unspeakable), "\(what): \(told)", file: file, line: line)
    } catch {
        XCTFail("\(what): \(error)", file: file, line: line)
    }
}

/// Both records of an import are refused, and the report says nothing of what was in them.
private func refusesBoth(_ keys: KeyManager, _ text: String) async throws -> Bool {
    let records = [ImportRecord(name: text), ImportRecord(name: "a", secret: Secret(text), prefix: text)]
    let report = try await keys.importKeys(records)
    return report.imported.isEmpty && report.refused.map(\.index) == [0, 1] && !"\(report)".contains(unspeakable)
}

private func limit(
    name: String = "x", unit: String = "requests", capacity: Int = 1, window: Int? = nil, refill: Int? = nil
) -> Limit {
    Limit(
        name: name, unit: unit, capacity: capacity, windowSeconds: window, refillAmount: refill, refillSeconds: refill
    )
}

private func request(
    method: String = "GET", target: String = "/", name: String = "authorization", value: String = "Bearer x",
    peer: String? = nil
) -> RequestParts {
    RequestParts(method: method, target: target, headers: [(name, value)], peer: peer)
}
