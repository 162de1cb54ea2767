import Foundation
package import Kernel

/// What can be applied for (政务服务事项): one resolved version for one area, immutable once stored.
///
/// Written in a pack as YAML (docs/pack-format.md), inherited and linted, then kept as canonical JSON. A key added
/// later must be
/// optional, so that versions stored before still read.
package struct ItemDefinition: Sendable, Hashable, Codable {
    /// The shape of the stored JSON.
    package static let currentFormat = 1

    package var format = ItemDefinition.currentFormat
    package var slug: String
    /// 实施编码: 31 characters, or a province's own form as given.
    package var code: String?
    /// 基本编码: 12 digits.
    package var baseCode: String?
    /// From a list of items: most of the guide is not filled in yet.
    package var imported: Bool
    package var name: LocalizedText
    package var shortName: LocalizedText?
    /// Words people really use.
    package var aliases: [String]
    package var summary: LocalizedText?
    package var type: ItemType
    /// 备案: no review, no approval.
    package var notification: Bool
    package var level: ItemLevel
    package var delegation: Delegation
    package var delegatedBy: LocalizedText?
    /// The area's department, already mapped from the symbolic role.
    package var department: String
    package var joint: [String]
    package var audience: [Audience]
    package var themes: ItemThemes
    package var events: [String]
    package var handling: Handling
    package var limits: LimitSet
    package var channels: [Channel]
    package var scope: HandlingScope
    package var visits: Visits
    /// 1…8: how much of it is online (GB/T 39046-2020).
    package var depth: Int?

    package var legalBasis: [LegalBasis]
    package var conditions: [ItemCondition]
    package var limitsOnNumber: LocalizedText?
    package var fees: [Fee]
    package var contacts: ItemContacts
    package var places: [Place]

    package var situations: [Situation]
    package var gates: [Gate]
    package var form: [FormSection]
    /// The generic form of `GenericForm`: fields and materials on one page.
    package var genericForm: Bool
    package var materials: [MaterialDefinition]
    package var requires: [Requirement]

    package var stages: [Stage]
    package var procedures: [Procedure]
    package var reportUp: ReportUp?
    /// How `joint` decides with it; nil where their opinions are asked case by case.
    package var jointHandling: JointHandling?
    /// 远程身份核验: whom the office wants to see who is not there; nil: nobody.
    package var remoteCheck: RemoteCheckRule?
    /// 秒批: decides without a person when true; otherwise the case goes to people, never to refusal.
    package var instantWhen: Rule?
    /// How many of a hundred decisions made so a person looks at afterwards (抽查); nil: none.
    package var instantSample: Int?
    package var outcome: [Outcome]
    package var delivery: [DeliveryKind]
    package var after: [AfterCare]

    package var rating: Bool
    package var onLapse: LapseRule
    /// Reviewer and approver are two persons.
    package var fourEyes: Bool
    package var confirmApproval: Bool
    /// The last share of a limit that is shown yellow, 5…50 %.
    package var yellowPercent: Int
    /// Minutes in which an officer's own last act can be undone, 0…60.
    package var undoMinutes: Int
    /// How long the volume of a case is kept.
    package var retention: Retention
    /// How long its personal part and drafts are, where the item says.
    package var keeping: Keeping?
    package var publish: Bool
    package var publishReason: LocalizedText?
    /// Registers that `instantWhen` reads; nil: none.
    package var registers: [RegisterUse]?
    /// Certificates of other areas of this installation count for `instantWhen` too; nil: only those of the own area.
    package var instantAnywhere: Bool?
    /// A one-thing package 一件事: the items it is made of, and who gets what of its form; nil for an item.
    package var plan: PackagePlan?
}

extension ItemDefinition {
    /// Canonical JSON: sorted keys, no spaces; equal definitions give equal bytes.
    package func canonicalJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what `canonicalJSON` wrote; throws `DecodingError`.
    package init(canonicalJSON text: String) throws {
        self = try JSONDecoder().decode(ItemDefinition.self, from: Data(text.utf8))
    }

    /// Every field of the form, in order.
    package var fields: [FormField] { form.flatMap(\.fields) }

    /// The section of that id, whether it applies or not.
    package func section(_ id: String) -> FormSection? { form.first { $0.id == id } }
    /// The field of that id in any section; columns of tables are not looked at.
    package func field(_ id: String) -> FormField? { fields.first { $0.id == id } }
    /// The material of that id, needed in this case or not.
    package func material(_ id: String) -> MaterialDefinition? { materials.first { $0.id == id } }
    /// The link of that kind; nil where the item goes without it.
    package func stage(_ kind: Stage.Kind) -> Stage? { stages.first { $0.kind == kind } }

    /// Can be applied for online.
    package var online: Bool { channels.contains(.web) || channels.contains(.mobile) }
    package var servesPersons: Bool { audience.contains(.person) }
    package var servesOrganisations: Bool { audience.contains { $0.isLegal } }
    /// The departments that take part, the deciding one first.
    package var departments: [String] {
        var seen: Set<String> = []
        return ([department] + joint + stages.compactMap(\.department) + procedures.compactMap(\.department))
            .filter { seen.insert($0).inserted }
    }
    /// Basis that is certain enough to be printed.
    package var printedBasis: [LegalBasis] { legalBasis.filter { !$0.verify } }
}
