import Kernel

/// One rating of a case; its words lie sealed in the case's vault.
struct Rating: Sendable, Hashable {
    /// 1, or 2 for 追评.
    let round: Int
    let grade: Grade
    /// Codes of tags of this grade.
    let tags: [Int]
    let anonymous: Bool
    let channel: Channel
    let at: Moment
    /// Where the words are, or nil where there are none.
    let slot: String?

    init(round: Int, grade: Grade, tags: [Int], anonymous: Bool, channel: Channel, at: Moment, slot: String?) {
        self.round = round
        self.grade = grade
        self.tags = tags
        self.anonymous = anonymous
        self.channel = channel
        self.at = at
        self.slot = slot
    }
}

/// What somebody hands in.
struct RatingInput: Sendable, Hashable {
    var grade: Grade?
    var tags: [Int]
    /// At most 500 characters.
    var text: String
    var anonymous: Bool

    init(grade: Grade?, tags: [Int] = [], text: String = "", anonymous: Bool = false) {
        self.grade = grade
        self.tags = tags
        self.text = text
        self.anonymous = anonymous
    }
}
