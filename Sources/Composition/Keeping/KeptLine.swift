package import Cryptography
package import Foundation
package import Kernel
package import Workflow

/// Lines kept outside the database: anchors, and whom the office has forgotten. Each is one line of JSON, signed.
package enum KeptLine: Sendable {
    case anchor(Anchor)
    case forgotten(Forgotten)

    /// A vault that was destroyed for good.
    package struct Forgotten: Sendable, Hashable {
        package let area: AreaCode
        package let vault: String

        private var text: [UInt8] { Array("tongban-forgotten 1\n\(area.text)\n\(vault)".utf8) }

        func line(_ keys: any KeyService) throws -> String {
            let signature = try keys.sign(text)
            let members: [String: JSON] = [
                "kind": "forgotten", "area": .string(area.text), "vault": .string(vault),
                "key": .int(Int64(signature.keyVersion)), "signature": .string(Hex.encode(signature.bytes)),
            ]
            return JSON.object(members).canonical
        }

        /// Reads a line; nil where it is none or was not signed by this office.
        init?(_ json: JSON, _ keys: any KeyService) {
            guard json["kind"].text == "forgotten", let area = json["area"].text.flatMap({ AreaCode($0) }),
                let vault = json["vault"].text, let version = json["key"].integer.flatMap({ UInt32(exactly: $0) }),
                let bytes = json["signature"].text.flatMap({ Hex.decode($0) })
            else { return nil }
            self.area = area
            self.vault = vault
            guard keys.verify(ServiceSignature(keyVersion: version, bytes: bytes), of: text) else { return nil }
        }

        init(area: AreaCode, vault: String) {
            self.area = area
            self.vault = vault
        }
    }

    /// Reads a file, or every `.jsonl` of a folder.
    ///
    /// - Throws: `KeepingComplaint` with file and line of what is no line of these, or bears no signature of this office.
    package static func read(_ place: URL, keys: any KeyService) throws -> [KeptLine] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
            throw KeepingComplaint("\(place.path) is not there.")
        }
        let names = isFolder.boolValue ? try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() : []
        let files =
            isFolder.boolValue
            ? names.filter { $0.hasSuffix(".jsonl") }.map { place.appendingPathComponent($0) } : [place]
        var lines: [KeptLine] = []
        for file in files {
            var reader = try PartReader(file)
            var number = 0
            while let line = try reader.line() {
                number += 1
                if line.isEmpty { continue }
                let json = (try? JSON(parsing: String(decoding: line, as: UTF8.self))) ?? .null
                if let anchor = Anchor(json) {
                    lines.append(.anchor(anchor))
                } else if let forgotten = Forgotten(json, keys) {
                    lines.append(.forgotten(forgotten))
                } else {
                    throw KeepingComplaint(
                        """
                        \(file.path), line \(number): neither an anchor nor somebody forgotten, or not signed by this office. \
                        The file was changed, or belongs to another office.
                        """)
                }
            }
        }
        return lines
    }
}
