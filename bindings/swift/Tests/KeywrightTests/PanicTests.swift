// A fault inside the library, in every call: an error, and the process lives. The manager then refuses to go on.

import XCTest

@testable import Keywright

final class PanicTests: XCTestCase {
    private typealias Call = @Sendable (KeyManager) async throws -> Void

    private static let request = RequestParts(
        method: "GET", target: "/", headers: [("authorization", "Bearer kw_live_nonsense")]
    )

    private static let calls: [(String, Call)] = [
        ("actingAs", { _ = try $0.actingAs("ops") }),
        ("flush", { try await $0.flush() }),
        ("close", { try await $0.close() }),
        ("create", { _ = try await $0.create("a") }),
        ("get", { _ = try await $0.get("key_0") }),
        ("list", { _ = try await $0.list() }),
        ("update", { try await $0.update("key_0", name: "b") }),
        ("rotate", { _ = try await $0.rotate("key_0") }),
        ("finishRotation", { try await $0.finishRotation("key_0") }),
        ("cancelRotation", { try await $0.cancelRotation("key_0") }),
        ("disable", { try await $0.disable("key_0") }),
        ("enable", { try await $0.enable("key_0") }),
        ("revoke", { try await $0.revoke("key_0") }),
        ("revokeAll", { try await $0.revokeAll("cust_42") }),
        ("usage", { _ = try await $0.usage("key_0") }),
        ("verify a text", { _ = try await $0.verify("kw_live_nonsense") }),
        ("verify a text for a use", { _ = try await $0.verify("kw_live_nonsense", scopes: ["read"]) }),
        ("verify bytes", { _ = try await $0.verify(Data("kw_live_nonsense".utf8)) }),
        ("verify a secret", { _ = try await $0.verify(Secret("kw_live_nonsense")) }),
        ("authorize", { _ = try await $0.authorize(request) }),
        ("identify a text", { _ = try await $0.identify("kw_live_nonsense") }),
        ("identify a secret", { _ = try await $0.identify(Secret("kw_live_nonsense")) }),
        ("importKeys", { _ = try await $0.importKeys([]) }),
        ("exportKeys", { for try await _ in $0.exportKeys() {} }),
        ("audit", { _ = try await $0.audit() }),
        ("verifyAudit", { _ = try await $0.verifyAudit() }),
        ("projects.create", { _ = try await $0.projects.create("p") }),
        ("projects.get", { _ = try await $0.projects.get("p") }),
        ("projects.list", { _ = try await $0.projects.list() }),
        ("projects.archive", { try await $0.projects.archive("p") }),
        ("serviceAccounts.create", { _ = try await $0.serviceAccounts.create("s") }),
        ("serviceAccounts.list", { _ = try await $0.serviceAccounts.list() }),
        ("serviceAccounts.delete", { try await $0.serviceAccounts.delete("svc_0") }),
        ("users.create", { _ = try await $0.users.create("u") }),
        ("users.list", { _ = try await $0.users.list() }),
        ("users.delete", { try await $0.users.delete("user_0") }),
        ("adminKeys.create", { _ = try await $0.adminKeys.create("a") }),
        ("adminKeys.get", { _ = try await $0.adminKeys.get("key_0") }),
        ("adminKeys.list", { _ = try await $0.adminKeys.list() }),
        ("adminKeys.revoke", { try await $0.adminKeys.revoke("key_0") }),
        ("adminKeys.verify a text", { _ = try await $0.adminKeys.verify("kw_admin_nonsense") }),
        ("adminKeys.verify a secret", { _ = try await $0.adminKeys.verify(Secret("kw_admin_nonsense")) }),
    ]

    func testEachCallOfTheManagerTellsItAndTheManagerIsClosedThen() async throws {
        for (name, call) in Self.calls {
            let keys = try await openForTests()
            nativePanicNext()
            let told = await failure { try await call(keys) }
            XCTAssertEqual(told?.code, .internal, name)
            XCTAssertFalse("\(String(describing: told))".contains("the test's panic"), name)
            await assertFails(.closed) { try await keys.list() }
            try await keys.close()
        }
    }

    func testWhereThereIsNoManagerNothingIsClosed() async throws {
        nativePanicNext()
        await assertFails(.internal) { try await KeyManager.open("memory:", secretStore: InMemorySecretStore()) }
        nativePanicNext()
        await assertFails(.internal) { try HttpPolicy() }
        let secret = Secret("text")
        nativePanicNext()
        await assertFails(.internal) { try secret.reveal() }
        XCTAssertEqual(try secret.reveal(), "text")
    }

    func testAPageAndAnExportThatAreUnderWayTellIt() async throws {
        let keys = try await openForTests()
        for name in ["a", "b"] { _ = try await keys.create(name) }
        let page = try await keys.list(limit: 1)
        nativePanicNext()
        await assertFails(.internal) { try await page.next() }
        await assertFails(.closed) { try await page.next() }

        let others = try await openForTests()
        var lines = others.exportKeys().makeAsyncIterator()
        let first = try await lines.next()
        XCTAssertNotNil(first)
        nativePanicNext()
        do {
            while try await lines.next() != nil {}
            XCTFail("it came to its end")
        } catch {
            XCTAssertTrue(KeywrightError.internal ~= error)
        }
    }
}
