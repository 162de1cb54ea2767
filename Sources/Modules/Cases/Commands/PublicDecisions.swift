import Catalogue
import Cryptography
import Directory
import Kernel
import Storage
import Web

/// A licence that was granted, as everybody may read of it (行政许可法 art. 40).
struct PublicDecision: Sendable {
    let number: String
    let item: LocalizedText
    let department: String
    let on: CivilDate
    /// The organisation, or the person with the name in part; nil in lists.
    var holder: String?
    /// Number of the licence, and the last day on which it holds.
    var result: String?
    var until: CivilDate?
    /// 撤销, 撤回, 注销: the text is `cases.afterwards.KIND`.
    var afterwards: String?
}

extension CasesAPI {
    /// A page of them, the newest first; `next` continues it.
    func decisions(in area: AreaCode, after cursor: String?) async throws -> (page: [PublicDecision], next: String?) {
        let parts = (cursor ?? "").split(separator: "~").map(String.init)
        let before = parts.count == 2 ? CivilDate(parts[0]).map { (on: $0, id: parts[1]) } : nil
        let rows = try await database.read { tx in try CasesStore.granted(area: area, before: before, limit: 51, tx) }
        let names = try await catalogue.names(of: Set(rows.map(\.item)), area: area)
        let profile = try await directory.profile(of: area)
        let page = rows.prefix(50).map { row in
            PublicDecision(
                number: row.number, item: names[row.item] ?? LocalizedText(zh: row.item),
                department: profile.departmentTitle(row.department), on: row.on)
        }
        return (page, rows.count > 50 ? "\(rows[49].on)~\(rows[49].id)" : nil)
    }

    /// One of them; nil where there is none that everybody may read.
    func decision(_ number: String, in area: AreaCode) async throws -> PublicDecision? {
        do {
            let opened = try await open(number: number, area: area)
            let state = opened.state
            guard state.stage == .completed, state.withheld == nil, opened.item.definition.type == .licence,
                let on = state.decidedAt?.date ?? state.result?.on
            else { return nil }
            let applicant = try opened.content().applicant
            return PublicDecision(
                number: state.number, item: opened.item.definition.name,
                department: opened.profile.departmentTitle(state.department), on: on,
                holder: applicant.organisation ?? Mask.name(applicant.name), result: state.result?.number,
                until: state.result?.until, afterwards: state.afterwards?.kind.rawValue)
        } catch DomainError.notFound {
            return nil
        }
    }
}
