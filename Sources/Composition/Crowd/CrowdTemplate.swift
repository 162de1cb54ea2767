import Cryptography
import Foundation
package import Kernel
import Storage
import Workflow

/// Everything the database keeps of one real case, taken apart so that others can be made after it.
package struct CrowdTemplate: Sendable {
    package let number: String
    /// The moment it was handed in.
    package let openedAt: Moment
    let area: AreaCode
    /// Area, day and type, before the running number.
    let prefix: String
    /// Of each id of its own the moment in it.
    let ids: [Moment]
    /// The place among `ids` of the case's own id.
    let vaultID: Int?
    let parts: [Part]
    let tables: [(index: Int, rows: [[Cell]])]

    struct Part: Sendable {
        let slot: CrowdText
        let plain: CrowdText
    }

    enum Cell: Sendable {
        case fixed(SQLValue)
        case moment(Int64)
        case text(CrowdText)
        case wrapped
        /// A sealed part's bytes.
        case content(Int)
        /// Hash of the entry before; this entry's own; the last one's.
        case previous, hash, head
        case mac(CrowdPiece)
        case documentCode
        case mask
    }

    struct Reading {
        let tables: [TableShape]
        /// Rows of each template by table.
        var rows: [String: [Int: [[SQLValue]]]] = [:]
        /// Ids that stand in rows of nobody's case.
        var foreign: Set<String> = []
    }

    /// Reads every row in which one of these cases occurs; fit for a database with few rows only.
    static func read(_ cases: [String: String], _ tx: Transaction) throws -> Reading {
        var reading = Reading(tables: try TableShape.all(tx))
        for (index, table) in reading.tables.enumerated() where table.name != "schema_migration" {
            try table.forEachRow(tx) { row in
                var ids: Set<String> = []
                for case .text(let text) in row {
                    if text.utf8.count > 65_536 { continue }
                    ids.formUnion(CrowdTokens.ids(in: text))
                }
                let found = ids.first { cases[$0] != nil }
                if let found {
                    reading.rows[found, default: [:]][index, default: []].append(row)
                } else {
                    reading.foreign.formUnion(ids)
                }
            }
        }
        return reading
    }

    init(
        number: String, openedAt: Moment, owner: CrowdPerson, own: Set<String>, _ rows: [Int: [[SQLValue]]],
        _ shapes: [TableShape], _ bundle: SealedBundle, _ vaults: Vaults
    ) throws {
        area = bundle.area
        self.number = number
        self.openedAt = openedAt
        prefix = String(number.prefix(16))
        let own = own.sorted()
        ids = own.map { Moment(milliseconds: Int64($0.filter { $0 != "-" }.prefix(12), radix: 16) ?? 0) }
        vaultID = own.firstIndex(of: bundle.id)
        let vault = try vaults.open(bundle)
        let sealed = try bundle.parts.values.sorted { $0.slot < $1.slot }.map { part in
            (part, try vault.open(part))
        }
        var tokens = CrowdTokens()
        for (index, id) in own.enumerated() { tokens.add(id, .id(index)) }
        for (index, (part, _)) in sealed.enumerated() { tokens.add(part.hash, .seal(index)) }
        tokens.add(owner.account, .owner)
        tokens.add(owner.bucket, .bucket)
        tokens.add(number, .number)
        tokens.add(owner.name, .name)
        tokens.add(owner.phone, .phone)
        tokens.add(owner.idNumber, .identity)
        var macs: [String: CrowdPiece] = [
            try vaults.lookupCode(owner.name, .name).code: .name,
            try vaults.lookupCode(owner.phone, .phone).code: .phone,
            try vaults.lookupCode(owner.idNumber, .idNumber).code: .identity,
        ]
        if let text = sealed.first(where: { $0.0.slot == "query-code" })?.1,
            let code = QueryCode(String(decoding: text, as: UTF8.self))
        {
            tokens.add(code.text, .code)
            tokens.add(code.description, .printedCode)
            macs[try vaults.lookupCode(code.text, .queryCode).code] = .code
        }
        parts = sealed.map { part, plain in
            Part(slot: CrowdText(part.slot.utf8, tokens), plain: CrowdText(plain, tokens))
        }
        let contents = Dictionary(
            sealed.enumerated().map { ($1.0.content, $0) }, uniquingKeysWith: { first, _ in first })
        // What was to be sent was sent.
        tables = try shapes.indices.filter { shapes[$0].name != "outbox" }.compactMap { index in
            guard let own = rows[index] else { return nil }
            let shape = shapes[index]
            return (index, try own.map { row in try Self.cells(row, shape, tokens, macs, contents) })
        }
    }

    private static func cells(
        _ row: [SQLValue], _ shape: TableShape, _ tokens: CrowdTokens, _ macs: [String: CrowdPiece],
        _ contents: [[UInt8]: Int]
    ) throws -> [Cell] {
        try row.enumerated().map { place, value in
            switch (shape.name, shape.columns[place].name, value) {
            case ("vault", "wrapped", _): return .wrapped
            case ("sealed_part", "content", .blob(let bytes)):
                guard let index = contents[bytes] else { throw KeepingComplaint("a sealed part of something unknown") }
                return .content(index)
            case ("journal", "previous", _): return .previous
            case ("journal", "hash", _): return .hash
            case ("proceeding", "head", _): return .head
            case ("notice", "code", _): return .documentCode
            case ("party", "mask", _): return .mask
            case ("lookup", "mac", .text(let code)):
                guard let piece = macs[code] else { throw KeepingComplaint("a look-up code of something unknown") }
                return .mac(piece)
            case (_, _, .integer(let number)) where CrowdTokens.isAct(number): return .moment(number)
            case (_, _, .text(let text)):
                let taken = CrowdText(text.utf8, tokens)
                if case .bytes = taken.only { return .fixed(value) }
                return .text(taken)
            default: return .fixed(value)
            }
        }
    }
}
