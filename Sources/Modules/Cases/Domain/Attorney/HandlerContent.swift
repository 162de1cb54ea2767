package import Kernel

/// 经办人: who handles an application for the applicant, by a written power of attorney. 行政许可法 art. 29: an applicant may entrust
/// an agent; 民法典 art. 165: the paper says who, for what, how far and until when, and is signed or sealed by the principal.
package struct HandlerContent: Sendable, Hashable, Codable {
    /// What the handler may do.
    package enum Scope: String, Sendable, Hashable, Codable, CaseIterable {
        /// Hand in, correct and supplement.
        case handIn = "hand-in"
        /// Fetch papers and results.
        case receive
    }

    package var name: String
    package var idNumber: String
    package var scope: [Scope]
    /// The last day; nil while it is not a day.
    package var until: CivilDate?

    package init(name: String, idNumber: String, scope: [Scope], until: CivilDate?) {
        self.name = name
        self.idNumber = idNumber
        self.scope = scope
        self.until = until
    }

    /// The paper's place among the files. No item has such a material: its ids begin with a letter.
    package static let material = "-handler"
    /// At most so many pages.
    static let mostPapers = 3
    /// The longest a paper is taken for, in years.
    static let longest = 3

    /// What is missing or wrong; `field` as the page names it.
    ///
    /// - Parameter papers: how many files of the power of attorney are there.
    func faults(on today: CivilDate, papers: Int) -> [FieldFault] {
        var faults: [FieldFault] = []
        if !(2...50).contains(name.count) { faults.append(FieldFault("name", Message("cases.handler.fault.name"))) }
        if CitizenID(idNumber) == nil { faults.append(FieldFault("idNumber", Message("cases.handler.fault.id"))) }
        if scope.isEmpty { faults.append(FieldFault("scope", Message("cases.handler.fault.scope"))) }
        if let until {
            if until < today { faults.append(FieldFault("until", Message("cases.handler.fault.past"))) }
            if until > today.adding(months: 12 * Self.longest) {
                faults.append(FieldFault("until", Message("cases.handler.fault.long")))
            }
        } else {
            faults.append(FieldFault("until", Message("cases.handler.fault.until")))
        }
        if papers == 0 {
            faults.append(FieldFault("m-\(Self.material)", Message("cases.handler.fault.paper")))
        }
        return faults
    }
}
