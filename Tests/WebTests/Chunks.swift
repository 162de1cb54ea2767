import NIOCore

/// A body that arrives in pieces.
struct Chunks: AsyncIteratorProtocol, Sendable {
    var rest: [[UInt8]]

    /// The text in pieces of at most `size` bytes.
    init(_ text: String, size: Int) { self.init(Array(text.utf8), size: size) }

    init(_ bytes: [UInt8], size: Int) {
        rest = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    mutating func next() async throws -> ByteBuffer? { rest.isEmpty ? nil : ByteBuffer(bytes: rest.removeFirst()) }
}
