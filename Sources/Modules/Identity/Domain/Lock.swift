import Kernel

/// Wrong passwords in a row close an account for a while.
enum Lock {
    static let limit = 5
    static let seconds: Int64 = 15 * 60

    /// Until when the account is closed after one more failure, or nil while it stays open.
    static func after(failures: Int, at now: Moment) -> Moment? {
        failures > 0 && failures.isMultiple(of: limit) ? now.adding(seconds: seconds) : nil
    }
}
