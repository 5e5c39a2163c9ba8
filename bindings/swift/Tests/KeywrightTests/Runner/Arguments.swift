// A call's arguments by their names: each is taken once, in the type that the package wants. What is left over was
// unknown.

import Foundation

@testable import Keywright

/// The words of an enumeration.
protocol Word: CaseIterable {
    var stableName: String { get }
}

extension KeyClass: Word {}
extension KeyStatus: Word {}
extension RevocationReason: Word {}
extension ErrorForm: Word {}

struct Arguments {
    private var fields: [String: Value]

    init(_ fields: [String: Value]) {
        self.fields = fields
    }

    /// Fails if something was not taken.
    func none() throws {
        if let name = fields.keys.min() { throw Unreadable("unknown argument \(name)") }
    }

    /// Null is the same as absent.
    private mutating func take(_ name: String) -> Value? {
        fields.removeValue(forKey: name).flatMap { $0.isNull ? nil : $0 }
    }

    private mutating func take<Taken>(_ name: String, _ read: (Value) throws -> Taken?) throws -> Taken? {
        guard let value = take(name) else { return nil }
        guard let taken = try read(value) else { throw Unreadable("\(name) can't be \(value)") }
        return taken
    }

    /// What must be there.
    func needed<Taken>(_ name: String, _ taken: Taken?) throws -> Taken {
        guard let taken else { throw Unreadable("\(name) is missing") }
        return taken
    }

    mutating func text(_ name: String) throws -> String? { try take(name, \.asText) }

    mutating func theText(_ name: String) throws -> String { try needed(name, text(name)) }

    mutating func texts(_ name: String) throws -> [String]? { try take(name, \.asTexts) }

    mutating func flag(_ name: String) throws -> Bool {
        try take(name) { if case .bool(let flag) = $0 { flag } else { nil } } ?? false
    }

    mutating func number(_ name: String) throws -> Int? { try take(name, \.asNumber) }

    mutating func span(_ name: String) throws -> Duration? { try number(name).map { .seconds($0) } }

    mutating func moment(_ name: String) throws -> Date? {
        try number(name).map { Date(timeIntervalSince1970: TimeInterval($0)) }
    }

    mutating func pairs(_ name: String) throws -> [String: String]? {
        try take(name) { value in
            guard case .object(let fields) = value else { return nil }
            let pairs = fields.compactMapValues(\.asText)
            return pairs.count == fields.count ? pairs : nil
        }
    }

    /// Swift has no other cases than those of the table: the compiler refuses what the library would refuse.
    mutating func word<Found: Word>(_ name: String) throws -> Found? { try text(name).map { try known($0) } }

    mutating func words<Found: Word>(_ name: String) throws -> [Found]? { try texts(name)?.map { try known($0) } }

    private func known<Found: Word>(_ text: String) throws -> Found {
        guard let found = Found.allCases.first(where: { $0.stableName == text }) else {
            let words = Found.allCases.map(\.stableName).joined(separator: ", ")
            throw KeywrightError(code: .invalidArgument, reason: "there is no such word", hint: "it is one of \(words)")
        }
        return found
    }

    mutating func secret(_ name: String) throws -> Secret? {
        try take(name) { value in
            switch (value, value.operation) {
            case (.text(let text), _): Secret(text)
            case (_, ("$bytes", .text(let digits))?): Secret(try bytes(digits))
            default: nil
            }
        }
    }

    mutating func limits(_ name: String) throws -> [Limit]? {
        try take(name) { value in
            guard case .list(let items) = value else { return nil }
            return try items.map { item in
                guard case .object(let fields) = item else { throw Unreadable("a limit is an object") }
                var limit = Arguments(fields)
                let read = Limit(
                    name: try limit.theText("name"),
                    unit: try limit.theText("unit"),
                    capacity: try limit.needed("capacity", limit.number("capacity")),
                    windowSeconds: try limit.number("window_seconds"),
                    refillAmount: try limit.number("refill_amount"),
                    refillSeconds: try limit.number("refill_seconds"),
                    remaining: try limit.number("remaining")
                )
                try limit.none()
                return read
            }
        }
    }

    /// A field that may be set to null, which says something of its own.
    mutating func change<Taken>(
        _ name: String, _ taken: (inout Arguments) throws -> Taken?
    ) throws -> Change<Taken?> {
        guard fields.keys.contains(name) else { return .keep }
        return .set(try taken(&self))
    }

    mutating func objects(_ name: String) throws -> [[String: Value]]? {
        try take(name) { value in
            guard case .list(let items) = value else { return nil }
            return try items.map {
                guard case .object(let fields) = $0 else { throw Unreadable("\(name) are objects") }
                return fields
            }
        }
    }

    /// Lists of two texts.
    mutating func headers(_ name: String) throws -> [(name: String, value: String)]? {
        try take(name) { value in
            guard case .list(let items) = value else { return nil }
            return try items.map {
                guard let pair = $0.asTexts, pair.count == 2 else {
                    throw Unreadable("a header has a name and a value")
                }
                return (pair[0], pair[1])
            }
        }
    }
}

extension Value {
    var asText: String? { if case .text(let text) = self { text } else { nil } }

    var asTexts: [String]? {
        guard case .list(let items) = self else { return nil }
        let texts = items.compactMap(\.asText)
        return texts.count == items.count ? texts : nil
    }

    /// What is more than an `Int` can hold is as much as it can.
    var asNumber: Int? {
        switch self {
        case .whole(let whole): whole
        case .number(let number) where number >= 0x1p63: .max
        default: nil
        }
    }
}

private func bytes(_ digits: String) throws -> Data {
    let digits = Array(digits.utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
    guard bytes.count * 2 == digits.count else { throw Unreadable("$bytes takes hexadecimal digits") }
    return Data(bytes)
}
