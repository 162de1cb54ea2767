import Cryptography
package import NIOCore

/// The bytes of an upload in their order, opened piece by piece.
package struct UploadContent: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let readers: [SealedFileReader]

    /// From the first byte on, as often as it is asked for.
    package func makeAsyncIterator() -> Iterator { Iterator(readers: readers[...]) }

    /// Opens segment after segment of part after part.
    package struct Iterator: AsyncIteratorProtocol {
        var readers: ArraySlice<SealedFileReader>
        private var segment = 0

        init(readers: ArraySlice<SealedFileReader>) { self.readers = readers }

        /// The next segment, at most 64 KiB; throws where a part was altered.
        package mutating func next() async throws -> ByteBuffer? {
            guard let reader = readers.first else { return nil }
            let bytes = try reader.openSegment(segment)
            segment += 1
            if segment == reader.segments {
                readers.removeFirst()
                segment = 0
            }
            return ByteBuffer(bytes: bytes)
        }
    }
}
