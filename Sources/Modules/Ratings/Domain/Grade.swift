import Storage

/// How satisfied somebody is. Kept by name, because the standards number the grades in opposite ways: 5 is best on the live
/// national interface, 1 in GB/T 39046-2020 A.8.
enum Grade: String, Sendable, Hashable, CaseIterable, SQLConvertible {
    case verySatisfied = "very-satisfied"
    case satisfied
    case fair
    case dissatisfied
    case veryDissatisfied = "very-dissatisfied"

    /// The number on the national platform's live interface, 5 … 1.
    var interfaceCode: Int {
        switch self {
        case .verySatisfied: 5
        case .satisfied: 4
        case .fair: 3
        case .dissatisfied: 2
        case .veryDissatisfied: 1
        }
    }

    /// 差评: contacted within a day, put right within 15 working days (国办发〔2019〕51号).
    var isBad: Bool { interfaceCode <= 2 }

    /// The option tags that belong to this grade, by their codes.
    var tags: [Int] {
        switch self {
        case .verySatisfied: Array(510...517)
        case .satisfied: Array(406...413)
        case .fair: Array(307...314)
        case .dissatisfied: Array(207...214)
        case .veryDissatisfied: Array(108...115)
        }
    }
}
