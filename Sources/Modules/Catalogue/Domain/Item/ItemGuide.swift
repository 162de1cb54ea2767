package import Kernel

/// One provision an item stands on. What is not checked against the law's text carries `verify` and is not printed.
package struct LegalBasis: Sendable, Hashable, Codable {
    package var id: String
    package var law: LocalizedText
    /// 文号 of the instrument.
    package var number: String?
    /// Article as cited, `第三十五条`; nil where it is not certain.
    package var article: String?
    package var text: LocalizedText?
    package var verify: Bool
}

/// What must be fulfilled for a favourable decision.
package struct ItemCondition: Sendable, Hashable, Codable {
    package var id: String
    package var text: LocalizedText
    package var basis: [String]
}

/// What is charged.
package struct Fee: Sendable, Hashable, Codable {
    /// Where a fee can be paid.
    package enum Payment: String, Sendable, Hashable, Codable, CaseIterable {
        case window, online
    }

    package var id: String
    package var project: LocalizedText
    package var amount: Money
    package var unit: LocalizedText?
    package var basis: [String]
    package var payment: [Payment]
    /// Who need not pay.
    package var waived: LocalizedText?
}

/// The limits that stand on an item. Only the promised one is always there.
package struct LimitSet: Sendable, Hashable, Codable {
    package var statutory: Limit?
    package var promised: Limit
    /// A third limit, where the province sets one: promised ≤ province ≤ statutory.
    package var province: Limit?
}

/// How often an applicant has to come; 0 is 零跑腿.
package struct Visits: Sendable, Hashable, Codable {
    /// 0…9.
    package var number: Int
    /// Why, where it is not 0.
    package var reason: LocalizedText?
}

/// Phones of this item; nil where the area's stand.
package struct ItemContacts: Sendable, Hashable, Codable {
    package var advice: String?
    package var complaint: String?
}

/// Where in the area's halls the item is handled.
package struct Place: Sendable, Hashable, Codable {
    /// A hall's id in the pack.
    package var hall: String
    /// Ids of windows; empty: the hall's general windows.
    package var windows: [String]
    package var note: LocalizedText?
}

/// Theme codes of GB/T 39046-2020, three digits each.
package struct ItemThemes: Sendable, Hashable, Codable {
    package var person: [String]
    package var legal: [String]
}

/// What must exist before (前置): a certificate the applicant holds, or another item of the area.
package struct Requirement: Sendable, Hashable, Codable {
    /// What has to be there first: a valid certificate of this type, or a case of another item.
    package enum Need: Sendable, Hashable, Codable {
        case certificate(String)
        case item(slug: String, state: ItemState)
    }

    /// How far the other item must be: granted, or at least applied for.
    package enum ItemState: String, Sendable, Hashable, Codable, CaseIterable {
        case decided, running
    }

    package var id: String
    package var need: Need
    package var message: LocalizedText
}

/// A guiding question (情形引导).
package struct Situation: Sendable, Hashable, Codable {
    /// One answer to choose; rules read its id.
    package struct Answer: Sendable, Hashable, Codable {
        package var id: String
        package var label: LocalizedText
        package var hint: LocalizedText?
    }

    package var id: String
    package var ask: LocalizedText
    package var hint: LocalizedText?
    package var multiple: Bool
    package var required: Bool
    package var show: Rule?
    package var answers: [Answer]
    /// Ids of the answers the sample form (示范文本) is filled in for.
    package var example: [String]?
}

/// What stops or diverts an applicant before applying.
package struct Gate: Sendable, Hashable, Codable {
    /// What happens where the gate's rule holds.
    package enum Effect: Sendable, Hashable, Codable {
        /// Cannot be applied for; the reason told.
        case block(LocalizedText)
        /// Another item is the right one.
        case redirect(slug: String, reason: LocalizedText)
    }

    package var id: String
    package var when: Rule
    package var effect: Effect
}
