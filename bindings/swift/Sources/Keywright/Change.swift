// What an update does to a field.

/// A new value for a field of a key, or none: the field stays as it is.
public enum Change<Value: Sendable>: Sendable {
    /// The field stays as it is.
    case keep
    /// The field becomes this; nil says something of its own: everything, anywhere, never.
    case set(Value)
}

extension Change: Equatable where Value: Equatable {}
extension Change: Hashable where Value: Hashable {}

extension Change {
    /// The new value in what carries it across; nil if the field stays.
    func map<Other>(_ make: (Value) -> Other) -> Other? {
        switch self {
        case .keep: nil
        case .set(let value): make(value)
        }
    }
}
