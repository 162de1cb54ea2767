import Cryptography
import Kernel
import Storage
import Workflow

/// What is a made-up case's own.
struct CrowdValues {
    let person: CrowdPerson
    /// Milliseconds by which everything happens later than in the template.
    let later: Int64
    let number: [UInt8]
    let ids: [[UInt8]]
    let code: QueryCode
    var seals: [[UInt8]] = []
}

/// One case after a template.
struct CrowdCase {
    private let template: CrowdTemplate
    private let vaults: Vaults
    private var values: CrowdValues
    private let wrapped: [UInt8]
    private var contents: [[UInt8]] = []
    private let running: Int

    init(
        _ template: CrowdTemplate, person: CrowdPerson, later: Int64, sequence: Int, running: Int, _ vaults: Vaults
    ) throws {
        self.template = template
        self.vaults = vaults
        self.running = running
        let digits = String(sequence)
        let payload = template.prefix + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        let number = payload + (CheckDigit.mod11And10(payload).map(String.init) ?? "")
        values = CrowdValues(
            person: person, later: later, number: Array(number.utf8),
            ids: template.ids.map { Array(ID<CrowdCase>(at: $0.adding(milliseconds: later)).description.utf8) },
            code: .random())
        guard let stream = Self.stream(template, values) else { throw KeepingComplaint("a template without a vault") }
        let (vault, wrapped) = try vaults.create(area: template.area, id: stream)
        self.wrapped = wrapped
        for part in template.parts {
            let slot = String(decoding: part.slot.bytes(values), as: UTF8.self)
            let sealed = try vault.seal(part.plain.bytes(values), slot: slot)
            values.seals.append(Array(sealed.hash.utf8))
            contents.append(sealed.content)
        }
    }

    private static func stream(_ template: CrowdTemplate, _ values: CrowdValues) -> String? {
        let id = template.vaultID.map { values.ids[$0] }
        return id.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Adds its rows to those of its chunk.
    func add(to rows: inout [[[SQLValue]]], _ shapes: [TableShape]) throws {
        var head = JournalEntry.zero
        // The journal first: the proceeding keeps its last hash.
        for (index, own) in template.tables where shapes[index].name == "journal" {
            for cells in own {
                var row = try cells.map { try value($0, head: head) }
                head = try Self.chain(&row, cells, head)
                rows[index].append(row)
            }
        }
        for (index, own) in template.tables where shapes[index].name != "journal" {
            for cells in own { rows[index].append(try cells.map { try value($0, head: head) }) }
        }
    }

    /// Binds an entry to the one before it; answers its hash.
    private static func chain(_ row: inout [SQLValue], _ cells: [CrowdTemplate.Cell], _ previous: String) throws
        -> String
    {
        // area, cohort, stream, seq, at, actor, request, name, data, previous, hash
        guard row.count == 11, case .text(let areaText) = row[0], let area = AreaCode(areaText),
            case .integer(let cohort) = row[1], case .text(let stream) = row[2], case .integer(let seq) = row[3],
            case .integer(let at) = row[4], case .text(let actor) = row[5], case .text(let request) = row[6],
            case .text(let name) = row[7], case .text(let data) = row[8]
        else { throw KeepingComplaint("the journal's table is another one") }
        let entry = JournalEntry(
            area: area, cohort: Int(cohort), stream: stream, seq: Int(seq), at: Moment(milliseconds: at), actor: actor,
            request: request, name: name, data: data, previous: previous)
        row[9] = .text(previous)
        row[10] = .text(entry.hash)
        return entry.hash
    }

    private func value(_ cell: CrowdTemplate.Cell, head: String) throws -> SQLValue {
        switch cell {
        case .fixed(let value): return value
        case .moment(let moment): return .integer(moment + values.later)
        case .text(let text): return .text(String(decoding: text.bytes(values), as: UTF8.self))
        case .wrapped: return .blob(wrapped)
        case .content(let index): return .blob(contents[index])
        case .previous, .hash, .head: return .text(head)
        case .documentCode:
            // As long as a real one; rising, so that its index grows at its end.
            let count = (0..<6).map { UInt8(truncatingIfNeeded: running >> ((5 - $0) * 8)) }
            return .text(Base64URL.encode(count + Randomness.bytes(12)))
        case .mask: return .text(Mask.name(values.person.name))
        case .mac(let piece):
            let person = values.person
            let code =
                switch piece {
                case .phone: try vaults.lookupCode(person.phone, .phone)
                case .identity: try vaults.lookupCode(person.idNumber, .idNumber)
                case .code: try vaults.lookupCode(values.code.text, .queryCode)
                default: try vaults.lookupCode(person.name, .name)
                }
            return .text(code.code)
        }
    }
}
