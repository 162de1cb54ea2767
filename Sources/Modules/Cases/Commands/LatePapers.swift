import Catalogue
import Documents
package import Kernel
import Storage
import Workflow

/// A paper that is owed for what the law decided while nobody acted: a clock cannot draw it, so it is drawn right afterwards.
enum LatePaper {
    /// A letter a case.
    static let channel = "case-paper"

    /// Goes out with the case's own transaction.
    static func post(
        _ outcome: Workflow.Outcome<CaseProcedure>, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws {
        guard let until = outcome.state.uncertified, !outcome.events.isEmpty else { return }
        try Outbox.post(
            channel: channel, area: area, dedup: "\(outcome.id)/\(until)",
            payload: ["number": .string(outcome.state.number)], at: now, tx)
    }
}

extension CasesAPI {
    /// Draws and issues the papers that are owed. Paper, case and letter change in one transaction: a second server, or a second
    /// run after a crash, finds the paper issued and only throws the letter away.
    ///
    /// - Returns: how many papers were issued.
    @discardableResult
    package func issueLatePapers(at now: Moment) async throws -> Int {
        let letters = try await database.read { tx in
            try Outbox.due(channel: LatePaper.channel, at: now, limit: 100, tx)
        }
        var issued = 0
        for letter in letters {
            guard try await database.write({ tx in try Outbox.claim(letter, at: now, tx) }) else { continue }
            do {
                if try await issue(letter, at: now) { issued += 1 }
            } catch {
                try await database.write { tx in try Outbox.failed(letter, fault: "\(error)", at: now, tx) }
            }
        }
        return issued
    }

    private func issue(_ letter: Outbox.Letter, at now: Moment) async throws -> Bool {
        do {
            let opened = try await open(number: letter.payload["number"].text ?? "", area: letter.area)
            guard let until = opened.state.uncertified else { throw DomainError.notFound }
            let notice = try notices.prepare(
                Notices.renewedBySilence(opened, until: until, at: now), in: opened.vault, at: now)
            let occasion = Occasion(
                area: letter.area, at: now, actor: .system("paper"), request: "paper-\(letter.id)")
            try await perform(
                .further(CertifyRenewal(notice: IssuedNotice(id: notice.id, kind: "renewal", at: now))), opened,
                occasion,
                with: Enclosures(notice: notice) { tx in try Outbox.delivered(letter, tx) })
            return true
        } catch DomainError.notFound {
            // Issued already, or the case was forgotten meanwhile.
            try await database.write { tx in try Outbox.delivered(letter, tx) }
            return false
        }
    }
}

extension Notices {
    /// What the organ did not decide before the expiry counts as renewed (行政许可法 art. 50 (2)).
    static func renewedBySilence(_ opened: OpenCase, until: CivilDate, at now: Moment) -> NoticeDraft {
        letter(
            "renewal", "续", "视为准予延续行政许可证明", opened, (try? opened.holder()) ?? "",
            [
                "您申请延续\(licence(opened))。本机关在该许可有效期届满前没有作出决定，依法视为准予延续，有效期延续至\(until.printed)。",
                "依据：《中华人民共和国行政许可法》第五十条第二款。",
            ], at: now)
    }

    /// What was granted, as letters name it.
    static func licence(_ opened: OpenCase) -> String {
        let number = opened.state.result?.number.map { "，证照编号：\($0)" } ?? ""
        return
            "“\(opened.item.definition.name.zh)”（办件编号：\(CaseNumber.grouped(opened.state.number))\(number)）"
    }
}
