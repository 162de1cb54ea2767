import Catalogue
import Cryptography
import Directory
import Documents
import Foundation
import Identity
import Kernel
import Registers
import Storage
import Web
import Workflow

// 秒批: right after the submission, in the same request.

extension CasesAPI {
    /// Decides a case that was just handed in, where the item's rule says that nothing is left to weigh. Where it does not, or
    /// anything is unclear, the case waits for people as every other, and they see why.
    func decideInstantly(_ number: String, _ given: RuleContext, _ occasion: Occasion) async throws {
        let opened = try await open(number: number, area: occasion.area)
        let item = opened.item.definition
        // Who is still to be seen stands on the case; then people decide.
        guard item.instantWhen != nil, opened.state.remote?.standing ?? .confirmed == .confirmed else { return }
        let weighed = try await weigh(opened, given, at: occasion.at)
        guard weighed.basis.reason == nil,
            let delivery = item.delivery.first(where: { $0 == .electronic }) ?? item.delivery.first
        else { return try await leave(opened, weighed, occasion) }
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
                result: number.map { result.numbered($0) } ?? result, notices: issued, sampled: sampled,
                basis: weighed.basis.isEmpty ? nil : weighed.basis)
            let outcome = try office.perform(.further(command), on: id, occasion, tx) { _ in
                opened.context(at: now, officer: nil)
            }
            guard !outcome.events.isEmpty else { return }
            try weighed.keep(id, occasion, tx)
            try notices.issue(approval, stream: id, prefix: prefix, result: nil, area: area, at: now, tx)
            try notices.issue(proof, stream: id, prefix: prefix, result: number, area: area, at: now, tx)
        }
    }

    /// What the rule came to, and what it rests on.
    private struct Weighed: Sendable {
        let basis: InstantBasis
        /// What registers said, sealed for the case.
        let facts: SealedPart?

        /// Each register that was asked is a logged look, written with what came of it.
        func keep(_ id: String, _ occasion: Occasion, _ tx: Transaction) throws {
            if let facts { try VaultStore.put(facts, in: id, area: occasion.area, at: occasion.at, tx) }
            for asked in basis.registers ?? [] {
                try AccessLog.record(occasion, stream: id, slot: "register/\(asked.register)", tx)
            }
        }
    }

    private func weigh(_ opened: OpenCase, _ given: RuleContext, at now: Moment) async throws -> Weighed {
        let (item, state) = (opened.item.definition, opened.state)
        func only(_ reason: InstantBasis.Reason, _ held: [HeldCertificate] = []) -> Weighed {
            Weighed(basis: InstantBasis(reason: reason, certificates: held), facts: nil)
        }
        guard state.lacking == nil, !item.delivery.isEmpty else { return only(.papers) }
        var context = given
        let held = try await certificates(
            of: state, area: opened.area, anywhere: item.instantAnywhere ?? false, on: now.date)
        context.certificates.formUnion(held.map(\.type))
        let read = Self.certificatesRead(by: item)
        let counted = held.filter { read.contains($0.type) }
        guard item.mayDecideInstantly(in: context) else { return only(.rule, counted) }
        guard item.registers != nil else {
            let reason: InstantBasis.Reason? = item.decidesInstantly(in: context) ? nil : .rule
            return Weighed(basis: InstantBasis(reason: reason, certificates: counted), facts: nil)
        }
        // Before somebody looked at his papers, the numbers are only what he typed: no register is asked by them.
        guard let registers, let bucket = AreaCode(state.bucket),
            try await identity.isConfirmed(AccountReference(id: state.owner, bucket: bucket))
        else { return only(.unconfirmed, counted) }
        let applicant = try opened.content().applicant
        let answers = await registers.ask(
            item, context, idcard: applicant.idNumber, uscc: applicant.uscc, area: opened.area)
        context.registers = Dictionary(answers.map { ($0.use, $0.value) }, uniquingKeysWith: { first, _ in first })
        let reason: InstantBasis.Reason? =
            answers.contains(where: \.isUnclear) ? .register : item.decidesInstantly(in: context) ? nil : .rule
        let facts = answers.flatMap { answer in
            answer.facts.sorted { $0.key < $1.key }.map {
                InstantFacts.Fact(register: answer.source, field: $0.key, value: $0.value, isOwn: answer.isOwn)
            }
        }
        let sealed = facts.isEmpty ? nil : try opened.seal(InstantFacts(facts: facts), kind: "instant", at: now)
        let asked = answers.map {
            AskedRegister(
                register: $0.source, standing: $0.standing, asOf: $0.asOf, edition: $0.edition, isOwn: $0.isOwn)
        }
        return Weighed(
            basis: InstantBasis(reason: reason, registers: asked, certificates: counted, facts: sealed?.reference),
            facts: sealed)
    }

    /// Types of certificates that the rule reads: no other is told of.
    private static func certificatesRead(by item: ItemDefinition) -> Set<String> {
        guard let rule = item.instantWhen, let logic = try? JsonLogic(rule.json) else { return [] }
        return Set(
            logic.variables.compactMap {
                $0.hasPrefix("certificate.") ? String($0.dropFirst("certificate.".count)) : nil
            })
    }

    private func leave(_ opened: OpenCase, _ weighed: Weighed, _ occasion: Occasion) async throws {
        let id = opened.id
        try await database.write { [office] tx in
            let outcome = try office.perform(
                .further(DecideInstantly(leaving: weighed.basis)), on: id, occasion, tx
            ) { _ in opened.context(at: occasion.at, officer: nil) }
            if !outcome.events.isEmpty { try weighed.keep(id, occasion, tx) }
        }
    }

    /// Whether a person looks at it afterwards: by the number alone, so that nobody chooses.
    static func isSampled(_ number: String, _ percent: Int?) -> Bool {
        guard let percent else { return false }
        let digest = Digest.sha256(Array(number.utf8))
        return (Int(digest[0]) << 8 | Int(digest[1])) % 100 < percent
    }
}

extension InstantBasis {
    /// Nothing beside the form was read.
    fileprivate var isEmpty: Bool { reason == nil && registers == nil && certificates == nil }
}
