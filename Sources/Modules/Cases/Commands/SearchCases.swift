import Cryptography
import Kernel
import Storage
package import Web
import Workflow

/// A page of cases with the masks of their applicants.
struct CasePage: Sendable {
    let lines: [CaseLine]
    let masks: [String: String]
    /// How many there are in all, counted no further than `CasesAPI.countLimit`.
    let count: Int
    let hasMore: Bool
}

extension CasesAPI {
    /// Counting stops one after this many: more is to be narrowed or exported.
    static let countLimit = 10_000

    /// What somebody typed into the search box: a case's number, an identity or credit number, a phone, or a name.
    enum Wanted: Equatable {
        case number(String), identity(String), phone(String), name(String)

        init(_ text: String) {
            let dense = text.filter { !$0.isWhitespace && $0 != "-" }
            let code = dense.uppercased()
            if let number = CaseNumber.read(dense), dense.allSatisfy(\.isNumber) {
                self = .number(number)
            } else if code.count == 18, code.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isLetter) }) {
                self = .identity(code)
            } else if dense.count == 11, dense.first == "1", dense.allSatisfy({ $0.isASCII && $0.isNumber }) {
                self = .phone(dense)
            } else {
                self = .name(text.trimmed)
            }
        }
    }

    /// Narrows a filter to what was typed; names, phones and numbers are found by their keyed codes only.
    func narrow(_ filter: inout CaseFilter, to text: String, area: AreaCode) async throws {
        let (kind, value, purpose): (String, String, MACPurpose)
        switch Wanted(text) {
        case .number(let number):
            filter.number = number
            return
        case .identity(let code): (kind, value, purpose) = ("id", code, .idNumber)
        case .phone(let phone): (kind, value, purpose) = ("phone", phone, .phone)
        case .name(let name): (kind, value, purpose) = ("name", name, .name)
        }
        let codes = try vaults.lookupCodes(value, purpose)
        filter.streams = try await database.read { tx in
            try PartyStore.find(kind, codes, area: area, limit: 1_000, tx)
        }
    }

    /// Which departments' cases and figures a member of staff may see; nil for those of the whole area.
    package func supervisedDepartments(of viewer: StaffViewer) -> [String]? { Self.searchable(viewer) }

    /// Which departments' cases a member of staff may find; nil for those of the whole area.
    static func searchable(_ viewer: StaffViewer) -> [String]? {
        let all =
            viewer.permissions.contains(Permission("supervision.urge"))
            || (viewer.permissions.contains(Permission("supervision.board")) && viewer.departments.isEmpty)
        return all ? nil : viewer.departments
    }

    /// A page of what fits, newest first.
    func search(
        _ filter: CaseFilter, area: AreaCode, before: (openedAt: Moment, id: String)?, limit: Int
    ) async throws -> CasePage {
        try await database.read { tx in
            var lines = try CasesStore.search(filter, area: area, before: before, limit: limit + 1, tx)
            let hasMore = lines.count > limit
            if hasMore { lines.removeLast() }
            return CasePage(
                lines: lines, masks: try PartyStore.masks(of: lines.map(\.id), area: area, tx),
                count: try CasesStore.count(filter, area: area, cap: Self.countLimit + 1, tx), hasMore: hasMore)
        }
    }

    /// The next rows of an export; never counts, so that the last page costs what the first did.
    func exportPage(
        _ filter: CaseFilter, area: AreaCode, before: (openedAt: Moment, id: String)?, limit: Int
    ) async throws -> (lines: [CaseLine], masks: [String: String]) {
        try await database.read { tx in
            let lines = try CasesStore.search(filter, area: area, before: before, limit: limit, tx)
            return (lines, try PartyStore.masks(of: lines.map(\.id), area: area, tx))
        }
    }
}
