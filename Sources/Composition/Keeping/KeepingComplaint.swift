/// Why a backup, a restore or a check was not carried out, and what to do about it, in words for the operator.
package struct KeepingComplaint: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
