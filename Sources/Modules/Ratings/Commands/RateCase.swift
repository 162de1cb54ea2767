import Cases
import Catalogue
import Kernel
import Packages
import Storage
import Web
import Workflow

/// What can be rated once it ended: a case, or a package as a whole.
struct Rateable: Sendable {
    let area: AreaCode
    let id: String
    let number: String
    /// The department that handled it, or led.
    let department: String
    /// The slug of the item or the package.
    let item: String
    let name: LocalizedText
    let isPackage: Bool
    let seal: @Sendable (_ text: String, _ slot: String) throws -> SealedPart
    let text: @Sendable (_ slot: String) throws -> String?

    init(_ opened: OpenCase) {
        area = opened.area
        id = opened.id
        number = opened.state.number
        department = opened.state.department
        item = opened.state.item
        name = opened.item.definition.name
        isPackage = false
        seal = { try opened.sealed($0, slot: $1) }
        text = { try opened.text($0) }
    }

    init(_ opened: OpenPackage) {
        area = opened.area
        id = opened.id
        number = opened.state.number
        department = opened.state.department
        item = opened.state.package
        name = opened.definition.definition.name
        isPackage = true
        seal = { try opened.sealed($0, slot: $1) }
        text = { try opened.text($0) }
    }
}

/// Rates an ended case, or a package once for all its steps: once, and once again later (追评); only its owner may.
struct RateCase: Sendable {
    /// What the address names.
    enum Kind: Sendable { case single, package }

    /// A case or package with what was said about it so far.
    struct Rated: Sendable {
        let subject: Rateable
        let ratings: [Rating]

        /// The round that is open: 1, 2, or nil after both.
        var nextRound: Int? { ratings.count < 2 ? ratings.count + 1 : nil }
    }

    let cases: CasesAPI
    let packages: PackagesAPI
    let database: any Database

    /// - Throws: `.notFound` for another's case, `.refused` before its end or where the item is not rated.
    func open(_ kind: Kind, _ number: String, area: AreaCode, _ viewer: ResidentViewer) async throws -> Rated {
        let subject: Rateable
        switch kind {
        case .single:
            let opened = try await cases.openOwn(number, area: area, viewer)
            guard Self.isRateable(opened) else { throw DomainError.refused(Message("ratings.refused.notYet")) }
            subject = Rateable(opened)
        case .package:
            let opened = try await packages.openOwn(number, area: area, viewer)
            guard opened.state.stage.isEnded, opened.state.stage != .withdrawn, opened.definition.definition.rating
            else { throw DomainError.refused(Message("ratings.refused.notYet")) }
            subject = Rateable(opened)
        }
        let id = subject.id
        let ratings = try await database.read { tx in try RatingsStore.ratings(of: id, area: area, tx) }
        return Rated(subject: subject, ratings: ratings)
    }

    /// What the office brought to an end; what was withdrawn or voided is not rated, nor a step of a package alone.
    static func isRateable(_ opened: OpenCase) -> Bool {
        guard opened.item.definition.rating, opened.state.part == nil else { return false }
        return switch opened.state.stage {
        case .completed, .refused, .declined, .notNeeded: true
        case .submitted, .received, .correcting, .accepted, .approving, .approved, .withdrawn, .lapsed, .voided,
            .terminated:
            false
        }
    }

    /// - Parameter round: the one the page offered; given again (a double click) it changes nothing.
    /// - Throws: `.invalid` without a grade or with another grade's tags, `.refused` for a second rating without a first.
    /// - Returns: false where that round was rated before.
    func rate(
        _ kind: Kind, _ number: String, round: Int, _ input: RatingInput, _ viewer: ResidentViewer, _ occasion: Occasion
    ) async throws -> Bool {
        guard let grade = input.grade else { throw DomainError.invalid("grade", "ratings.fault.grade") }
        guard input.tags.allSatisfy(grade.tags.contains) else {
            throw DomainError.invalid("tags", "ratings.fault.tags")
        }
        guard input.text.count <= 500 else { throw DomainError.invalid("text", "ratings.fault.text") }
        let rated = try await open(kind, number, area: occasion.area, viewer)
        guard (1...2).contains(round), round <= rated.ratings.count + 1 else {
            throw DomainError.refused(Message("ratings.refused.order"))
        }
        let subject = rated.subject
        let part = input.text.isEmpty ? nil : try subject.seal(input.text, "rating/\(round)")
        let rating = Rating(
            round: round, grade: grade, tags: Array(Set(input.tags)).sorted(), anonymous: input.anonymous,
            channel: occasion.actor.channel, at: occasion.at, slot: part?.slot)
        return try await database.write { tx in
            guard try RatingsStore.insert(rating, of: subject, tx) else { return false }
            if let part { try VaultStore.put(part, in: subject.id, area: occasion.area, at: occasion.at, tx) }
            return true
        }
    }
}
