package import Kernel

/// The light of a task or a case: derived from its moments, never stored.
package enum Light: String, Sendable, Hashable, CaseIterable {
    case green, yellow, red, grey

    /// Far ahead of every deadline: the `due_at` of paused work.
    package static let paused = Moment(milliseconds: 253_370_764_800_000)

    /// Red after the end, yellow from the moment of warning, grey while the clock stands.
    package init(warnAt: Moment, dueAt: Moment, now: Moment) {
        if dueAt >= Self.paused {
            self = .grey
        } else if now >= dueAt {
            self = .red
        } else {
            self = now >= warnAt ? .yellow : .green
        }
    }

    /// A CSS class and an icon's name.
    package var name: String { rawValue }
}
