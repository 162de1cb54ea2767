import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Notify

@Suite("A resident's messages")
struct MessageTests {
    private let time = FixedTime()

    /// So many messages, a second apart; answers their ids, oldest first.
    private func fill(_ count: Int, account: String = Letters.account, _ database: any Database) async throws
        -> [String]
    {
        for index in 0..<count {
            time.advance(seconds: 1)
            try await Letters.post(
                Letters.payload(account: account), dedup: "\(account)\(index)", at: time.now, database)
        }
        try await MessageDelivery(database: database, channels: [], logger: quiet).run(at: time.now)
        return try await database.read { tx in
            try tx.values(
                "SELECT id FROM message WHERE area = \(Letters.bucket) AND account = \(account) ORDER BY id",
                as: String.self)
        }
    }

    @Test("What was not opened comes first, and pages go through both parts without a gap", arguments: Backend.all)
    func order(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            let notify = NotifyAPI(database: database, time: time.source)
            let ids = try await fill(7, database)
            _ = try await fill(3, account: "somebody else", database)
            for index in [6, 4, 2] {
                _ = try await notify.markRead(ids[index], account: Letters.account, bucket: Letters.bucket)
            }
            var seen: [String] = []
            var place: MessagePlace?
            while true {
                let page = try await notify.list(
                    account: Letters.account, bucket: Letters.bucket, after: place, limit: 2)
                seen += page.map(\.id)
                guard page.count == 2 else { break }
                place = page.last?.place
            }
            #expect(seen == [5, 3, 1, 0, 6, 4, 2].map { ids[$0] })
            #expect(try await notify.unread(account: Letters.account, bucket: Letters.bucket) == 4)
        }
    }

    @Test("Opening counts once, and only for the owner", arguments: Backend.all)
    func opening(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            let notify = NotifyAPI(database: database, time: time.source)
            let id = try #require(try await fill(1, database).first)
            let first = time.now
            #expect(try await notify.markRead(id, account: Letters.account, bucket: Letters.bucket).readAt == first)
            time.advance(seconds: 60)
            #expect(try await notify.markRead(id, account: Letters.account, bucket: Letters.bucket).readAt == first)
            await #expect(throws: DomainError.notFound) {
                try await notify.markRead(id, account: "somebody else", bucket: Letters.bucket)
            }
            await #expect(throws: DomainError.notFound) {
                try await notify.markRead(id, account: Letters.account, bucket: AreaCode(bucket: 8))
            }
        }
    }

    @Test("Counting stops at 99; all can be marked at once", arguments: Backend.all)
    func counting(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            let notify = NotifyAPI(database: database, time: time.source)
            _ = try await fill(120, database)
            #expect(try await notify.unread(account: Letters.account, bucket: Letters.bucket) == 99)
            #expect(try await notify.markAllRead(account: Letters.account, bucket: Letters.bucket) == 120)
            #expect(try await notify.unread(account: Letters.account, bucket: Letters.bucket) == 0)
            #expect(try await notify.markAllRead(account: Letters.account, bucket: Letters.bucket) == 0)
        }
    }

    private static let locales = Result {
        var locales = Locales()
        let module = NotifyModule(
            notify: NotifyAPI(database: Nowhere(), time: .system), items: NoNames(), adapters: [],
            files: URL(fileURLWithPath: "/"), logger: quiet)
        try locales.add(folder: module.resources.appendingPathComponent("Locales"), of: "notify")
        return locales
    }

    private func message(_ kind: String, _ arguments: [String: String]) -> ReceivedMessage {
        ReceivedMessage(
            id: "1", kind: kind, area: Letters.jinniu, stream: "draft-1", arguments: arguments, at: time.now,
            readAt: nil)
    }

    @Test(
        "Every kind that cases send has words of its own in both languages, with nothing left open",
        arguments: [
            "submitted", "correctionRequested", "accepted", "approved", "refused", "completed", "declined", "notNeeded",
            "withdrawn", "voided", "lapsed", "draftEnding", "acceptanceMoved", "correctionMoved", "resultMoved",
            "urged", "procedureStarted", "procedureBegun", "procedureEnded", "extended", "papersAwaited.lacking",
            "papersAwaited.missing", "papersAwaited.rectification", "interestedTold", "hearingAnnounced", "publicised",
            "stayed", "stayLifted", "terminated", "transferred", "followUpRectify", "afterwards.revoked",
            "afterwards.withdrawn", "afterwards.annulled", "resultCorrected", "reopened", "feeAssessed", "preReviewed",
        ])
    func words(kind: String) throws {
        let locales = try Self.locales.get()
        let message = message("cases.\(kind)", ["number": Letters.number, "item": "x", "due": "2026-03-19"])
        for language in [Language.zh, .en] {
            for part in ["title", "text"] {
                #expect(locales.text("notify.cases.\(kind).\(part)", in: language) != nil)
                let text = message.words(part, item: "食品经营许可", in: language, locales: locales, near: time.now.date)
                #expect(!text.contains("{") && !text.contains("}"), "\(text)")
            }
            #expect(
                message.words("title", item: "食品经营许可", in: language, locales: locales, near: time.now.date).contains(
                    "食品经营许可"))
        }
    }

    @Test("Days are written as people say them, and an unknown kind or item still has words")
    func days() throws {
        let locales = try Self.locales.get()
        let correction = message("cases.correctionRequested", ["due": "2026-03-19", "item": "x"])
        let text = correction.words("text", item: nil, in: .zh, locales: locales, near: time.now.date)
        #expect(text.contains("3 月 19 日\u{FF08}星期四\u{FF09}24:00"))
        let later = message("cases.draftEnding", ["due": "2027-01-04"])
        #expect(
            later.words("text", item: nil, in: .en, locales: locales, near: time.now.date).contains(
                "4 January 2027 (Monday)"))
        let unknown = message("appeals.answered", [:])
        #expect(unknown.words("title", item: nil, in: .zh, locales: locales, near: time.now.date).hasSuffix("您的申请"))
    }

    @Test(
        "A message leads to the act it asks for",
        arguments: [
            ("cases.accepted", "/510106/my/cases/510106202603120100001"),
            ("cases.correctionRequested", "/510106/my/cases/510106202603120100001/correction"),
            ("cases.draftEnding", "/510106/my/drafts/draft-1"),
        ])
    func links(kind: String, href: String) {
        #expect(message(kind, ["number": Letters.number]).href == href)
        #expect(message("cases.accepted", [:]).href == "/510106/my/cases")
        #expect(isLocalPath(message(kind, ["number": "//evil.example/?"]).href))
    }

    @Test("A number is read in groups")
    func groups() {
        #expect(ReceivedMessage.grouped("5101062026112201000017") == "510106 20261122 01 00001 7")
        #expect(ReceivedMessage.grouped("12") == "12")
        #expect(ReceivedMessage.grouped("") == "")
    }

    @Test(
        "Sizes as people read them",
        arguments: [
            (0, "0 KB"), (1, "1 KB"), (1 << 20, "1 MB"), (1_572_864, "1.5 MB"), (700 << 20, "700 MB"),
            (3 << 30, "3 GB"),
        ])
    func sizes(bytes: Int, text: String) {
        #expect(OperationsRoutes.size(bytes) == text)
    }
}

/// Stands where no database is asked.
private struct Nowhere: Database {
    var dialect: SQLDialect { .sqlite }
    func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        throw StorageError.unavailable("no database")
    }
    func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        throw StorageError.unavailable("no database")
    }
    func close() async {}
}

struct NoNames: ItemNames {
    func names(of slugs: Set<String>, area: AreaCode) async throws -> [String: LocalizedText] { [:] }
}
