package import Cases
import Directory
package import Identity
package import Kernel
import Storage

/// What a resident thought of the service, for himself.
package struct OwnRatings: OwnData {
    package let key = "ratings"
    private let cases: CasesAPI
    private static let most = 1_000

    package init(cases: CasesAPI) { self.cases = cases }

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
                found += try ratings.map { rating in
                    [
                        "case": .string(line.number), "round": .int(Int64(rating.round)),
                        "grade": .string(rating.grade.rawValue), "tags": .array(rating.tags.map { .int(Int64($0)) }),
                        "anonymous": .bool(rating.anonymous), "at": .string(rating.at.description),
                        "words": try rating.slot.flatMap { try opened.text($0) }.map { .string($0) } ?? .null,
                    ]
                }
            }
        }
        return .array(found)
    }
}
