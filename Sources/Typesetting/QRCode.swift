import CQREncode

/// A QR code (ISO/IEC 18004) of a text in UTF-8, as a matrix of modules without its quiet zone.
package struct QRCode: Sendable, Hashable {
    /// How much of the code may be unreadable.
    package enum Correction: Sendable, Hashable, CaseIterable {
        /// 7 %, 15 %, 25 % and 30 %.
        case low, medium, quartile, high
    }

    /// The empty margin a reader needs on each side, in modules (ISO/IEC 18004, 6.3.8).
    package static let quietZone = 4

    /// Modules a side, 21…177.
    package let size: Int
    private let dark: [Bool]

    /// The smallest code that holds the text. Throws `unencodable` when it is empty or too long: 2,953 bytes at low
    /// correction, 2,331, 1,663 and 1,273 at the others; two bytes less where a character is not ASCII, since the code
    /// then says that it is UTF-8 (ECI 26).
    package init(_ text: String, correction: Correction = .medium) throws(TypesettingError) {
        let bytes = Array(text.utf8)
        let level =
            switch correction {
            case .low: QR_ECLEVEL_L
            case .medium: QR_ECLEVEL_M
            case .quartile: QR_ECLEVEL_Q
            case .high: QR_ECLEVEL_H
            }
        guard !bytes.isEmpty, bytes.count <= 2953, let input = QRinput_new2(0, level) else {
            throw .unencodable(bytes: bytes.count)
        }
        defer { QRinput_free(input) }
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        guard isASCII || QRinput_appendECIheader(input, 26) == 0,
            QRinput_append(input, QR_MODE_8, Int32(bytes.count), bytes) == 0, let code = QRcode_encodeInput(input)
        else { throw .unencodable(bytes: bytes.count) }
        defer { QRcode_free(code) }
        guard let data = code.pointee.data else { throw .unencodable(bytes: bytes.count) }
        size = Int(code.pointee.width)
        dark = UnsafeBufferPointer(start: data, count: size * size).map { $0 & 1 == 1 }
    }

    /// Whether the module is dark; both from 0 at the top left, anything outside is light.
    package subscript(row: Int, column: Int) -> Bool {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return dark[row * size + column]
    }

    /// Dark modules side by side, row by row: fewer shapes, and no seams between them.
    var runs: [Run] {
        var runs: [Run] = []
        for row in 0..<size {
            var column = 0
            while column < size {
                var end = column
                while self[row, end] { end += 1 }
                if end > column { runs.append(Run(row: row, column: column, length: end - column)) }
                column = max(end, column + 1)
            }
        }
        return runs
    }

    struct Run: Hashable {
        let row: Int
        let column: Int
        let length: Int
    }
}
