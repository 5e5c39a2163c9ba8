// Values in scenarios: references to what was saved, a few operators, paths into results, and the comparison with what is
// expected.

import Foundation

/// The runner can't carry out what the scenario says.
struct Unreadable: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// JSON.
enum Value: Sendable {
    case null
    case bool(Bool)
    case whole(Int)
    case number(Double)
    case text(String)
    case list([Value])
    case object([String: Value])
}

extension Value: Decodable {
    init(from decoder: any Decoder) throws {
        let one = try decoder.singleValueContainer()
        if one.decodeNil() {
            self = .null
        } else if let bool = try? one.decode(Bool.self) {
            self = .bool(bool)
        } else if let whole = try? one.decode(Int.self) {
            self = .whole(whole)
        } else if let number = try? one.decode(Double.self) {
            self = .number(number)
        } else if let text = try? one.decode(String.self) {
            self = .text(text)
        } else if let list = try? one.decode([Value].self) {
            self = .list(list)
        } else {
            self = .object(try one.decode([String: Value].self))
        }
    }

    static func parsed(_ json: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }

    static func file(_ name: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: Shared.folder.appendingPathComponent(name)))
    }
}

extension Value: Equatable {
    /// As JSON is: texts are the same if their bytes are, and not if they only look alike.
    static func == (one: Value, other: Value) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.whole(let one), .whole(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.whole(let whole), .number(let number)), (.number(let number), .whole(let whole)):
            Double(whole) == number
        case (.text(let one), .text(let other)): one.utf8.elementsEqual(other.utf8)
        case (.list(let one), .list(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: false
        }
    }
}

extension Value: CustomStringConvertible {
    var description: String {
        let text =
            switch self {
            case .null: "null"
            case .bool(let bool): "\(bool)"
            case .whole(let whole): "\(whole)"
            case .number(let number): "\(number)"
            case .text(let text): "\"\(text)\""
            case .list(let list): "[\(list.map(\.description).joined(separator: ", "))]"
            case .object(let fields): "{\(fields.map { "\($0): \($1)" }.sorted().joined(separator: ", "))}"
            }
        return text.utf8.count < 300 ? text : "\(text.prefix(300))…"
    }
}

extension Value {
    var isNull: Bool { self == .null }

    /// The field of that name, or the item of that number.
    subscript(part: String) -> Value? {
        switch self {
        case .object(let fields): fields[part]
        case .list(let items): Int(part).flatMap { items.indices.contains($0) ? items[$0] : nil }
        default: nil
        }
    }

    /// What is at a path; nil where there is nothing.
    func lookUp(_ path: String) -> Value? {
        path.split(separator: ".").reduce(self as Value?) { $0?[String($1)] }
    }

    /// What is at a path of a result: null where there is nothing.
    func at(_ path: String) -> Value {
        if path.hasSuffix(".length") {
            guard case .list(let items) = lookUp(String(path.dropLast(7))) else { return .null }
            return .whole(items.count)
        }
        return lookUp(path) ?? .null
    }

    /// An object of one field whose name begins with `$`.
    var operation: (name: String, operand: Value)? {
        guard case .object(let fields) = self, fields.count == 1, let (name, operand) = fields.first,
            name.hasPrefix("$")
        else { return nil }
        return (name, operand)
    }

    /// The path of a reference. A text that has not this form as a whole (`$2b$06$…`) is itself.
    private var reference: String? {
        guard case .text(let text) = self, text.first == "$" else { return nil }
        let path = text.dropFirst()
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789_.")
        guard let first = path.first, ("a"..."z").contains(first), path.allSatisfy(letters.contains) else { return nil }
        return String(path)
    }

    /// The value with its references and operators carried out. `$bytes` and what compares is left.
    func resolved(_ saved: [String: Value]) throws -> Value {
        if let path = reference {
            guard let found = Value.object(saved).lookUp(path) else { throw Unreadable("nothing was saved as \(path)") }
            return found
        }
        switch self {
        case .list(let items): return .list(try items.map { try $0.resolved(saved) })
        case .object(let fields):
            guard let (name, operand) = operation else {
                return .object(try fields.mapValues { try $0.resolved(saved) })
            }
            return try operate(name, operand, saved)
        default: return self
        }
    }

    private func operate(_ name: String, _ operand: Value, _ saved: [String: Value]) throws -> Value {
        switch (name, operand) {
        case ("$concat", .list(let parts)):
            return .text(
                try parts.map { part in
                    guard case .text(let text) = try part.resolved(saved) else {
                        throw Unreadable("$concat joins texts")
                    }
                    return text
                }.joined()
            )
        case ("$repeat", .list(let pair)):
            guard pair.count == 2, case .text(let text) = pair[0], case .whole(let count) = pair[1], count >= 0 else {
                throw Unreadable("$repeat takes a text and a count")
            }
            return .text(String(repeating: text, count: count))
        case ("$vector", .text(let path)):
            guard let found = try Value.file("vectors/key_format.json").lookUp(path) else {
                throw Unreadable("there is no vector \(path)")
            }
            return found
        case ("$not", _): return .object(["$not": try operand.resolved(saved)])
        case ("$bytes", _), ("$exists", _), ("$matches", _), ("$contains", _): return self
        default: throw Unreadable("unknown operator \(name)")
        }
    }

    /// How this differs from what is wanted; nil if it doesn't.
    func difference(from wanted: Value) throws -> String? {
        let holds: Bool
        switch wanted.operation {
        case nil: holds = self == wanted
        case ("$exists", .bool(let there))?: holds = isNull != there
        case ("$not", let other)?: holds = self != other
        case ("$matches", .text(let pattern))?:
            let pattern = try NSRegularExpression(pattern: "\\A(?:\(pattern))\\z")
            guard case .text(let text) = self else { return "is \(self), and no text" }
            holds = pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
        case ("$contains", .text(let part))?:
            guard case .text(let text) = self else { return "is \(self), and no text" }
            holds = text.contains(part)
        case (let name, _)?: throw Unreadable("unknown comparison \(name)")
        }
        return holds ? nil : "is \(self), not \(wanted)"
    }
}
