import Catalogue
import Cryptography
import Directory
import Documents
import Foundation
import Kernel
import Storage
import Web
import Workflow

// 秒批: right after the submission, in the same request.

extension CasesAPI {
    /// Decides a case that was just handed in, where the item's rule says that nothing is left to weigh. Where it does not, or
    /// anything is in the way, the case waits for people as every other.
    func decideInstantly(_ number: String, _ context: RuleContext, _ occasion: Occasion) async throws {
        let opened = try await open(number: number, area: occasion.area)
        let item = opened.item.definition
        guard item.decidesInstantly(in: context), opened.state.lacking == nil, opened.state.remote?.standing ?? .confirmed == .confirmed,
            let delivery = item.delivery.first(where: { $0 == .electronic }) ?? item.delivery.first
        else { return }
        let now = occasion.at
        let holder = try opened.holder()
        let approval = try notices.prepare(
            Notices.approval(opened, applicant: holder, at: now), in: opened.vault, at: now)
        let result = try result(of: opened, delivery: delivery.rawValue, at: now)
        let outcome = item.outcome.first
        let proof = try notices.prepare(
            Notices.delivery(
                opened, applicant: holder, result: result, numbered: outcome?.number != nil, at: now),
            in: opened.vault, at: now)
        let issued = [
            IssuedNotice(id: approval.id, kind: "approval", at: now),
            IssuedNotice(id: proof.id, kind: "delivery", at: now),
        ]
        let sampled = Self.isSampled(number, item.instantSample)
        let (id, area, prefix) = (opened.id, opened.area, opened.profile.numberPrefix)
        try await database.write { [office, notices] tx in
            var number: String?
            if let outcome, let pattern = outcome.number {
                let year = result.on.year
                let sequence = try NumberSeries.gapless(
                    "result/\(item.slug)/\(outcome.id)", area: area,
                    year: ResultNumber.tellsYear(pattern) ? year : 2000, tx)
                number = ResultNumber.make(pattern, area: area, year: year, sequence: sequence)
            }
            let command = DecideInstantly(
                result: number.map { result.numbered($0) } ?? result, notices: issued, sampled: sampled)
            let outcome = try office.perform(.further(command), on: id, occasion, tx) { _ in
                opened.context(at: now, officer: nil)
            }
            guard !outcome.events.isEmpty else { return }
            try notices.issue(approval, stream: id, prefix: prefix, result: nil, area: area, at: now, tx)
            try notices.issue(proof, stream: id, prefix: prefix, result: number, area: area, at: now, tx)
        }
    }

    /// Whether a person looks at it afterwards: by the number alone, so that nobody chooses.
    static func isSampled(_ number: String, _ percent: Int?) -> Bool {
        guard let percent else { return false }
        let digest = Digest.sha256(Array(number.utf8))
        return (Int(digest[0]) << 8 | Int(digest[1])) % 100 < percent
    }
}
