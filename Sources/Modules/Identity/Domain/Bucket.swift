import Cryptography
import Kernel

/// A resident's account; gives its id a type of its own.
enum Account {}

/// In which of the 64 buckets something lives that is not a county's (docs/data.md, "Areas").
enum Bucket {
    /// The bucket of an account: of its id's hash.
    static func of(account id: String) -> AreaCode { AreaCode(bucket: Int(Digest.sha256(id.utf8)[0] & 63)) }

    /// The bucket of a login: of the phone's look-up code (hexadecimal).
    static func of(code: String) -> AreaCode {
        AreaCode(bucket: Int(UInt8(code.prefix(2), radix: 16) ?? 0) & 63)
    }

    /// Draws account ids until one falls into `bucket`, so that login and account are written in one transaction: 64 draws
    /// on average.
    static func drawAccount(in bucket: AreaCode, at moment: Moment) -> String {
        while true {
            let id = ID<Account>(at: moment).description
            if of(account: id) == bucket { return id }
        }
    }
}
