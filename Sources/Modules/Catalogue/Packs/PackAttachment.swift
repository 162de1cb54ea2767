import Cryptography
package import Foundation
import Kernel

/// A file under a pack's `files/`, as read.
package struct PackAttachment: Sendable {
    /// Larger files are no blank forms: 5 MB.
    static let maximumBytes = 5 << 20

    /// Nil where the content is none of the kinds a paper may have.
    let kind: PaperKind?
    /// As the folder says it; the content may have been left unread.
    let size: Int
    package let digest: String
    /// Empty where the file is too large to be taken.
    package let bytes: Data

    /// - Parameter size: of the file in the folder, where its bytes were left unread.
    init(name: String, bytes: Data, size: Int? = nil) {
        kind = PaperKind(content: bytes, name: name)
        self.size = size ?? bytes.count
        digest = Hex.encode(Digest.sha256(Array(bytes)))
        self.bytes = bytes
    }

    var isTooLarge: Bool { size > PackAttachment.maximumBytes }
}

extension PaperKind {
    /// The kind of a file by its first bytes; among zip containers and texts the name decides too.
    init?(content: Data, name: String) {
        let head = Array(content.prefix(4096))
        let name = name.lowercased()
        if head.starts(with: Array("%PDF-".utf8)) {
            self = .pdf
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]), name.hasSuffix(".docx"),
            content.range(of: Data("word/".utf8)) != nil
        {
            self = .docx
        } else if name.hasSuffix(".txt"), !content.isEmpty, !head.contains(0),
            String(data: content, encoding: .utf8) != nil
        {
            self = .txt
        } else {
            return nil
        }
    }

    /// What a name of this kind of file ends with.
    var endings: [String] { self == .jpg ? [".jpg", ".jpeg"] : ["." + rawValue] }

    /// What the reader gets: a text is handed out as PDF.
    var served: PaperKind { self == .txt ? .pdf : self }

    /// For the Content-Type header.
    var mediaType: String {
        switch served {
        case .pdf, .txt: "application/pdf"
        case .jpg: "image/jpeg"
        case .png: "image/png"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
    }
}
