import Catalogue
import Foundation
import Kernel

/// A pack is read to the same definitions and findings always; every finding names a line there is; what can be stored is read back.
///
/// An input begins with a line `item`, `pack`, `calendar` or `exported`, then comes the file.
enum PackProperty {
    static func check(_ bytes: [UInt8]) throws {
        let kind = String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
        let file = Array(bytes.drop { $0 != 10 }.dropFirst())
        var files = ["510106-sample/pack.yaml": Array(PackSample.pack.utf8)]
        switch kind {
        case "item": files["510106-sample/items/shop-licence.yaml"] = file
        case "pack":
            files["510106-sample/pack.yaml"] = file
            files["510106-sample/items/shop-licence.yaml"] = Array(PackSample.item.utf8)
        case "exported": files["510106-sample/items.jsonl"] = file
        case "calendar":
            _ = try? CalendarReader.read(String(decoding: file, as: UTF8.self))
            return
        default: return
        }
        let library = PackLibrary(files: files)
        let again = PackLibrary(files: files)
        try same(again.findings, library.findings, "findings while reading")
        try same(again.areas, library.areas, "areas")
        for area in library.areas {
            guard let pack = library.resolve(area), let second = again.resolve(area) else {
                throw Broken("\(area) has a pack and none")
            }
            try same(second.findings, pack.findings, "findings")
            for finding in pack.findings { try lineExists(finding, files) }
            try same(second.items.map(\.definition), pack.items.map(\.definition), "definitions")
            for item in pack.items {
                let text = try item.definition.canonicalJSON()
                let read = try ItemDefinition(canonicalJSON: text)
                try same(try read.canonicalJSON(), text, "the stored item")
                try same(read, item.definition, "the item as it is read back")
            }
        }
    }

    private static func lineExists(_ finding: Finding, _ files: [String: [UInt8]]) throws {
        guard let file = files[finding.file] else { return }
        // A parser may stand behind the last line.
        let lines = file.count { $0 == 10 || $0 == 13 } + 2
        try hold((0...lines).contains(finding.line), "\(finding.rule) at line \(finding.line) of \(lines)")
    }
}
