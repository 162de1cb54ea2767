package import Workflow

extension OpenCase {
    /// Text of another module for this case's vault: it is forgotten with the case.
    ///
    /// - Parameter slot: begins with the module's name: `rating/1`.
    package func sealed(_ text: String, slot: String) throws -> SealedPart { try vault.seal(text, slot: slot) }
}
