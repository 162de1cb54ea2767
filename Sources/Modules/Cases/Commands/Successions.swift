import Identity
import Kernel
import Storage
import Workflow

extension CasesAPI {
    /// The rows that change hands with a case: the name in lists, codes by which it is found, whose list it stands in. What it
    /// was found by before stays: papers still bear the old name.
    static func handing(_ scene: ActScene, to owner: CaseOwner?, _ applicant: ApplicantContent)
        -> @Sendable (String, AreaCode, Transaction) throws -> Void
    {
        let (state, at) = (scene.state, scene.at)
        let codes = Result { try scene.lookupCodes(applicant) }
        let party = Party(
            role: "applicant", kind: applicant.organisation == nil ? "person" : "organisation",
            mask: applicant.organisation ?? Mask.name(applicant.name), account: owner?.account, bucket: owner?.bucket)
        return { id, area, tx in
            try PartyStore.put(party, vault: id, area: area, tx)
            for (kind, code) in try codes.get() { try PartyStore.addLookup(kind, code, stream: id, area: area, tx) }
            try CasesStore.hand(id, to: owner?.account ?? "", area: area, tx)
            if owner?.account == state.owner { return }
            if let bucket = AreaCode(state.bucket) {
                try Pointer.withdraw(id, of: state.owner, bucket: bucket, area: area, at: at, tx)
            }
            guard let owner, let bucket = AreaCode(owner.bucket) else { return }
            try Pointer(
                account: owner.account, bucket: bucket, area: area, id: id, number: state.number, item: state.item,
                openedAt: state.submittedAt
            ).post(dedup: "\(id)/\(owner.account)", at: at, tx)
        }
    }
}
