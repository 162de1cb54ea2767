package import Kernel

/// 远程身份核验: a person whom the form names, and who is not there himself, says on video who he is and what he agrees to.
///
/// 市场主体登记管理条例实施细则 art. 16: registration verifies who the legal representative is; who cannot be verified so comes
/// with his card.
package struct RemoteCheckRule: Sendable, Hashable, Codable {
    /// The form's field, of the kind `person`, with name, identity number and phone.
    package var person: String
    /// What the person says of the matter, as one sentence in the first person.
    package var declares: LocalizedText
    /// The office's time to compare, from the video on.
    package var within: Limit
}
