import Foundation

/// The master keys as they stand in the file of `LocalKeyService`.
struct KeyRing: Sendable {
    /// A key with what it is used in: the suite tells a wrapping key's cipher and a look-up key's digest.
    struct Entry: Sendable {
        let suite: Seal.Suite
        let key: VaultKey
    }

    private var keys: [LocalKeyService.Kind: [UInt32: Entry]] = [:]
    private static let firstLine = "tongban-keys 1"

    init() {}

    /// Reads the file, and refuses one that others than its owner may read.
    init(path: String) throws(CryptographyError) {
        let file = try OpenFile.read(path)
        let (length, mode) = try file.status()
        guard mode & 0o077 == 0 else { throw .exposedKeyFile(path: path) }
        guard length <= 1 << 20 else { throw .malformed("key file") }
        var bytes = try file.read(at: 0, count: length)
        defer { bytes.wipe() }
        var lines = bytes.split(separator: UInt8(ascii: "\n"))[...]
        guard let first = lines.popFirst(), first.elementsEqual(KeyRing.firstLine.utf8) else {
            throw .malformed("key file")
        }
        for line in lines {
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard parts.count == 4, let kind = LocalKeyService.Kind(rawValue: String(parts[0])),
                let version = UInt32(parts[1]), version > 0, keys[kind]?[version] == nil,
                let suite = Seal.Suite.allCases.first(where: { kind.algorithm($0) == parts[2] }),
                let key = Base64URL.decode(parts[3]).flatMap({ VaultKey($0) })
            else { throw .malformed("key file") }
            keys[kind, default: [:]][version] = Entry(suite: suite, key: key)
        }
        guard LocalKeyService.Kind.allCases.allSatisfy({ keys[$0] != nil }) else { throw .malformed("key file") }
    }

    /// All versions of `kind`, newest first.
    func versions(_ kind: LocalKeyService.Kind) -> [UInt32] { (keys[kind] ?? [:]).keys.sorted(by: >) }
    func newest(_ kind: LocalKeyService.Kind) -> UInt32 { versions(kind).first ?? 0 }
    func entry(_ kind: LocalKeyService.Kind, version: UInt32) -> Entry? { keys[kind]?[version] }

    /// Adds a fresh key and returns its version.
    @discardableResult
    mutating func add(_ kind: LocalKeyService.Kind, suite: Seal.Suite?) -> UInt32 {
        let before = newest(kind)
        let version = before + 1
        let suite = suite ?? entry(kind, version: before)?.suite ?? .aes256GCM
        keys[kind, default: [:]][version] = Entry(suite: suite, key: .random())
        return version
    }

    /// Writes the file beside itself and then gives it its name, so that no reader sees half of it.
    ///
    /// Without `replacing`, a file that another process created meanwhile stays, and this ring is forgotten.
    func store(path: String, replacing: Bool) throws(CryptographyError) {
        let draft = "\(path).\(Hex.encode(Randomness.bytes(8)))"
        let file = try OpenFile.create(draft)
        defer { unlink(draft) }
        var text = Array((KeyRing.firstLine + "\n").utf8)
        defer { text.wipe() }
        for kind in LocalKeyService.Kind.allCases {
            for version in versions(kind).reversed() {
                guard let entry = entry(kind, version: version) else { continue }
                text += "\(kind.rawValue) \(version) \(kind.algorithm(entry.suite)) ".utf8
                text += (entry.key.secret.withBytes { Base64URL.encode($0) } + "\n").utf8
            }
        }
        try file.write(text)
        try file.synchronize()
        let status = replacing ? rename(draft, path) : link(draft, path)
        guard status == 0 || (!replacing && errno == EEXIST) else {
            throw .file(operation: "name", path: path, code: errno)
        }
        try OpenFile.synchronizeDirectory(of: path)
    }
}

extension LocalKeyService.Kind {
    /// What a key of this kind is used in, as the file names it.
    func algorithm(_ suite: Seal.Suite) -> String {
        switch (self, suite) {
        case (.wrap, .aes256GCM): "aes-256-gcm"
        case (.wrap, .sm4CTRHMACSM3): "sm4-ctr-hmac-sm3"
        case (.lookup, .aes256GCM): "hmac-sha256"
        case (.lookup, .sm4CTRHMACSM3): "hmac-sm3"
        case (.sign, .aes256GCM): "ed25519"
        case (.sign, .sm4CTRHMACSM3): "sm2"
        }
    }
}

/// A lock between processes, held until released. The file stays; it is empty.
struct FileLock {
    private let descriptor: Int32

    /// Waits until no other process holds it.
    init(path: String) throws(CryptographyError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(operation: "lock", path: path, code: errno) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let code = errno
                close(descriptor)
                throw .file(operation: "lock", path: path, code: code)
            }
        }
    }

    func release() { close(descriptor) }
}
