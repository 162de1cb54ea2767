package import Kernel

/// What `pack.yaml` says about an area: its divisions, departments, halls, phones, remedies, themes.
package struct AreaPack: Sendable, Hashable, Codable {
    /// The levels of packs; an area inherits from those above it.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case national, province, city, county

        /// Has a hall of its own, is a tenant.
        package var isArea: Bool { self == .city || self == .county }
    }

    /// A street or a community by its code in the 统计用区划代码.
    package struct Division: Sendable, Hashable, Codable {
        /// Street: 9 digits; community: 12.
        package var code: String
        package var name: LocalizedText
        package var communities: [Division]
    }

    /// A body that handles items; `id` is the slug that items name, `uscc` has 18 characters (GB 32100).
    package struct Department: Sendable, Hashable, Codable {
        package var id: String
        package var name: LocalizedText
        package var shortName: LocalizedText?
        package var uscc: String?
        package var phone: String?
    }

    /// A place where things are handled in person (政务服务中心).
    package struct Hall: Sendable, Hashable, Codable {
        /// One span in which a hall is open; several make up its week.
        package struct Hours: Sendable, Hashable, Codable {
            /// 1 Monday … 7 Sunday.
            package var days: [Int]
            /// Minutes since midnight.
            package var from: Int
            package var to: Int
            /// 延时服务: open, but not counted as office time.
            package var extra: Bool
        }

        /// A counter of a hall; `number` as it stands above it.
        package struct Window: Sendable, Hashable, Codable {
            package var id: String
            package var number: String?
            package var name: LocalizedText
            /// Empty: a general window that takes anything.
            package var departments: [String]
        }

        package var id: String
        package var name: LocalizedText
        package var address: LocalizedText?
        package var phone: String?
        package var hours: [Hours]
        package var windows: [Window]
    }

    /// A subject items are grouped under, with its three-digit code of the list of themes.
    package struct Theme: Sendable, Hashable, Codable {
        package var code: String
        package var name: LocalizedText
    }

    /// 一件事: items (by slug) that people need together.
    package struct LifeEvent: Sendable, Hashable, Codable {
        package var id: String
        package var name: LocalizedText
        /// True: for organisations, else for persons.
        package var legal: Bool
        package var items: [String]
    }

    /// A kind of e-certificate (电子证照) that items ask for or issue.
    package struct CertificateType: Sendable, Hashable, Codable {
        package var id: String
        package var name: LocalizedText
        /// 21 characters, where known.
        package var code: String?
    }

    /// Which items of above are taken as they are.
    package enum Inherits: Sendable, Hashable, Codable {
        case all
        case slugs([String])
    }

    package var area: AreaCode
    package var kind: Kind
    package var parent: AreaCode?
    package var name: LocalizedText
    package var shortName: LocalizedText?
    package var demo: Bool
    /// Of document numbers 文号.
    package var numberPrefix: String?
    package var inherits: Inherits
    package var advicePhone: String?
    package var complaintPhone: String?
    package var reviewOrgan: LocalizedText?
    package var court: LocalizedText?
    package var divisions: [Division]
    package var departments: [Department]
    /// Symbolic department of inherited items → this area's department.
    package var roles: [String: String]
    package var halls: [Hall]
    package var personThemes: [Theme]
    package var legalThemes: [Theme]
    package var events: [LifeEvent]
    package var certificates: [CertificateType]
    /// Registers that the area's departments keep, and those of the line above.
    package var registers: [RegisterType] = []
}

extension AreaPack {
    /// The department of that slug; nil where the pack does not name it.
    package func department(_ id: String) -> Department? { departments.first { $0.id == id } }

    /// The register of that slug.
    package func register(_ id: String) -> RegisterType? { registers.first { $0.id == id } }

    /// The area's own department for a department or a symbolic role.
    package func ownDepartment(_ id: String) -> String { roles[id] ?? id }

    /// The areas above, nearest first, by the stated parent or by the code: 510106 → 510100 → 510000 → 000000.
    package var line: [AreaCode] {
        var codes: [String] = []
        let own = area.text
        if let parent { codes.append(parent.text) }
        for kept in [4, 2, 0] {
            let above = String(own.prefix(kept)) + String(repeating: "0", count: 6 - kept)
            if above != own, !codes.contains(above) { codes.append(above) }
        }
        return codes.compactMap { AreaCode($0) }
    }
}
