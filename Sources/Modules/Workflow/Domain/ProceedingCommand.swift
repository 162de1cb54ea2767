/// A command that says its name: for figures and logs, never for the journal. The names are an enumeration of their own, so
/// that a command without one does not compile and none is left out where all are walked.
package protocol ProceedingCommand: Sendable {
    associatedtype Name: RawRepresentable, CaseIterable, Sendable where Name.RawValue == String
    var name: Name { get }
}
