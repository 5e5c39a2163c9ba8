// What happens where the application's own code fails, hangs or lies.

import XCTest

@testable import Keywright

final class HostTests: XCTestCase, @unchecked Sendable {
    private var folder: TemporaryFolder!

    override func setUp() async throws { folder = try TemporaryFolder() }
    override func tearDown() async throws { folder.remove() }

    private var store: String { folder.path("keys.db") }

    func testASecretStoreKeepsThePepperOfANewStore() async throws {
        let secrets = InMemorySecretStore()
        let keys = try await KeyManager.open(store, secretStore: secrets)
        let created = try await keys.create("a")
        try await keys.close()
        XCTAssertNotNil(try secrets.load(name: "keywright.pepper"))
        let again = try await KeyManager.open(store, secretStore: secrets, mustExist: true)
        let answer = try await again.verify(created.secret)
        XCTAssertEqual(answer.code, .valid)
        try await again.close()
    }

    func testWhatAnApplicationsStoreDoesWrongIsAPepperErrorAndChangesNothing() async throws {
        let wrong: [(String, FakeStore)] = [
            ("throws when it is asked", FakeStore(loading: { throw HostsOwnError() })),
            ("throws when it should keep", FakeStore(saving: { _ in throw HostsOwnError() })),
            ("keeps nothing", FakeStore()),
            ("throws an error of ours", FakeStore(loading: { throw CancellationError() })),
            ("returns rubbish", FakeStore(loading: { Secret(unspeakable) })),
            ("returns no text", FakeStore(loading: { Secret(Data([0xFF, 0xFE])) })),
            ("returns nothing at all", FakeStore(loading: { Secret("") })),
            ("returns a closed secret", FakeStore(loading: { closed() })),
        ]
        for (what, secrets) in wrong {
            let told = await failure { try await KeyManager.open(store, secretStore: secrets) }
            XCTAssertEqual(told?.code, .pepper, what)
            XCTAssertFalse(String(reflecting: told).contains(unspeakable), what)
            XCTAssertFalse(FileManager.default.fileExists(atPath: store), what)
        }
    }

    func testAStoreWhosePepperIsGoneStaysShutAndWhole() async throws {
        let secrets = InMemorySecretStore()
        let keys = try await KeyManager.open(store, secretStore: secrets)
        let created = try await keys.create("a")
        try await keys.close()
        await assertFails(.pepper) { try await KeyManager.open(store, secretStore: FakeStore()) }
        await assertFails(.pepper) { try await KeyManager.open(store, secretStore: InMemorySecretStore()) }
        let again = try await KeyManager.open(store, secretStore: secrets)
        let answer = try await again.verify(created.secret)
        XCTAssertEqual(answer.code, .valid)
        try await again.close()
    }

    /// Hanging is the subject, so it sleeps.
    @MainActor
    func testAStoreThatHangsForASecondKeepsNobodyElseWaiting() async throws {
        let secrets = FakeStore(loading: {
            XCTAssertFalse(Thread.isMainThread, "not on the caller's thread")
            Thread.sleep(forTimeInterval: 1)
            throw HostsOwnError()
        })
        let store = store
        let opening = Task { try await KeyManager.open(store, secretStore: secrets) }
        let beside = await ContinuousClock().measure {
            _ = try? await openForTests().create("meanwhile")
        }
        XCTAssertLessThan(beside, .milliseconds(500))
        await assertFails(.pepper) { @Sendable in try await opening.value }
    }

    func testTheSecretThatAStoreIsGivenIsWipedWhenItHasKeptIt() async throws {
        let given = Box<Secret>()
        let secrets = FakeStore(saving: { given.value = $0 })
        _ = try? await KeyManager.open("memory:", secretStore: secrets)
        let secret = try XCTUnwrap(given.value)
        XCTAssertThrowsError(try secret.reveal()) { XCTAssertTrue(KeywrightError.closed ~= $0) }
    }

    func testAClockThatFailsIsReplacedByTheMachines() async throws {
        let moments: [@Sendable () throws -> Date] = [
            { throw HostsOwnError() },
            { Date(timeIntervalSince1970: .nan) },
            { Date(timeIntervalSince1970: .infinity) },
            { Date(timeIntervalSince1970: -.infinity) },
            { Date.distantPast },
            { Date(timeIntervalSince1970: 1e15) },
        ]
        for moment in moments {
            let keys = try await openForTests(clock: FakeClock(telling: moment))
            let created = try await keys.create("a", expiresIn: .seconds(60))
            XCTAssertLessThan(abs(created.key.createdAt.timeIntervalSinceNow), 60)
            let answer = try await keys.verify(created.secret)
            XCTAssertEqual(answer.code, .valid)
            try await keys.close()
        }
    }

    func testASinkHearsOfRefusalsAndMayThrow() async throws {
        let sink = FakeSink(then: { throw HostsOwnError() })
        let keys = try await KeyManager.open("memory:", secretStore: InMemorySecretStore(), logSink: sink)
        let created = try await keys.create("a")
        try await keys.disable(created.key.id)
        let answer = try await keys.verify(created.secret)
        XCTAssertEqual(answer.code, .disabled)
        XCTAssertEqual(sink.records.compactMap(\.code), [VerifyCode.disabled.stableName])
        XCTAssertEqual(sink.records.compactMap(\.keyId), [created.key.id])
        let secret = try created.secret.reveal()
        XCTAssertFalse(sink.records.contains { $0.message.contains(secret) })
        try await keys.close()
    }

    func testFilesAreForTheirOwnerAloneAndWholeOrNotThere() throws {
        let place = folder.url.appendingPathComponent("secrets")
        let secrets = FileSecretStore(folder: place)
        XCTAssertNil(try secrets.load(name: "pepper"))
        for text in ["first", "second"] {
            try secrets.save(name: "pepper", secret: Secret(text))
            XCTAssertEqual(try secrets.load(name: "pepper")?.reveal(), text)
        }
        let files = FileManager.default
        XCTAssertEqual(try files.contentsOfDirectory(atPath: place.path), ["pepper"], "no draft is left")
        for (path, mode) in [(place.path, 0o700), (place.appendingPathComponent("pepper").path, 0o600)] {
            let found = try files.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            XCTAssertEqual(found?.intValue, mode, path)
        }
        try secrets.delete(name: "pepper")
        try secrets.delete(name: "pepper")
        XCTAssertNil(try secrets.load(name: "pepper"))
        for name in ["", ".", "..", ".hidden", "a/b", "a\0b", "é", String(repeating: "a", count: 129)] {
            XCTAssertThrowsError(try secrets.save(name: name, secret: Secret("x")), name)
            XCTAssertThrowsError(try secrets.load(name: name), name)
            XCTAssertThrowsError(try secrets.delete(name: name), name)
        }
    }

    func testAFileStoreOpensAStoreOfKeys() async throws {
        let secrets = FileSecretStore(folder: folder.url.appendingPathComponent("secrets"))
        let keys = try await KeyManager.open(store, secretStore: secrets, pepperName: "ours")
        try await keys.close()
        let again = try await KeyManager.open(store, secretStore: secrets, pepperName: "ours", mustExist: true)
        try await again.close()
        await assertFails(.pepper) { try await KeyManager.open(store, secretStore: secrets, pepperName: "theirs") }
    }
}

private func closed() -> Secret {
    let secret = Secret("closed")
    secret.close()
    return secret
}

/// Takes something out of a closure.
private final class Box<Value>: @unchecked Sendable {
    var value: Value?
}
