package import Kernel

/// One thing to hand in (申请材料).
package struct MaterialDefinition: Sendable, Hashable, Codable {
    /// When it is needed.
    package enum Need: Sendable, Hashable, Codable {
        case always, optional
        case when(Rule)
    }

    /// How it can be handed in (材料形式).
    package enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        case electronic, paper, both
    }

    /// 原件 or 复印件 of what is on paper.
    package enum Original: String, Sendable, Hashable, Codable, CaseIterable {
        case original, copy, either
    }

    /// Who has it (材料来源): the applicant, another office, an intermediary service, or this system.
    package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        case applicant, government, intermediary, system
    }

    /// What may be uploaded, told by content and not by the file's name.
    package enum FileType: String, Sendable, Hashable, Codable, CaseIterable {
        case pdf, jpg, png, ofd, docx, xlsx, zip
    }

    /// A ready sentence for the correction notice.
    package struct Fault: Sendable, Hashable, Codable {
        package var id: String
        package var problem: LocalizedText
        package var fix: LocalizedText
    }

    package var id: String
    package var name: LocalizedText
    package var hint: LocalizedText?
    package var need: Need
    /// Made from the form by the system; only to be read and confirmed.
    package var generated: Bool
    package var form: Form
    package var original: Original
    /// Sheets on paper, 0…9.
    package var copies: Int
    package var source: Source
    /// The e-certificate type that satisfies it (免提交).
    package var certificate: String?
    /// 容缺: may come this long after acceptance; nil where it may not.
    package var lackingWithin: Limit?
    /// 告知承诺: a promise stands for it and is checked within this time; nil where it may not.
    package var promiseCheckedWithin: Limit?
    /// 承诺即批: with the promise there is nothing left to review; nil where there is.
    package var promiseDecides: Bool?
    package var accept: [FileType]
    /// Per file, 1…50 MB.
    package var maxMegabytes: Int
    /// 1…30.
    package var maxFiles: Int
    /// What makes it good, in words for the applicant.
    package var standard: LocalizedText?
    package var faults: [Fault]
    package var basis: [String]
    /// File names under the pack's `files/`.
    package var blank: String?
    package var samples: [String]
    package var sensitivity: Sensitivity
    /// The files of `blank` and `samples`, as they were when the pack was loaded; nil in versions stored before there were any.
    package var papers: [MaterialPaper]?
}

/// A file beside a material: a blank form to fill in (空表), or a sample of a good one (样例).
package struct MaterialPaper: Sendable, Hashable, Codable {
    /// What it is there for.
    package enum Use: String, Sendable, Hashable, Codable, CaseIterable {
        case blank, sample
    }

    package var use: Use
    package var kind: PaperKind
    /// Bytes of the file.
    package var size: Int
    /// SHA-256 of the file, hexadecimal: by it the bytes are found.
    package var digest: String
}

/// What a blank form or a sample may be, told by its first bytes and never by its name.
package enum PaperKind: String, Sendable, Hashable, Codable, CaseIterable {
    case pdf, jpg, png, docx
    /// Plain text that the program sets on paper (`PaperText`); handed out as PDF.
    case txt
}
