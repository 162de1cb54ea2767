import Cases
import Catalogue
import Kernel
import Storage
import Web
import Workflow

/// Rates an ended case: once, and once again later (追评); only its owner may.
struct RateCase: Sendable {
    /// A case with what was said about it so far.
    struct Rated: Sendable {
        let opened: OpenCase
        let ratings: [Rating]

        /// The round that is open: 1, 2, or nil after both.
        var nextRound: Int? { ratings.count < 2 ? ratings.count + 1 : nil }
    }

    let cases: CasesAPI
    let database: any Database

    /// - Throws: `.notFound` for another's case, `.refused` before its end or where the item is not rated.
    func open(_ number: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> Rated {
        let opened = try await cases.openOwn(number, area: area, viewer)
        guard Self.isRateable(opened) else { throw DomainError.refused(Message("ratings.refused.notYet")) }
        let id = opened.id
        let ratings = try await database.read { tx in try RatingsStore.ratings(of: id, area: area, tx) }
        return Rated(opened: opened, ratings: ratings)
    }

    /// What the office brought to an end; what was withdrawn or voided is not rated.
    static func isRateable(_ opened: OpenCase) -> Bool {
        guard opened.item.definition.rating else { return false }
        return switch opened.state.stage {
        case .completed, .refused, .declined, .notNeeded: true
        case .submitted, .received, .correcting, .accepted, .approving, .approved, .withdrawn, .lapsed, .voided,
            .terminated: false
        }
    }

    /// - Parameter round: the one the page offered; given again (a double click) it changes nothing.
    /// - Throws: `.invalid` without a grade or with another grade's tags, `.refused` for a second rating without a first.
    /// - Returns: false where that round was rated before.
    func rate(_ number: String, round: Int, _ input: RatingInput, _ viewer: ResidentViewer, _ occasion: Occasion)
        async throws -> Bool
    {
        guard let grade = input.grade else { throw DomainError.invalid("grade", "ratings.fault.grade") }
        guard input.tags.allSatisfy(grade.tags.contains) else {
            throw DomainError.invalid("tags", "ratings.fault.tags")
        }
        guard input.text.count <= 500 else { throw DomainError.invalid("text", "ratings.fault.text") }
        let rated = try await open(number, area: occasion.area, viewer)
        guard (1...2).contains(round), round <= rated.ratings.count + 1 else {
            throw DomainError.refused(Message("ratings.refused.order"))
        }
        let opened = rated.opened
        let part = input.text.isEmpty ? nil : try opened.sealed(input.text, slot: "rating/\(round)")
        let rating = Rating(
            round: round, grade: grade, tags: Array(Set(input.tags)).sorted(), anonymous: input.anonymous,
            channel: occasion.actor.channel, at: occasion.at, slot: part?.slot)
        return try await database.write { tx in
            guard try RatingsStore.insert(rating, of: opened, tx) else { return false }
            if let part { try VaultStore.put(part, in: opened.id, area: occasion.area, at: occasion.at, tx) }
            return true
        }
    }
}
