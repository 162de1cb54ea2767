import Foundation

/// Reads lists as offices save them: UTF-8 with or without a mark, or GB 18030 (what spreadsheets in China write).
enum TextDecoding {
    enum Encoding: String, Sendable, Hashable, CaseIterable {
        case utf8 = "UTF-8"
        case gb18030 = "GB 18030"
    }

    /// UTF-8 where the bytes are valid UTF-8, otherwise GB 18030; nil where they are neither.
    static func text(of data: Data, as wanted: Encoding? = nil) -> (text: String, encoding: Encoding)? {
        let bare = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data[...]
        if wanted != .gb18030, let text = String(validating: bare, as: UTF8.self) { return (text, .utf8) }
        if wanted != .utf8, let text = fromGB18030(Data(bare)) { return (text, .gb18030) }
        return nil
    }

    /// Through glibc's iconv; nil for an invalid or cut sequence.
    private static func fromGB18030(_ data: Data) -> String? {
        guard let converter = iconv_open("UTF-8", "GB18030"), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var input = [CChar](data.map { CChar(bitPattern: $0) })
        // A character of two bytes becomes at most three, one of four at most four.
        var output = [CChar](repeating: 0, count: data.count * 2 + 16)
        let capacity = output.count
        let written: Int? = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var fromLeft = source.count
                var to = target.baseAddress
                var toLeft = capacity
                let result = iconv(converter, &from, &fromLeft, &to, &toLeft)
                return result == -1 || fromLeft != 0 ? nil : capacity - toLeft
            }
        }
        guard let written else { return nil }
        return String(validating: output.prefix(written).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
