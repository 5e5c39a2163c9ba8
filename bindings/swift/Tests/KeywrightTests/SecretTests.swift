// Secrets: shown by `reveal()` alone, and gone from memory when they are closed.

import XCTest

@testable import Keywright

final class SecretTests: XCTestCase {
    private let text = "kw_live_kw1Vvx9atSI1npbD19k_" + unspeakable

    func testNothingThatPrintsObjectsShowsASecret() async throws {
        let keys = try await openForTests()
        let created = try await keys.create("a")
        let revealed = try created.secret.reveal()
        let record = ImportRecord(name: "old", secret: created.secret, hash: revealed, prefix: revealed)
        let request = RequestParts(method: "GET", target: "/", headers: [("authorization", "Bearer \(revealed)")])
        let things: [Any] = [created.secret, created, record, request, [created.secret], ["it": created.secret], keys]
        for thing in things {
            var dumped = ""
            dump(thing, to: &dumped)
            var mirrored = ""
            for child in Mirror(reflecting: thing).children { dump(child.value, to: &mirrored) }
            let shown = ["\(thing)", String(describing: thing), String(reflecting: thing), dumped, mirrored]
            for text in shown { XCTAssertFalse(text.contains(revealed), text) }
        }
        XCTAssert("\(created.secret)".hasPrefix("<Secret kw_live_kw1"))
        XCTAssert("\(created.secret)".contains("reveal()"))
        XCTAssertEqual(created.secret.debugDescription, created.secret.description)
        XCTAssertEqual(created.secret.redactedValue, created.key.redactedValue)
        XCTAssertTrue(Mirror(reflecting: created.secret).children.isEmpty)
    }

    func testAClosedSecretIsGone() {
        let secret = Secret(text)
        XCTAssertEqual(try secret.reveal(), text)
        secret.close()
        secret.close()
        XCTAssertThrowsError(try secret.reveal()) { XCTAssertTrue(KeywrightError.closed ~= $0) }
        XCTAssertFalse(secret.description.contains(unspeakable))
    }

    func testBytesAreTakenExactly() async throws {
        let keys = try await openForTests()
        let secret = try await keys.create("a").secret.reveal()
        for bytes in [Data(secret.utf8), Data("x\(secret)".utf8).dropFirst()] {
            let answer = try await keys.verify(bytes)
            XCTAssertEqual(answer.code, .valid, "a slice is as good as the whole")
        }
        for other in [Data(), Data(secret.utf8) + [0], Data([0xFF]), Data(secret.utf8).dropLast()] {
            let answer = try await keys.verify(other)
            XCTAssertFalse(answer.valid)
        }
        let noText = Secret(Data([0xFF, 0xFE]))
        XCTAssertThrowsError(try noText.reveal()) { XCTAssertTrue(KeywrightError.invalidArgument ~= $0) }
        let found = try await keys.identify(secret)
        XCTAssertEqual(found?.name, "a")
    }

    func testNoCopyIsInMemoryOnceASecretIsClosed() async throws {
        // Another seed than in the other tests, which reveal the same secrets.
        let keys = try await openForTests(seed: 4711)
        let created = try await keys.create("a")
        let rotated = try await keys.rotate(created.key.id)
        for secret in [created.secret, rotated.secret] {
            let masked = nativeMasked(secret: secret.native)
            let answer = try await keys.verify(secret)
            XCTAssertEqual(answer.code, .valid)
            XCTAssertGreaterThanOrEqual(nativeCopies(masked: masked), 1, "the test finds what is there")
            secret.close()
            XCTAssertEqual(nativeCopies(masked: masked), 0)
        }
    }

    func testBytesThatTheCallerWipesLeaveNoCopy() async throws {
        let keys = try await openForTests()
        // Made of numbers, so that the text is nowhere in the program.
        var bytes = Data((0..<40).map { UInt8(ascii: "a") + UInt8(($0 * 7 + 3) % 26) })
        let masked = Data(bytes.map { $0 ^ 0x5A })
        let secret = Secret(bytes)
        _ = try await keys.verify(bytes)
        _ = try await keys.identify(secret)
        XCTAssertGreaterThanOrEqual(nativeCopies(masked: masked), 2)
        bytes.resetBytes(in: bytes.indices)
        secret.close()
        XCTAssertEqual(nativeCopies(masked: masked), 0)
    }

    func testATextThatIsPresentedIsNotCopied() async throws {
        let keys = try await openForTests()
        let bytes = (0..<40).map { UInt8(ascii: "a") + UInt8(($0 * 11 + 5) % 26) }
        let masked = Data(bytes.map { $0 ^ 0x5A })
        let text = String(decoding: bytes, as: UTF8.self)
        let before = nativeCopies(masked: masked)
        for scopes in [[], ["read"]] { _ = try await keys.verify(text, scopes: scopes) }
        _ = try await keys.identify(text)
        Secret(text).close()
        XCTAssertEqual(nativeCopies(masked: masked), before)
        withExtendedLifetime((bytes, text)) {}
    }
}
