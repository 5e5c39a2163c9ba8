// The walk through the steps of one scenario.

import Foundation

@testable import Keywright

/// The library did something else than the scenario says.
struct Mismatch: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Where a walk ended before its end.
struct Ended: Error {
    let step: Int
    let reason: any Error
}

struct Scenario: Sendable {
    let id: String
    let stores: [String]
    let open: [String: Value]
    let steps: [[String: Value]]

    init(_ value: Value) throws {
        guard case .object(let fields) = value, case .list(let steps) = value["steps"] else {
            throw Unreadable("a scenario is an object with steps")
        }
        try known(fields, ["id", "title", "stores", "open", "steps"])
        id = fields["id"]?.asText ?? ""
        stores = fields["stores"]?.asTexts ?? ["memory", "sqlite"]
        open = if case .object(let options) = fields["open"] { options } else { [:] }
        self.steps = try steps.map {
            guard case .object(let step) = $0 else { throw Unreadable("a step is an object") }
            return step
        }
    }

    /// Walks through it on a fresh store of that kind.
    func run(on store: String) async throws {
        let world = try await World(store, open)
        var saved: [String: Value] = [:]
        var ended: Ended?
        for (index, step) in steps.enumerated() {
            do {
                try await walk(world, step, &saved)
            } catch {
                ended = Ended(step: index, reason: error)
                break
            }
        }
        await world.end()
        if let ended { throw ended }
    }
}

private func known(_ fields: [String: Value], _ names: Set<String>) throws {
    for name in fields.keys where !names.contains(name) { throw Unreadable("unknown field \(name)") }
}

private func object(_ value: Value?) throws -> [String: Value] {
    guard let value else { return [:] }
    guard case .object(let fields) = value else { throw Unreadable("\(value) is no object") }
    return fields
}

private func walk(_ world: World, _ step: [String: Value], _ saved: inout [String: Value]) async throws {
    try known(step, ["call", "args", "save", "expect", "error", "error_contains", "error_key_id"])
    guard let name = step["call"]?.asText else { throw Unreadable("a step has a call") }
    let aboutError = step["error_contains"] != nil || step["error_key_id"] != nil
    if step["error"] == nil, aboutError { throw Unreadable("asks about an error and expects none") }
    if step["error"] != nil, step["expect"] != nil || step["save"] != nil {
        throw Unreadable("expects an error and a result")
    }
    let args = try object(step["args"]).mapValues { [saved] in try $0.resolved(saved) }
    let result: Value
    do {
        result = try await world.call(name, args)
    } catch let error as KeywrightError {
        return try judge(error, step, saved)
    }
    if let error = step["error"] { throw Mismatch("should have failed with \(error)") }
    for (path, wanted) in try object(step["expect"]) {
        if let difference = try result.at(path).difference(from: wanted.resolved(saved)) {
            throw Mismatch("`\(path)` \(difference)")
        }
    }
    if let name = step["save"]?.asText { saved[name] = result }
}

private func judge(_ error: KeywrightError, _ step: [String: Value], _ saved: [String: Value]) throws {
    guard step["error"]?.asText == error.code.stableName else { throw Mismatch("failed with \(error)") }
    if let part = step["error_contains"]?.asText, !"\(error.reason) \(error.hint ?? "")".contains(part) {
        throw Mismatch("the error says `\(error)`, not `\(part)`")
    }
    if let about = try step["error_key_id"]?.resolved(saved).asText, about != error.keyId {
        throw Mismatch("the error is about \(error.keyId ?? "nothing"), not \(about)")
    }
}

/// One store of the scenario's own, and a clock that moves only when told to.
final class World {
    private let clock = ManualClock()
    private let folder: TemporaryFolder?
    private let store: String
    private var keys: KeyManager

    init(_ kind: String, _ options: [String: Value]) async throws {
        switch kind {
        case "memory":
            folder = nil
            store = "memory:"
        case "sqlite":
            let folder = try TemporaryFolder()
            self.folder = folder
            store = folder.path("keys.db")
        default: throw Unreadable("unknown store \(kind)")
        }
        keys = try await World.open(store, clock, options)
    }

    private static func open(
        _ store: String, _ clock: ManualClock, _ options: [String: Value]
    ) async throws -> KeyManager {
        var args = Arguments(options)
        let (brand, actor, mustExist) = (try args.text("brand"), try args.text("actor"), try args.flag("must_exist"))
        let classes: [KeyClass]? = try args.words("accepted_classes")
        let pepper = try args.text("pepper").map { Secret($0) }
        try args.none()
        return try await openForTests(
            store, pepper: pepper, brand: brand, acceptedClasses: classes, mustExist: mustExist, actor: actor,
            clock: clock
        )
    }

    func call(_ name: String, _ fields: [String: Value]) async throws -> Value {
        var args = Arguments(fields)
        switch name {
        case "advance":
            let (seconds, ms) = (try args.number("seconds") ?? 0, try args.number("ms") ?? 0)
            try args.none()
            clock.advance(ms: seconds * 1000 + ms)
        case "set_clock":
            let seconds = try args.needed("seconds", args.number("seconds"))
            try args.none()
            clock.set(seconds: seconds)
        case "acting_as":
            let (actor, ip) = (try args.theText("actor"), try args.text("ip"))
            try args.none()
            keys = try keys.actingAs(actor, ip: ip)
        case "reopen":
            var options = fields
            let store = options.removeValue(forKey: "store")?.asText ?? store
            try await keys.close()
            keys = try await World.open(store, clock, options)
        default: return try await KeywrightTests.call(keys, name, fields)
        }
        return .null
    }

    func end() async {
        try? await keys.close()
        folder?.remove()
    }
}
