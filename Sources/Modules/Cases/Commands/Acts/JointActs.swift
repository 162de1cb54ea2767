import Catalogue
import Directory
import Kernel

/// Opinions of other departments and joint meetings, as officers do them.
enum JointActs {
    static let all = [give, query, ask, askEarly, convene, conclude]

    static let give = OfficerAct(
        name: "give-opinion", group: .opinion, hand: .branch, events: [OpinionGiven.name],
        isOpen: { !$0.ownBranches.isEmpty },
        fields: { scene in
            [
                ActField(
                    name: "department", kind: .choice(scene.ownBranches),
                    usual: scene.ownBranches.count == 1 ? scene.ownBranches[0].value : ""),
                .choice("opinion", Opinion.allCases.filter { $0 != .overdue }, "cases.opinion"),
                ActField(name: "opinion-words", kind: .words, optional: true),
            ]
        },
        compose: { scene, input in
            let department = input.choice("department", of: scene.ownBranches.map(\.value))
            let opinion = input.choice("opinion", Opinion.allCases.filter { $0 != .overdue })
            // Conditions and objections say what and why.
            let words = input.words("opinion-words", optional: opinion != .conditions && opinion != .object)
            guard let department, let opinion else { return nil }
            return ComposedAct(words: DecisionWords(reason: words)) { sealed, _ in
                GiveOpinion(department: department, opinion: opinion, words: words.isEmpty ? nil : sealed)
            }
        })

    static let query = OfficerAct(
        name: "query-branch", group: .opinion, hand: .branch, events: [BranchQueried.name],
        isOpen: { !$0.ownBranches.isEmpty },
        fields: { scene in
            [ActField(name: "department", kind: .choice(scene.ownBranches)), ActField(name: "query", kind: .words)]
        },
        compose: { scene, input in
            let department = input.choice("department", of: scene.ownBranches.map(\.value))
            let query = input.words("query")
            guard let department else { return nil }
            return ComposedAct(words: DecisionWords(reason: query)) { words, _ in
                QueryBranch(department: department, words: words)
            }
        })

    static let ask = ask("ask-opinions", .holder) { $0.inReview && !askable($0).isEmpty }

    /// Before the papers are complete: the review is simulated with the others' opinions too.
    static let askEarly = ask("ask-early", .department) { scene in
        CaseProcedure.isEarly(scene.state) && scene.rules.maySimulate && !askable(scene).isEmpty
    }

    private static func ask(
        _ name: String, _ hand: OfficerAct.Hand, when isOpen: @escaping @Sendable (ActScene) -> Bool
    ) -> OfficerAct {
        OfficerAct(
            name: name, group: .review, hand: hand, events: [OpinionsAsked.name], isOpen: isOpen,
            fields: { scene in
                [
                    ActField(name: "departments", kind: .choices(askable(scene))),
                    ActField(name: "reason", kind: .words, optional: true),
                ]
            },
            compose: { scene, input in
                let chosen = input.choices("departments", of: askable(scene).map(\.value))
                let reason = input.words("reason", optional: true)
                return ComposedAct(words: DecisionWords(reason: reason)) { words, _ in
                    AskOpinions(departments: chosen, words: reason.isEmpty ? nil : words)
                }
            })
    }

    /// Who can be asked: the item's joint departments, or any of the area where it names none; nobody twice at once.
    private static func askable(_ scene: ActScene) -> [ActField.Option] {
        let open = Set((scene.state.branches ?? []).filter { $0.opinion == nil }.map(\.department))
        let joint = scene.rules.joint.map { scene.option($0) }
        return (joint.isEmpty ? scene.otherDepartments : joint).filter { !open.contains($0.value) }
    }

    static let convene = OfficerAct(
        name: "convene-meeting", group: .review, hand: .holder, events: [MeetingConvened.name],
        isOpen: { scene in
            scene.inReview && scene.state.branches != nil
                && (scene.state.meeting == nil || scene.state.meeting?.concludedAt != nil)
        },
        fields: { scene in
            [
                ActField(name: "on", kind: .moment),
                ActField(name: "departments", kind: .choices(scene.otherDepartments)),
                ActField(name: "place", kind: .line), .reason,
            ]
        },
        compose: { scene, input in
            let on = input.moment("on", otherwise: scene.at)
            let departments = input.choices("departments", of: scene.otherDepartments.map(\.value))
            let place = input.words("place", most: 200)
            let reason = input.words("reason")
            return ComposedAct(words: DecisionWords(facts: place, reason: reason)) { words, _ in
                ConveneMeeting(on: on, departments: departments, words: words)
            }
        })

    static let conclude = OfficerAct(
        name: "conclude-meeting", group: .review, hand: .holder, events: [MeetingConcluded.name],
        isOpen: { $0.inReview && $0.state.meeting != nil && $0.state.meeting?.concludedAt == nil },
        fields: { _ in
            [
                .choice("conclusion", Meeting.Conclusion.allCases, "cases.meeting"),
                ActField(name: "minutes", kind: .words),
            ]
        },
        compose: { _, input in
            let conclusion = input.choice("conclusion", Meeting.Conclusion.allCases)
            let minutes = input.words("minutes")
            guard let conclusion else { return nil }
            return ComposedAct(words: DecisionWords(reason: minutes)) { words, _ in
                ConcludeMeeting(conclusion: conclusion, words: words)
            }
        })
}
