package import Kernel

/// What `pack.yaml` says about an area: its divisions, departments, halls, phones, remedies, themes.
package struct AreaPack: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case national, province, city, county

        /// Has a hall of its own, is a tenant.
        package var isArea: Bool { self == .city || self == .county }
    }

    package struct Division: Sendable, Hashable, Codable {
        /// Street: 9 digits; community: 12.
        package var code: String
        package var name: LocalizedText
        package var communities: [Division]
    }

    package struct Department: Sendable, Hashable, Codable {
        package var id: String
        package var name: LocalizedText
        package var shortName: LocalizedText?
        package var uscc: String?
        package var phone: String?
    }

    package struct Hall: Sendable, Hashable, Codable {
        package struct Hours: Sendable, Hashable, Codable {
            /// 1 Monday … 7 Sunday.
            package var days: [Int]
            /// Minutes since midnight.
            package var from: Int
            package var to: Int
            /// 延时服务: open, but not counted as office time.
            package var extra: Bool
        }

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

    package struct Theme: Sendable, Hashable, Codable {
        package var code: String
        package var name: LocalizedText
    }

    package struct LifeEvent: Sendable, Hashable, Codable {
        package var id: String
        package var name: LocalizedText
        /// True: for organisations, else for persons.
        package var legal: Bool
        package var items: [String]
    }

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
}

extension AreaPack {
    package func department(_ id: String) -> Department? { departments.first { $0.id == id } }

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
