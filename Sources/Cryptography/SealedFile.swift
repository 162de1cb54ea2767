import Foundation

/// Writes one sealed file while its bytes arrive. No plaintext reaches the disk. Used by one task at a time.
package final class SealedFileWriter {
    /// What was written.
    package struct Summary: Sendable, Hashable {
        /// Bytes of the plaintext.
        package let plaintextLength: Int
        /// Bytes of the file.
        package let sealedLength: Int
        /// SHA-256 of the file as it lies on the disk: its address, and what references hash.
        package let sealedHash: [UInt8]
        /// SHA-256 of the plaintext, by which a person's copy is compared. Itself to be kept sealed: it tells who guesses the content.
        package let plaintextHash: [UInt8]
    }

    package let path: String
    private let file: OpenFile
    private var stream: SealingStream
    private var sealedLength = 0
    private var sealedHash = Hasher256()
    private var plaintextHash = Hasher256()
    private var isFinished = false

    /// Creates the file at `path` with mode 0600; throws `file` where there is one already.
    package init(
        path: String, key: VaultKey, associatedData: AssociatedData, keyVersion: UInt32 = 1,
        suite: Seal.Suite = .aes256GCM
    ) throws(CryptographyError) {
        self.path = path
        file = try OpenFile.create(path)
        stream = SealingStream(key: key, associatedData: associatedData, keyVersion: keyVersion, suite: suite)
    }

    /// Removes what was begun and not finished.
    deinit {
        if !isFinished { unlink(path) }
    }

    /// Bytes taken in so far, for a limit on uploads.
    package var plaintextLength: Int { stream.plaintextLength }

    /// Takes in more plaintext.
    package func write(_ bytes: some Collection<UInt8>) throws(CryptographyError) {
        guard !isFinished else { throw .invalidParameter("the sealed file is finished") }
        plaintextHash.update(bytes)
        try append(try stream.seal(bytes))
    }

    /// Writes the last segment and returns once the file's content is on the disk. Its name is durable after `publish`.
    package func finish() throws(CryptographyError) -> Summary {
        guard !isFinished else { throw .invalidParameter("the sealed file is finished") }
        try append(try stream.finish())
        try file.synchronize()
        isFinished = true
        return Summary(
            plaintextLength: stream.plaintextLength, sealedLength: sealedLength, sealedHash: sealedHash.finish(),
            plaintextHash: plaintextHash.finish())
    }

    /// Moves a finished file to its lasting name on the same file system, and returns once the name is on the disk too.
    package static func publish(_ path: String, as name: String) throws(CryptographyError) {
        guard rename(path, name) == 0 else { throw .file(operation: "rename", path: name, code: errno) }
        try OpenFile.synchronizeDirectory(of: name)
    }

    /// Makes the folder in which `name` is to lie, where there is none, and returns once its own name is on the disk too.
    package static func makeFolder(of name: String) throws(CryptographyError) {
        let folder = (name as NSString).deletingLastPathComponent
        guard mkdir(folder, 0o700) == 0 else {
            if errno == EEXIST { return }
            throw .file(operation: "mkdir", path: folder, code: errno)
        }
        try OpenFile.synchronizeDirectory(of: folder)
    }

    private func append(_ bytes: [UInt8]) throws(CryptographyError) {
        guard !bytes.isEmpty else { return }
        sealedHash.update(bytes)
        sealedLength += bytes.count
        try file.write(bytes)
    }
}

/// Reads a sealed file, whole or any range of it. May be shared between tasks.
package final class SealedFileReader: Sendable {
    /// Bytes of the plaintext.
    package let length: Int
    package let head: Seal.Head
    private let file: OpenFile
    private let keys: SuiteKeys

    /// Opens the file and its last segment, which proves its length.
    ///
    /// Throws `file`, `malformed`, `unknownSuite`, or `unauthentic` for another key, other associated data or a file cut off.
    package init(path: String, key: VaultKey, associatedData: AssociatedData) throws(CryptographyError) {
        file = try OpenFile.read(path)
        let start = try file.read(at: 0, count: SealedFormat.headLength)
        head = try Seal.head(of: start, format: Seal.fileFormat)
        guard start.count == SealedFormat.headLength,
            let length = SealedFormat.plaintextLength(sealedLength: try file.status().length, suite: head.suite)
        else { throw .malformed("sealed file") }
        self.length = length
        keys = SealedFormat.keys(head: start, suite: head.suite, key: key, associatedData: associatedData)
        _ = try openSegment(segments - 1)
    }

    /// Suite and key version of a sealed file, before any key is at hand. Not yet authenticated.
    package static func head(path: String) throws(CryptographyError) -> Seal.Head {
        let file = try OpenFile.read(path)
        return try Seal.head(of: try file.read(at: 0, count: Seal.headLength), format: Seal.fileFormat)
    }

    /// The bytes of `range`, cut to the file's length. Opens only the segments it touches.
    package func read(_ range: Range<Int>) throws(CryptographyError) -> [UInt8] {
        let range = range.clamped(to: 0..<length)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let number = position / SealedFormat.segmentLength
            let start = number * SealedFormat.segmentLength
            let segment = try openSegment(number)
            let end = min(range.upperBound, start + segment.count)
            bytes += segment[(position - start)..<(end - start)]
            position = end
        }
        return bytes
    }

    /// The number of segments, at least 1.
    package var segments: Int { SealedFormat.segments(plaintextLength: length) }

    /// The plaintext of one segment, 0..<`segments`: for sending a file piece by piece.
    package func openSegment(_ number: Int) throws(CryptographyError) -> [UInt8] {
        guard (0..<segments).contains(number) else { throw .invalidParameter("segment \(number)") }
        let isLast = number == segments - 1
        let tag = head.suite.tagLength
        let offset = SealedFormat.headLength + number * (SealedFormat.segmentLength + tag)
        let plaintext = isLast ? length - number * SealedFormat.segmentLength : SealedFormat.segmentLength
        let sealed = try file.read(at: offset, count: plaintext + tag)
        return try keys.decrypt(
            sealed, nonce: SealedFormat.nonce(segment: number, isLast: isLast, suite: head.suite), associatedData: [])
    }
}
