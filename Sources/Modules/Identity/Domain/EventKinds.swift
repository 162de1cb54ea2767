/// What stands in the security log, in groups for choosing.
enum EventKinds {
    /// Group and kinds; the texts are `identity.events.<group>` and `identity.event.<kind>`.
    static let groups: [(group: String, kinds: [String])] = [
        ("door", ["sign-in.done", "sign-in.failed", "sign-in.locked", "session.ended", "account.opened"]),
        (
            "secret",
            [
                "password.changed", "password.reset", "totp.enrolled", "phone.begun", "phone.changed", "phone.taken",
                "phone.left",
            ]
        ),
        (
            "staff",
            [
                "staff.opened", "staff.renamed", "staff.unlock", "staff.disable", "staff.enable", "staff.resetTOTP",
                "staff.dormant", "absence.announced", "absence.ended",
            ]
        ),
        ("post", ["post.proposed", "post.confirmed", "post.refused", "post.ended"]),
        (
            "client",
            [
                "client.registered", "client.proposed", "client.confirmed", "client.revoked", "client.secret",
                "client.secretEnded", "client.token", "client.refused", "client.elsewhere", "client.allowed",
                "client.forbidden",
            ]
        ),
        (
            "identity",
            [
                "identity.switched", "mandate.confirmed", "mandate.pending", "mandate.removed", "mandate.ended",
                "person.corrected", "check.searched", "check.looked", "check.confirmed", "check.refused",
            ]
        ),
        ("register", ["register.imported"]),
        ("counter", ["counter.begun", "counter.handled", "counter.ended"]),
        ("log", ["retention.shortened", "retention.lengthened", "log.exported"]),
    ]

    /// The kinds of a group, or the one kind of that name; none where there is neither.
    static func kinds(of name: String) -> [String] {
        if let group = groups.first(where: { $0.group == name }) { return group.kinds }
        return groups.contains { $0.kinds.contains(name) } ? [name] : []
    }
}
