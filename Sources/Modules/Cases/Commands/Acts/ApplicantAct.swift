import Catalogue
import Documents
import Identity
package import Kernel
import Storage
package import Web
package import Workflow

/// The applicant before his case.
struct ApplicantScene: Sendable {
    let opened: OpenCase
    let person: ApplicantProfile
    let at: Moment

    var state: CaseState { opened.state }
    /// Acts for himself, or as the organisation's legal representative: others do not sign.
    var maySign: Bool { person.organisation.map { $0.representative == person.name } ?? true }
}

/// One act of the applicant beside handing in, correcting and withdrawing.
struct ApplicantAct: Sendable {
    let name: String
    let events: Set<String>
    /// Signed with the name and a code sent to the phone.
    var signs = false
    let isOpen: @Sendable (ApplicantScene) -> Bool
    let fields: @Sendable (ApplicantScene) -> [ActField]
    let compose: @Sendable (ApplicantScene, inout ActInput) -> ComposedAct?

    static let all: [ApplicantAct] = [sign, hearing, renewal, change]

    static func named(_ name: String) -> ApplicantAct? { all.first { $0.name == name } }

    /// 告知承诺, signed online: name, time, and a code (国办发〔2020〕42号).
    static let sign = ApplicantAct(
        name: "sign-promise", events: [PromiseSigned.name], signs: true,
        isOpen: { scene in
            (scene.state.stage == .received || scene.state.stage == .correcting) && scene.state.promise == nil
                && scene.maySign && !promisable(scene).isEmpty
        },
        fields: { scene in
            [
                ActField(name: "materials", kind: .choices(promisable(scene))),
                ActField(
                    name: "agree", kind: .choices([.init(value: "yes", label: .key("cases.act.sign-promise.agree"))])),
                ActField(name: "signer", kind: .line),
            ]
        },
        compose: { scene, input in
            let chosen = input.choices("materials", of: promisable(scene).map(\.value))
            _ = input.choices("agree", of: ["yes"])
            let signer = input.words("signer", most: 60)
            if signer != scene.person.name { input.fault("signer", "cases.fault.signer") }
            let notice = Notices.promise(
                scene.opened, applicant: (try? scene.opened.holder()) ?? "", materials: chosen, signer: signer,
                at: scene.at)
            return ComposedAct(words: DecisionWords(reason: signer), notice: notice) { words, notice in
                SignPromise(materials: chosen, words: words, notice: notice)
            }
        })

    private static func promisable(_ scene: ApplicantScene) -> [ActField.Option] {
        scene.opened.item.definition.materials.filter { $0.promiseCheckedWithin != nil }.map {
            .init(value: $0.id, label: .words($0.name))
        }
    }

    static let hearing = ApplicantAct(
        name: "request-hearing", events: [HearingRequested.name],
        isOpen: { scene in
            guard let hearing = scene.state.hearing, let until = hearing.requestBy else { return false }
            return hearing.requestedAt == nil && hearing.on == nil && scene.at < until.dueAt
                && !scene.state.stage.isEnded
        },
        fields: { _ in [.reason] },
        compose: { _, input in
            let reason = input.words("reason")
            return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in RequestHearing(words: words) }
        })
}

extension ApplicantAct {
    /// 变更 of what was granted (行政许可法 art. 49).
    static let change = ApplicantAct(
        name: "request-change", events: [ChangeRequested.name],
        isOpen: { scene in
            scene.state.stage == .completed && scene.state.result != nil && scene.state.afterwards == nil
                && scene.state.change == nil && scene.opened.item.definition.type == .licence
        }, fields: { _ in [ActField(name: "change", kind: .words), .reason] },
        compose: { _, input in
            let change = input.words("change", most: 2_000)
            let reason = input.words("reason", most: 2_000)
            return ComposedAct(words: DecisionWords(facts: change, reason: "\(change)\n\(reason)")) { words, _ in
                RequestChange(words: words)
            }
        })

    /// 延续, before what was granted expires (行政许可法 art. 50).
    static let renewal = ApplicantAct(
        name: "request-renewal", events: [RenewalRequested.name],
        isOpen: { scene in
            let opened = scene.opened
            guard scene.state.renewal == nil, opened.item.definition.type == .licence,
                let window = CaseProcedure.renewalWindow(opened.state, opened.rules, opened.calendar)
            else { return false }
            return window.from <= scene.at.date && scene.at.date <= window.last
        },
        fields: { _ in
            [
                ActField(
                    name: "agree", kind: .choices([.init(value: "yes", label: .key("cases.act.request-renewal.agree"))])
                ),
                ActField(name: "remark", kind: .words, optional: true),
            ]
        },
        compose: { _, input in
            _ = input.choices("agree", of: ["yes"])
            let remark = input.words("remark", optional: true)
            return ComposedAct(words: DecisionWords(reason: remark)) { words, _ in RequestRenewal(words: words) }
        })
}

extension CasesAPI {
    /// The acts the applicant may open now.
    func acts(_ opened: OpenCase, _ viewer: ResidentViewer, at now: Moment) async throws -> [ApplicantAct] {
        let scene = try await scene(opened, viewer, at: now)
        return ApplicantAct.all.filter { $0.isOpen(scene) }
    }

    func scene(_ opened: OpenCase, _ viewer: ResidentViewer, at now: Moment) async throws -> ApplicantScene {
        ApplicantScene(opened: opened, person: try await identity.profile(of: viewer), at: now)
    }

    /// Carries an act of the applicant out.
    ///
    /// - Throws: `.notFound`, `.invalid` with every gap (also a wrong code), `.refused`, `.conflict`.
    @discardableResult
    package func act(
        _ name: String, _ number: String, values: JSON, _ viewer: ResidentViewer, _ occasion: Occasion
    ) async throws -> CaseHead {
        try await act(name, number, ActInput(values), viewer, occasion)
    }

    @discardableResult
    func act(
        _ name: String, _ number: String, _ input: ActInput, _ viewer: ResidentViewer, _ occasion: Occasion
    ) async throws -> CaseHead {
        guard let act = ApplicantAct.named(name) else { throw DomainError.notFound }
        let opened = try await openOwn(number, area: occasion.area, viewer)
        let scene = try await scene(opened, viewer, at: occasion.at)
        guard act.isOpen(scene) else { throw CaseProcedure.moved(opened.state) }
        var input = input
        let composed = act.compose(scene, &input)
        guard input.faults.isEmpty, let composed else { throw DomainError.invalid(input.faults) }
        if act.signs {
            let area = occasion.area
            let barred = try await database.read { tx in
                try ConductStore.has(.falsePromise, subject: viewer.subject, area: area, at: occasion.at, tx)
            }
            guard !barred else { throw DomainError.refused(Message("cases.refused.promiseBarred")) }
            guard try await identity.takeSigningCode(input.raw("code"), of: viewer, at: occasion.at) else {
                throw DomainError.invalid("code", "cases.fault.code")
            }
        }
        let part = try opened.seal(composed.words, kind: "words", at: occasion.at)
        let notice = try composed.notice.map { try notices.prepare($0, in: opened.vault, at: occasion.at) }
        let issued = notice.map { IssuedNotice(id: $0.id, kind: composed.notice?.kind ?? "", at: occasion.at) }
        return try await perform(
            .further(composed.command(part.reference, issued)), opened, occasion,
            with: Enclosures(parts: [part], notice: notice))
    }
}
