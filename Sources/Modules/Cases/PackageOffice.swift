package import Kernel
package import Storage
package import Web
package import Workflow

/// That a case is a step of a one-thing package 一件事: it stays a case of its department all the same.
package struct PackagePart: Sendable, Hashable, Codable {
    /// The package's id, under which its journal stands.
    package let id: String
    package let number: String
    /// The package's slug in the catalogue.
    package let slug: String
    package let step: String

    package init(id: String, number: String, slug: String, step: String) {
        self.id = id
        self.number = number
        self.slug = slug
        self.step = step
    }
}

/// What cases know of packages; filled by Packages, which stands above them.
package protocol PackageOffice: Sendable {
    /// Hands a package's draft in: the package and the cases of its first steps, in one transaction.
    ///
    /// - Returns: the package's number.
    func submit(
        _ draft: OpenDraft, _ check: DraftCheck, _ viewer: ResidentViewer, _ occasion: Occasion, in cases: CasesAPI
    ) async throws -> String
    /// A case of a package went on; called in the transaction in which it did.
    func moved(_ state: CaseState, _ part: PackagePart, id: String, _ occasion: Occasion, _ tx: Transaction) throws
    /// How a package stands, in the transaction of the page that shows it; nil where it was forgotten.
    func standing(of part: PackagePart, area: AreaCode, _ tx: Transaction) throws -> PackageStanding?
    /// A package by its number, with the id under which its journal stands.
    func find(number: String, area: AreaCode, _ tx: Transaction) throws -> (id: String, standing: PackageStanding)?
    /// A resident's packages in an area, newest first.
    func owned(by account: String, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [PackageStanding]
}

/// How a package stands, without anything about the person.
package struct PackageStanding: Sendable, Hashable {
    /// A step as the others see it.
    package struct Step: Sendable, Hashable {
        package let id: String
        package let item: String
        package let department: String
        /// `waiting`, `due`, `open`, `done`, `failed`, `withdrawn`, `cancelled`: the text is `cases.package.step.STATE`.
        package let state: String
        /// Of its case, once there is one.
        package let number: String?
        package let endedAt: Moment?

        package init(
            id: String, item: String, department: String, state: String, number: String?, endedAt: Moment?
        ) {
            self.id = id
            self.item = item
            self.department = department
            self.state = state
            self.number = number
            self.endedAt = endedAt
        }
    }

    package let number: String
    package let slug: String
    /// `running`, `completed`, `partly`, `failed`, `withdrawn`: the text is `cases.package.stage.STAGE`.
    package let stage: String
    package let submittedAt: Moment
    package let endedAt: Moment?
    /// The overall limit, while it runs.
    package let limit: RunningLimit?
    package let steps: [Step]

    package init(
        number: String, slug: String, stage: String, submittedAt: Moment, endedAt: Moment?, limit: RunningLimit?,
        steps: [Step]
    ) {
        self.number = number
        self.slug = slug
        self.stage = stage
        self.submittedAt = submittedAt
        self.endedAt = endedAt
        self.limit = limit
        self.steps = steps
    }
}
