package import Cases
import Directory
package import Identity
package import Kernel
package import Packages
import Storage

/// What a resident thought of the service, for himself.
package struct OwnRatings: OwnData {
    package let key = "ratings"
    private let cases: CasesAPI
    private let packages: PackagesAPI
    private static let most = 1_000

    package init(cases: CasesAPI, packages: PackagesAPI) {
        self.cases = cases
        self.packages = packages
    }

    /// Every rating with its words.
    package func data(of account: AccountReference, at now: Moment) async throws -> JSON {
        var found: [JSON] = []
        for (area, _) in try await cases.directory.areas() {
            let lines = try await cases.database.read { tx in
                try CasesStore.owned(by: account.id, area: area, limit: Self.most, tx)
            }
            for line in lines {
                let ratings = try await cases.database.read { tx in
                    try RatingsStore.ratings(of: line.id, area: area, tx)
                }
                guard !ratings.isEmpty else { continue }
                let opened = try await cases.open(number: line.number, area: area)
                found += try ratings.map { try json($0, Rateable(opened)) }
            }
            for number in try await packages.numbers(of: account.id, area: area) {
                let subject = Rateable(try await packages.openUnchecked(number, area: area))
                let ratings = try await cases.database.read { tx in
                    try RatingsStore.ratings(of: subject.id, area: area, tx)
                }
                found += try ratings.map { try json($0, subject) }
            }
        }
        return .array(found)
    }

    private func json(_ rating: Rating, _ subject: Rateable) throws -> JSON {
        [
            "case": .string(subject.number), "round": .int(Int64(rating.round)),
            "grade": .string(rating.grade.rawValue), "tags": .array(rating.tags.map { .int(Int64($0)) }),
            "anonymous": .bool(rating.anonymous), "at": .string(rating.at.description),
            "words": try rating.slot.flatMap { try subject.text($0) }.map { .string($0) } ?? .null,
        ]
    }
}
