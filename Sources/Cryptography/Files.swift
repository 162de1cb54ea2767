import Foundation

/// What tells one state of a file from another without reading it: files are replaced, never written over.
struct FileMark: Sendable, Equatable {
    private let inode: UInt64
    private let seconds: Int
    private let nanoseconds: Int
    private let length: Int

    /// Nil where there is no such file.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        length = Int(status.st_size)
    }
}

/// An open file, closed when let go of. Reading at an offset is safe from several threads.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// A new file that only its owner may read; there must be none of that name.
    static func create(_ path: String) throws(CryptographyError) -> OpenFile {
        try open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, operation: "create")
    }

    static func read(_ path: String) throws(CryptographyError) -> OpenFile {
        try open(path, O_RDONLY | O_CLOEXEC, operation: "open")
    }

    /// Makes the names in a directory durable.
    static func synchronizeDirectory(of path: String) throws(CryptographyError) {
        let directory = try open(
            (path as NSString).deletingLastPathComponent.nonEmpty ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC,
            operation: "open")
        try directory.synchronize()
    }

    /// Length in bytes and permission bits.
    func status() throws(CryptographyError) -> (length: Int, mode: mode_t) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("stat") }
        return (Int(status.st_size), status.st_mode & 0o777)
    }

    func write(_ bytes: some Collection<UInt8>) throws(CryptographyError) {
        let failed = withBytes(of: bytes) { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Foundation.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    return true
                }
                rest = rest.dropFirst(written)
            }
            return false
        }
        if failed { throw failure("write") }
    }

    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(at offset: Int, count: Int) throws(CryptographyError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            while length < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + length, count - length, off_t(offset + length))
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                if got <= 0 { return }
                length += got
            }
        }
        if failed { throw failure("read") }
        return bytes
    }

    /// Returns once the content is on the disk.
    func synchronize() throws(CryptographyError) {
        guard fsync(descriptor) == 0 else { throw failure("fsync") }
    }

    private func failure(_ operation: String) -> CryptographyError {
        .file(operation: operation, path: path, code: errno)
    }

    private static func open(
        _ path: String, _ flags: Int32, operation: String
    ) throws(CryptographyError) -> OpenFile {
        let descriptor = Foundation.open(path, flags, 0o600)
        guard descriptor >= 0 else { throw .file(operation: operation, path: path, code: errno) }
        return OpenFile(path: path, descriptor: descriptor)
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
