/// Where time comes from: the system, or a test's fixed hand. (Named so because `Clock` belongs to the standard library.)
package struct TimeSource: Sendable {
    private let read: @Sendable () -> Moment

    package init(_ read: @escaping @Sendable () -> Moment) { self.read = read }

    package static let system = TimeSource { Moment.now() }

    /// This moment, in milliseconds since 1970 (UTC).
    package func now() -> Moment { read() }
    /// A fresh id of this moment.
    package func id<Tag>(_ tag: Tag.Type = Tag.self) -> ID<Tag> { ID(at: now()) }
}
