import Foundation

/// From where a system may call: an address, or a network in the notation of RFC 4632 (`10.8.0.0/16`, `2001:db8::/32`).
struct AddressRule: Sendable, Hashable, CustomStringConvertible {
    let description: String
    /// 16 bytes; IPv4 stands in them as `::ffff:a.b.c.d`.
    private let network: [UInt8]
    /// 0…128.
    private let bits: Int

    /// Refuses what is no address, and a network with bits after its prefix.
    init?(_ typed: some StringProtocol) {
        let parts = String(typed).components(separatedBy: "/")
        guard parts.count <= 2, let bytes = Self.bytes(parts[0]) else { return nil }
        let isOld = !parts[0].contains(":")
        var bits = 128
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...(isOld ? 32 : 128)).contains(length) else { return nil }
            bits = isOld ? 96 + length : length
        }
        guard Self.cut(bytes, to: bits) == bytes else { return nil }
        network = bytes
        self.bits = bits
        description = String(typed)
    }

    /// Whether `address` is in it; false for what is no address.
    func contains(_ address: String) -> Bool {
        Self.bytes(address).map { Self.cut($0, to: bits) == network } ?? false
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        if text.contains(":") {
            var address = in6_addr()
            guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
            return withUnsafeBytes(of: &address) { Array($0) }
        }
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + withUnsafeBytes(of: &address) { Array($0) }
    }

    private static func cut(_ bytes: [UInt8], to bits: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, bits - index * 8))
            return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
        }
    }
}
