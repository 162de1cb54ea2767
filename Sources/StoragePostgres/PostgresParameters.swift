import CLibPQ
import Storage

/// The parameters of one statement in one buffer.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    /// Where each begins, or nil for NULL.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []

    init(_ binds: [SQLValue]) throws(SessionError) {
        bytes.reserveCapacity(binds.count * 32 + 1)
        for bind in binds {
            let start = bytes.count
            do {
                starts.append(try PostgresValue.encode(bind, into: &bytes) ? start : nil)
            } catch {
                throw .storage(error)
            }
            lengths.append(Int32(bytes.count - start))
        }
        // An address for empty values at the end of the buffer.
        bytes.append(0)
    }

    typealias Pointers = (
        Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Int32

    func withPointers(_ body: Pointers) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            let formats = [Int32](repeating: 1, count: starts.count)
            return body(Int32(starts.count), values, lengths, formats)
        }
    }
}
