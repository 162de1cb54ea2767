import Directory
import Foundation
import Kernel
import Storage

/// A list on its way into an area's catalogue: received, looked at as often as wanted, imported once.
struct StagedImports: Sendable {
    /// Bytes a list may have: 20 MiB, twenty times a district's.
    static let maximumBytes = 20 << 20
    /// Seconds a list waits before it is swept.
    private static let lifetime: Int64 = 86_400

    /// What would become of a list.
    struct Look: Sendable {
        let outcome: ListImport.Outcome
        /// The first rows as they stand.
        let preview: [[String]]
        let added: Int
        let known: Int
        /// Items with a guide of their own in the area's pack.
        let kept: Int

        var count: Int { added + known }
    }

    let catalogue: CatalogueAPI
    let directory: DirectoryAPI

    private var database: any Database { catalogue.database }

    /// Keeps a list for its author; answers its id.
    ///
    /// - Throws: `.invalid` where the bytes are no list: empty, a workbook, or in no encoding that is known.
    func keep(_ bytes: [UInt8], name: String, author: String, area: AreaCode, at now: Moment) async throws -> String {
        if bytes.isEmpty { throw DomainError.invalid("list", "catalogue.import.fault.empty") }
        // Workbooks: ZIP (xlsx, et) and the compound file of before (xls).
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw DomainError.invalid("list", "catalogue.import.fault.workbook", ["name": name])
        }
        guard !bytes.contains(0), TextDecoding.text(of: Data(bytes)) != nil else {
            throw DomainError.invalid("list", "catalogue.import.fault.encoding", ["name": name])
        }
        let id = ID<StagedList>(at: now).description
        try await database.write { tx in
            try ImportStaging.put(id, name: name, bytes: bytes, author: author, area: area, at: now, tx)
        }
        return id
    }

    /// - Throws: `.notFound` where the author has no such list here, or it was swept.
    func list(_ id: String, author: String, area: AreaCode) async throws -> StagedList {
        let list = try await database.read { tx in try ImportStaging.list(id, author: author, area: area, tx) }
        guard let list else { throw DomainError.notFound }
        return list
    }

    /// Reads a list that is kept, without importing it.
    func look(_ list: StagedList, columns: ListColumns?, author: String, area: AreaCode) async throws -> Look {
        let profile = try await directory.profile(of: area)
        let (bytes, codes, offered, own) = try await database.read { tx in
            (
                try ImportStaging.bytes(list.id, author: author, area: area, tx),
                try CatalogueStore.codes(area: area, tx), Set(try CatalogueStore.slugs(area: area, tx)),
                Set(try CatalogueStore.slugs(area: area, source: "pack", tx))
            )
        }
        guard let bytes else { throw DomainError.notFound }
        let data = Data(bytes)
        let outcome = ListImport(file: list.name, columns: columns, level: profile.level, knownSlugs: codes).read(data)
        let slugs = outcome.entries.map(\.slug)
        let kept = slugs.count { own.contains($0) }
        let known = slugs.count { offered.contains($0) } - kept
        return Look(
            outcome: outcome, preview: ListImport.preview(data, rows: 10), added: slugs.count - known - kept,
            known: known,
            kept: kept)
    }

    /// Imports a list, once: an import under way or done is left alone. Answers when it has ended, or goes on alone after
    /// `patience`: then the list itself says how far it is, and `failed` hears why it did not end well.
    ///
    /// - Throws: what the import failed with while somebody waited.
    func carryOut(
        _ id: String, columns: ListColumns?, author: String, area: AreaCode, patience: Duration = .seconds(8),
        failed: @escaping @Sendable (any Error) -> Void = { _ in }
    ) async throws {
        let list = try await list(id, author: author, area: area)
        let now = catalogue.time.now()
        let bytes: [UInt8]? = try await database.write { tx in
            guard try ImportStaging.claim(id, author: author, area: area, at: now, tx) else { return nil }
            return try ImportStaging.bytes(id, author: author, area: area, tx)
        }
        guard let bytes else { return }
        let (ends, end) = AsyncStream.makeStream(of: (any Error)?.self)
        // A task of its own: a browser that goes away does not cut the import off.
        Task {
            do {
                try await run(list, Data(bytes), columns, area)
                end.yield(nil)
            } catch {
                try? await database.write { tx in try ImportStaging.release(id, area: area, tx) }
                failed(error)
                end.yield(error)
            }
            end.finish()
        }
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                for await failure in ends { return failure }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        if let failure { throw failure }
    }

    private func run(_ list: StagedList, _ data: Data, _ columns: ListColumns?, _ area: AreaCode) async throws {
        let command = ImportItems(database: database, directory: directory, time: catalogue.time)
        let report = try await command.run(data, file: list.name, columns: columns, into: area, name: nil, years: []) {
            done, total in
            let now = catalogue.time.now()
            try await database.write { tx in
                try ImportStaging.progress(list.id, done: done, total: total, area: area, at: now, tx)
            }
        }
        try await database.write { tx in
            if report.imported {
                try ImportStaging.finish(list.id, report: report.counts, area: area, tx)
            } else {
                try ImportStaging.release(list.id, area: area, tx)
            }
        }
    }

    /// Lists of yesterday are gone, imported or not.
    func sweep(at now: Moment) async throws {
        for area in try await directory.areas().map(\.area) {
            try await database.write { tx in
                try ImportStaging.sweep(before: now.adding(seconds: -Self.lifetime), area: area, tx)
            }
        }
    }
}

extension ImportItems.Report {
    /// What the page of the result says.
    var counts: JSON {
        [
            "added": .int(Int64(added)), "changed": .int(Int64(changed)), "unchanged": .int(Int64(unchanged)),
            "kept": .int(Int64(kept)),
        ]
    }
}
