package import Kernel

/// How long what belongs to an item's cases is kept, where the item says more than how long the volume is.
///
/// Basis: 《机关档案管理规定》 (terms: permanent, 30 years, 10 years), 个人信息保护法 arts. 19, 47 (no longer than needed, then deleted),
/// 行政诉讼法 art. 46 (an act can be contested for five years at most).
package struct Keeping: Sendable, Hashable, Codable {
    /// The personal part of a decided case, from its end; nil: as long as the volume.
    package var personal: Retention?
    /// The same of a case that ended without a decision: withdrawn, lapsed, declined, not needed, void; nil: five years.
    package var undecided: Retention?
    /// Days after the last change, 7…365; nil: 90.
    package var draftDays: Int?

    package static let usualUndecidedYears = 5
    package static let usualDraftDays = 90
}

extension ItemDefinition {
    /// How long the answers, papers and names of a decided case can be read.
    package var personalRetention: Retention { keeping?.personal ?? retention }
    /// How long those of a case without a decision can; never longer than the volume.
    package var undecidedRetention: Retention {
        keeping?.undecided ?? min(.years(Keeping.usualUndecidedYears), retention)
    }
    /// Days for which a draft is kept after its last change.
    package var draftDays: Int { keeping?.draftDays ?? Keeping.usualDraftDays }

    /// When the personal part of a case that ended is destroyed; nil for never.
    package func forgetsAt(ended: Moment, decided: Bool) -> Moment? {
        (decided ? personalRetention : undecidedRetention).end(of: ended)
    }
}

extension Retention: Comparable {
    package static func < (a: Retention, b: Retention) -> Bool {
        switch (a, b) {
        case (.permanent, _): false
        case (.years, .permanent): true
        case (.years(let one), .years(let other)): one < other
        }
    }

    /// The end of the last day; nil for permanent.
    package func end(of start: Moment) -> Moment? {
        switch self {
        case .permanent: nil
        case .years(let years): start.date.adding(months: 12 * years).end
        }
    }

    /// What 《机关档案管理规定》 knows: permanent, 30 years, 10 years.
    package var isCustomary: Bool { [.permanent, .years(30), .years(10)].contains(self) }

    /// Where an item says nothing: thirty years for what gives or takes a right, ten for the rest.
    package static func customary(for type: ItemType) -> Retention {
        switch type {
        case .licence, .penalty, .coercion, .levy, .confirmation, .ruling: .years(30)
        case .benefit, .inspection, .reward, .other, .publicService: .years(10)
        }
    }
}
