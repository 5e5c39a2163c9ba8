// The table of errors and the words are those of every other language.

import XCTest

@testable import Keywright

final class ErrorTests: XCTestCase {
    private static let cases: [(ErrorCode, String)] = [
        (KeywrightError.invalidArgument, "invalid_argument"),
        (KeywrightError.notFound, "not_found"),
        (KeywrightError.alreadyExists, "already_exists"),
        (KeywrightError.invalidState, "invalid_state"),
        (KeywrightError.rotationInProgress, "rotation_in_progress"),
        (KeywrightError.alreadyIssued, "already_issued"),
        (KeywrightError.idempotencyConflict, "idempotency_conflict"),
        (KeywrightError.unsupported, "unsupported"),
        (KeywrightError.pepper, "wrong_pepper"),
        (KeywrightError.schemaVersion, "schema_version"),
        (KeywrightError.tampered, "tampered"),
        (KeywrightError.unavailable, "unavailable"),
        (KeywrightError.closed, "closed"),
        (KeywrightError.cancelled, "cancelled"),
        (KeywrightError.internal, "internal"),
    ]

    func testEachCodeOfTheTableHasItsCaseAndItsName() throws {
        guard case .list(let rows)? = try Value.file("vectors/errors.json")["errors"] else {
            return XCTFail("there is no table")
        }
        XCTAssertEqual(rows.compactMap { $0["code"]?.asText }, ErrorCode.allCases.map(\.stableName))
        XCTAssertEqual(Self.cases.map(\.0), ErrorCode.allCases)
        for (code, name) in Self.cases { XCTAssertEqual(code.stableName, name) }
    }

    func testOneKindCanBeCaught() async throws {
        let keys = try await openForTests()
        do {
            _ = try await keys.get("key_000000000000000000000000")
            XCTFail("it was found")
        } catch KeywrightError.closed {
            XCTFail("it is not closed")
        } catch KeywrightError.notFound {
            // As it should be.
        }
        XCTAssertFalse(KeywrightError.notFound ~= CancellationError())
    }

    func testTheTextSaysWhatHappenedAndWhatToDo() async throws {
        let keys = try await openForTests()
        let empty = await failure { try await keys.create("") }
        let told = try XCTUnwrap(empty)
        let hint = try XCTUnwrap(told.hint)
        XCTAssertEqual(told.message, "\(told.reason): \(hint)")
        XCTAssertEqual(told.localizedDescription, told.message)
        XCTAssertEqual(told.failureReason, told.reason)
        XCTAssertEqual(told.recoverySuggestion, hint)
        XCTAssertEqual("\(told)", "invalid_argument: \(told.message)")
        XCTAssertNil(told.keyId)
        let created = try await keys.create("a")
        try await keys.disable(created.key.id)
        let about = await failure { try await keys.rotate(created.key.id) }
        XCTAssertEqual(about?.code, .invalidState)
        XCTAssertEqual(about?.keyId, created.key.id)
    }

    func testEveryWordHasAStableName() {
        assertNames(KeyClass.allCases.map(\.stableName), "live", "admin")
        assertNames(KeyStatus.allCases.map(\.stableName), "active", "revoked")
        assertNames(VersionStatus.allCases.map(\.stableName), "current", "ended")
        assertNames(OwnerKind.allCases.map(\.stableName), "user", "external")
        assertNames(RevocationReason.allCases.map(\.stableName), "unspecified", "privilege_withdrawn")
        assertNames(VerifyCode.allCases.map(\.stableName), "valid", "unavailable")
        assertNames(LogLevel.allCases.map(\.stableName), "debug", "error")
        assertNames(ErrorForm.allCases.map(\.stableName), "openai", "problem")
        assertNames(AuthorizeCode.allCases.map(\.stableName), "valid", "key_in_url")
        XCTAssertEqual(
            AuthorizeCode.allCases.prefix(VerifyCode.allCases.count).map(\.stableName),
            VerifyCode.allCases.map(\.stableName)
        )
    }

    private func assertNames(_ names: [String], _ first: String, _ last: String) {
        XCTAssertEqual(names.first, first)
        XCTAssertEqual(names.last, last)
        XCTAssertEqual(Set(names).count, names.count)
        let letters = Set("abcdefghijklmnopqrstuvwxyz_")
        XCTAssert(names.allSatisfy { !$0.isEmpty && $0.allSatisfy(letters.contains) })
    }

    func testACodeSaysItsHttpStatusAndItsWireCode() async throws {
        let keys = try await openForTests()
        let created = try await keys.create("a")
        let good = try await keys.verify(created.secret)
        XCTAssertEqual(good.httpStatus, 200)
        XCTAssertNil(good.wireCode)
        XCTAssertEqual("\(good)", "Verification(valid, \(created.key.id))")
        let bad = try await keys.verify("nonsense")
        XCTAssertEqual(bad.httpStatus, 401)
        XCTAssertEqual(bad.wireCode, "invalid_api_key")
        XCTAssertNil(bad.key)
    }
}
