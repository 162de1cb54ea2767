package import Kernel

/// The key of one application's sealed parts: 32 random bytes, overwritten in memory when let go of.
///
/// It is stored only wrapped (`KeyService.wrap`); destroying the wrapped form forgets what it sealed.
package struct VaultKey: Sendable, CustomStringConvertible, CustomReflectable {
    let secret: SecretBytes

    /// A fresh key.
    package static func random() -> VaultKey { VaultKey(SecretBytes(random: 32)) }

    /// Takes 32 bytes that were a key before, as from a cookie; nil for another length.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.init(SecretBytes(bytes))
    }

    private init(_ secret: SecretBytes) { self.secret = secret }

    /// A copy of the 32 bytes. For a key that its owner keeps (a cookie); never to be stored or logged.
    package var exported: [UInt8] { secret.withBytes { Array($0) } }

    package var description: String { "VaultKey(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a ciphertext belongs to. It is not stored in the ciphertext, but opening with another one fails, so that sealed parts
/// cannot be moved from one place to another.
package struct AssociatedData: Sendable, Hashable {
    /// The parts, each after its length (4 bytes, big-endian), so that no two lists give the same bytes.
    package let bytes: [UInt8]

    /// Any list of parts; the first names the use.
    package init(_ parts: [String]) {
        var bytes: [UInt8] = []
        for part in parts {
            bytes += bigEndian(UInt32(truncatingIfNeeded: part.utf8.count))
            bytes += part.utf8
        }
        self.bytes = bytes
    }

    /// A sealed part of a stream: area, stream and slot. The key's version is bound by the ciphertext's own head.
    package init(area: AreaCode, stream: String, slot: String) { self.init(["part", area.text, stream, slot]) }

    /// A vault key wrapped for its vault.
    package init(area: AreaCode, vault: String) { self.init(["vault", area.text, vault]) }
}

/// The four or eight bytes of a number, the highest first.
func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
