package import Directory
package import Foundation
import Kernel

/// An area's catalogue as it is now, as a pack that can be checked and loaded elsewhere: `pack.yaml` (JSON is YAML), the items as
/// they are after inheritance, one a line, in `items.jsonl`, and the files of their materials.
package struct PackExport: Sendable {
    /// Paths below the folder of packs, with what stands there.
    package let files: [(path: String, bytes: Data)]

    /// - Parameters:
    ///   - papers: bytes of blank forms and samples by digest.
    package init(_ profile: AreaProfile, _ index: AreaPack, _ items: [ItemDefinition], papers: [String: [UInt8]]) throws
    {
        let folder = profile.area.text + "-export"
        let slugs = Set(items.map(\.slug))
        let pack = PackExport.pack(profile, index, slugs).prettyLines.joined(separator: "\n") + "\n"
        let lines = try items.sorted { $0.slug < $1.slug }.map { try $0.canonicalJSON() + "\n" }.joined()
        var files: [(path: String, bytes: Data)] = [
            (folder + "/pack.yaml", Data(pack.utf8)), (folder + "/items.jsonl", Data(lines.utf8)),
        ]
        var written: Set<String> = []
        for material in items.flatMap(\.materials) {
            for (name, paper) in zip([material.blank].compactMap { $0 } + material.samples, material.papers ?? []) {
                guard let bytes = papers[paper.digest], written.insert(name).inserted else { continue }
                files.append((folder + "/files/" + name, Data(bytes)))
            }
        }
        self.files = files
    }

    private static func pack(_ profile: AreaProfile, _ index: AreaPack, _ slugs: Set<String>) -> JSON {
        let events = index.events.compactMap { event -> JSON? in
            let items = event.items.filter(slugs.contains)
            return items.isEmpty
                ? nil
                : object([
                    "id": .string(event.id), "name": label(event.name),
                    "audience": .string(event.legal ? "legal" : "person"), "items": .array(items.map(JSON.string)),
                ])
        }
        return object([
            "area": .string(profile.area.text), "kind": .string(profile.kind),
            "parent": profile.parent.map { .string($0.text) }, "name": label(profile.name),
            "short_name": label(profile.shortName), "demo": .bool(profile.demo),
            "number_prefix": profile.numberPrefix.map(JSON.string),
            "phones": object([
                "advice": profile.advicePhone.map(JSON.string), "complaint": profile.complaintPhone.map(JSON.string),
            ]),
            "remedies": object(["review_organ": profile.reviewOrgan.map(label), "court": profile.court.map(label)]),
            "divisions": .array(
                profile.divisions.filter { $0.parent == nil }.map { street in
                    object([
                        "code": .string(street.code), "name": label(street.name),
                        "communities": .array(
                            profile.divisions.filter { $0.parent == street.code }.map {
                                object(["code": .string($0.code), "name": label($0.name)])
                            }),
                    ])
                }),
            "departments": .array(
                profile.departments.map {
                    object([
                        "id": .string($0.id), "name": label($0.name), "short_name": $0.shortName.map(label),
                        "uscc": $0.uscc.map(JSON.string), "phone": $0.phone.map(JSON.string),
                    ])
                }),
            "halls": .array(profile.halls.map(hall)),
            "themes": object(["person": themes(index.personThemes), "legal": themes(index.legalThemes)]),
            "events": .array(events),
            "certificates": .array(
                index.certificates.map {
                    object(["id": .string($0.id), "name": label($0.name), "code": $0.code.map(JSON.string)])
                }),
            "registers": .array(
                index.registers.map { register in
                    object([
                        "id": .string(register.id), "name": label(register.name),
                        "department": .string(register.department), "key": .string(register.key.rawValue),
                        "fields": .array(
                            register.fields.map {
                                object([
                                    "id": .string($0.id), "name": label($0.name), "kind": .string($0.kind.rawValue),
                                ])
                            }),
                    ])
                }),
        ])
    }

    private static func hall(_ hall: AreaProfile.Hall) -> JSON {
        func clock(_ minutes: Int) -> JSON {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return .string(two(minutes / 60) + ":" + two(minutes % 60))
        }
        return object([
            "id": .string(hall.id), "name": label(hall.name), "address": hall.address.map(label),
            "phone": hall.phone.map(JSON.string),
            "hours": .array(
                hall.hours.map {
                    object([
                        "days": .array($0.days.map { .int(Int64($0)) }), "from": clock($0.from), "to": clock($0.to),
                        "extra": .bool($0.extra),
                    ])
                }),
            "windows": .array(
                hall.windows.map {
                    object([
                        "id": .string($0.id), "number": $0.number.map(JSON.string), "name": label($0.name),
                        "departments": .array($0.departments.map(JSON.string)),
                    ])
                }),
        ])
    }

    private static func themes(_ themes: [AreaPack.Theme]) -> JSON {
        .array(themes.map { object(["code": .string($0.code), "name": label($0.name)]) })
    }

    private static func label(_ text: LocalizedText) -> JSON {
        object([
            "zh": .string(text.zh), "en": text.en.map(JSON.string), "bo": text.bo.map(JSON.string),
            "ii": text.ii.map(JSON.string),
        ])
    }

    /// Without what is not known.
    private static func object(_ members: [String: JSON?]) -> JSON { .object(members.compactMapValues { $0 }) }
}
