/// What kind of power or service an item is (GB/T 39046-2020 Annex A).
package enum ItemType: String, Sendable, Hashable, Codable, CaseIterable {
    case licence, penalty, coercion, levy, benefit, inspection, confirmation, reward, ruling, other
    case publicService = "public-service"

    /// Two digits as in the standard: `01` licence … `10` other, `20` public service.
    package var standardCode: String {
        switch self {
        case .licence: "01"
        case .penalty: "02"
        case .coercion: "03"
        case .levy: "04"
        case .benefit: "05"
        case .inspection: "06"
        case .confirmation: "07"
        case .reward: "08"
        case .ruling: "09"
        case .other: "10"
        case .publicService: "20"
        }
    }
}

/// The level of government at which an item is carried out (行使层级).
package enum ItemLevel: String, Sendable, Hashable, Codable, CaseIterable {
    case nation, province, city, county, street, village

    /// `1` nation … `6` village or community (GB/T 39046-2020 Annex A).
    package var standardCode: String {
        switch self {
        case .nation: "1"
        case .province: "2"
        case .city: "3"
        case .county: "4"
        case .street: "5"
        case .village: "6"
        }
    }
}

/// Where the organ's power comes from; it decides whose seal and which remedy organ stand on every notice.
package enum Delegation: String, Sendable, Hashable, Codable, CaseIterable {
    /// 法定: the law names the organ.
    case statutory
    /// 授权: decides in its own name and under its own seal.
    case authorised
    /// 委托: decides in the name and under the seal of the organ that entrusted it.
    case entrusted
    /// 下放: handed down by a higher level.
    case devolved

    /// Whether notices bear the name and seal of the delegating organ.
    package var usesDelegatorsSeal: Bool { self == .entrusted }
}

/// Who may apply (服务对象).
package enum Audience: String, Sendable, Hashable, Codable, CaseIterable {
    case person, enterprise, institution
    case socialOrganisation = "social-organisation"
    case administration, other

    /// `1` natural person … `6` other organisation (GB/T 39046-2020 Annex A).
    package var standardCode: String {
        switch self {
        case .person: "1"
        case .enterprise: "2"
        case .institution: "3"
        case .socialOrganisation: "4"
        case .administration: "5"
        case .other: "6"
        }
    }

    package var isLegal: Bool { self != .person }
}

/// 即办件 or 承诺件.
package enum Handling: String, Sendable, Hashable, Codable, CaseIterable {
    case instant, promised
}

/// Within which area an item can be handled anywhere (通办范围).
package enum HandlingScope: String, Sendable, Hashable, Codable, CaseIterable {
    case area, city
    case acrossCities = "across-cities"
    case acrossProvinces = "across-provinces"
    case nation
}

/// How a result reaches the applicant.
package enum DeliveryKind: String, Sendable, Hashable, Codable, CaseIterable {
    case electronic, counter
    case expressOut = "express-out"
    case expressBoth = "express-both"
    case collectedAtInspection = "collected-at-inspection"

    package var usesExpress: Bool { self == .expressOut || self == .expressBoth }
}

/// How carefully a field or a material is kept (个人信息保护法).
package enum Sensitivity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case ordinary, personal, sensitive

    private var rank: Int {
        switch self {
        case .ordinary: 0
        case .personal: 1
        case .sensitive: 2
        }
    }

    package static func < (a: Sensitivity, b: Sensitivity) -> Bool { a.rank < b.rank }
}

/// Who is asked to act in a stage.
package enum StaffRole: String, Sendable, Hashable, Codable, CaseIterable {
    case clerk, reviewer, approver, head
}

/// What happens when a correction notice is not answered in time.
package enum LapseRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// Deemed withdrawn, without prejudice to a new application.
    case withdrawn
    /// Sent back, without prejudice to a new application.
    case returned
    /// Decided on what is there.
    case decide
}

/// How long the volume of a finished case is kept.
package enum Retention: Sendable, Hashable, Codable {
    case permanent
    case years(Int)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let retention = Retention(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a retention: \(text)")
        }
        self = retention
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// Reads `permanent` or `10y` (1…100 years).
    init?(_ text: String) {
        if text == "permanent" {
            self = .permanent
        } else if text.hasSuffix("y"), let years = Int(text.dropLast()), (1...100).contains(years) {
            self = .years(years)
        } else {
            return nil
        }
    }

    package var text: String {
        switch self {
        case .permanent: "permanent"
        case .years(let years): "\(years)y"
        }
    }
}
