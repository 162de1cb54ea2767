/// The kinds of file an application may carry, told by their first bytes and never by their name.
package enum FileKind: String, Sendable, Hashable, Codable, CaseIterable {
    case pdf, jpg, png, ofd, docx, xlsx, zip
    case mp4, mov, webm
    case threeGP = "3gp"

    /// What a phone records.
    package static let videos: [FileKind] = [.mp4, .mov, .webm, .threeGP]

    /// For the Content-Type header.
    package var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .jpg: "image/jpeg"
        case .png: "image/png"
        case .ofd: "application/ofd"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .zip: "application/zip"
        case .mp4: "video/mp4"
        case .mov: "video/quicktime"
        case .webm: "video/webm"
        case .threeGP: "video/3gpp"
        }
    }

    /// Can be looked at in the browser without an extension.
    package var isViewable: Bool { self == .pdf || self == .jpg || self == .png || Self.videos.contains(self) }

    /// The kind of a file by its first bytes (at least 8, better 4,096); among zip containers its entries and its name decide.
    ///
    /// Nil where it is none of these, whatever it is called.
    package init?(head: [UInt8], filename: String) {
        if head.starts(with: Array("%PDF-".utf8)) {
            self = .pdf
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let text = String(decoding: head, as: Unicode.ASCII.self)
            let name = filename.lowercased()
            if text.contains("OFD.xml") || name.hasSuffix(".ofd") {
                self = .ofd
            } else if text.contains("word/") || (text.contains("[Content_Types].xml") && name.hasSuffix(".docx")) {
                self = .docx
            } else if text.contains("xl/") || (text.contains("[Content_Types].xml") && name.hasSuffix(".xlsx")) {
                self = .xlsx
            } else {
                self = .zip
            }
        } else if let video = Self.video(head) {
            self = video
        } else {
            return nil
        }
    }

    /// Videos by their first box or element: the brand of ISO/IEC 14496-12 (also 3GPP TS 26.244 and QuickTime), or EBML with the type `webm`.
    private static func video(_ head: [UInt8]) -> FileKind? {
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            return String(decoding: head.prefix(64), as: Unicode.ASCII.self).contains("webm") ? .webm : nil
        }
        guard head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8) else { return nil }
        let brand = String(decoding: head[8..<12], as: Unicode.ASCII.self)
        if brand == "qt  " { return .mov }
        if brand.hasPrefix("3g") { return .threeGP }
        // Pictures (HEIC, AVIF) have the same box under brands of their own.
        let isVideo =
            brand.hasPrefix("iso") || brand.hasPrefix("mp4") || ["avc1", "M4V ", "MSNV", "dash"].contains(brand)
        return isVideo ? .mp4 : nil
    }
}

/// Looks for malicious content before a file may be opened; a seam for the district's scanner.
package protocol FileScanner: Sendable {
    /// The name of what was found, or nil for a clean file. Bytes come in order.
    func scan(_ bytes: [UInt8]) async -> String?
}

/// The default: knows only the industry's test file, so that the way a finding takes can be tried. A district puts its own
/// scanner (such as clamd) in its place.
package struct TestFileScanner: FileScanner {
    package init() {}

    package func scan(_ bytes: [UInt8]) async -> String? {
        let mark = Array("EICAR-STANDARD-ANTIVIRUS-TEST-FILE".utf8)
        guard bytes.count >= mark.count else { return nil }
        return bytes.prefix(4096).indices.contains { start in bytes[start...].starts(with: mark) } ? "EICAR" : nil
    }
}
