import Documents
package import Kernel
import Storage
package import Web
import Workflow

// How drafts end that are not handed in: thrown away by their owner, or forgotten after 90 days.

extension CasesAPI {
    /// Throws a draft away with everything in it, files included.
    package func discardDraft(_ id: String, area: AreaCode, _ viewer: ResidentViewer) async throws {
        _ = try await openDraft(id, area: area, viewer)
        try await forgetDraft(id, area: area)
    }

    /// Warns owners seven days before the end, and forgets what ended.
    package func sweepDrafts(at now: Moment) async throws {
        let ending = try await database.read { tx in
            try DraftStore.ending(before: now.adding(seconds: 7 * 86_400), limit: 500, tx)
        }
        for draft in ending {
            try await database.write { tx in
                guard try DraftStore.warned(draft.id, of: draft.expiresAt, area: draft.area, tx) else { return }
                let payload: JSON = [
                    "kind": "cases.draftEnding", "stream": .string(draft.id), "area": .string(draft.area.text),
                    "account": .string(draft.owner), "bucket": .string(draft.bucket),
                    "arguments": ["item": .string(draft.item), "due": .string(draft.expiresAt.date.description)],
                ]
                try Outbox.post(
                    channel: "message", area: draft.area, dedup: "\(draft.id)/ending/\(draft.expiresAt.milliseconds)",
                    payload: payload, at: now, tx)
            }
        }
        for draft in try await database.read({ tx in try DraftStore.expired(at: now, limit: 500, tx) }) {
            try await forgetDraft(draft.id, area: draft.area, endedBy: now)
        }
    }

    /// The row, the vault and the rows of files in one transaction; the bytes after it.
    ///
    /// Nothing happens to a draft that became a case, or was saved again before it ended.
    private func forgetDraft(_ id: String, area: AreaCode, endedBy until: Moment? = nil) async throws {
        let freed = try await database.write { tx -> [String] in
            guard try DraftStore.remove(id, area: area, endedBy: until, tx) else { return [] }
            try VaultStore.forget(id, area: area, tx)
            try ScanLinkStore.remove(of: id, area: area, tx)
            return try DocumentsStore.removeFiles(of: id, area: area, tx)
        }
        try await notices.discard(freed)
    }
}
