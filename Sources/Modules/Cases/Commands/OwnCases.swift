import Catalogue
import Directory
import Documents
import Foundation
package import Identity
package import Kernel
import Storage
import Web
import Workflow

/// A resident's applications for himself: drafts and cases of every area with what was handed in, the papers issued, the
/// steps, and when somebody looked.
package struct OwnCases: OwnData {
    package let key = "applications"
    private let cases: CasesAPI
    private static let most = 1_000

    package init(cases: CasesAPI) { self.cases = cases }

    /// Cases and drafts of every area, newest first; what officers wrote to each other is theirs.
    package func data(of account: AccountReference, at now: Moment) async throws -> JSON {
        var lines: [JSON] = []
        var drafts: [JSON] = []
        for (area, _) in try await cases.directory.areas() {
            let (own, open) = try await cases.database.read { tx in
                (
                    try CasesStore.owned(by: account.id, area: area, limit: Self.most, tx),
                    try DraftStore.owned(by: account.id, area: area, limit: Self.most, tx)
                )
            }
            for line in own {
                do { lines.append(try await one(line, area)) } catch DomainError.notFound { continue }
            }
            for row in open { if let draft = try await one(row, area) { drafts.append(draft) } }
        }
        return ["cases": .array(lines), "drafts": .array(drafts)]
    }

    private func one(_ line: CaseLine, _ area: AreaCode) async throws -> JSON {
        let opened = try await cases.open(number: line.number, area: area)
        let steps = try await cases.history(of: opened).filter { !$0.isInternal }
        let looks = try await cases.database.read { tx in
            try AccessLog.looks(at: line.id, area: area, limit: Self.most, tx)
        }
        let notices = try await cases.notices(of: opened)
        let state = opened.state
        let content = try opened.content()
        let attorney = try await cases.attorney(of: opened)?.state
        return [
            "number": .string(state.number), "area": .string(area.text), "item": .string(state.item),
            "stage": .string(state.stage.rawValue), "submittedAt": .string(state.submittedAt.description),
            "endedAt": state.endedAt.map { .string($0.description) } ?? .null,
            "handedIn": try CanonicalJSON.value(of: content),
            "files": .array(
                state.files.map { file in
                    [
                        "material": .string(file.material), "name": .string(content.fileNames[file.id] ?? ""),
                        "bytes": .int(Int64(file.size)), "sha256": .string(file.digest),
                    ]
                }),
            "papers": .array(
                try notices.map { notice in
                    [
                        "title": .string(notice.title), "number": notice.number.map { .string($0) } ?? .null,
                        "issuedAt": .string(notice.issuedAt.description), "state": .string(notice.state),
                        "content": try opened.text("notice/\(notice.id)").map { try JSON(parsing: $0) } ?? .null,
                    ]
                }),
            "attorney": attorney.map {
                [
                    "until": .string($0.until.description), "givenAt": .string($0.givenAt.description),
                    "withdrawnAt": $0.withdrawnAt.map { .string($0.description) } ?? .null,
                    "uses": .int(Int64($0.uses)),
                ]
            } ?? .null,
            "steps": .array(steps.map { ["kind": .string($0.kind), "at": .string($0.at.description)] }),
            "looks": .array(
                looks.map { look in
                    [
                        "at": .string(look.at.description),
                        "by": .string(look.actor.split(separator: ":").first.map(String.init) ?? ""),
                    ]
                }),
        ]
    }

    private func one(_ row: DraftRow, _ area: AreaCode) async throws -> JSON? {
        let bundle = try await cases.database.read { tx in
            try VaultStore.read(row.id, area: area, slots: ["draft"], tx)
        }
        guard let bundle, let part = bundle.parts["draft"] else { return nil }
        let text = try cases.vaults.open(bundle).text(part)
        return [
            "area": .string(area.text), "item": .string(row.item), "createdAt": .string(row.createdAt.description),
            "changedAt": .string(row.changedAt.description), "content": try JSON(parsing: text),
        ]
    }
}
