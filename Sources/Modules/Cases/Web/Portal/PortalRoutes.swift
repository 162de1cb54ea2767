import Kernel
import Web

/// What residents do with applications: begin, fill in, upload, check, hand in, follow, correct, withdraw.
struct PortalRoutes: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        BeginPage(cases: cases).add(to: routes)
        DraftPages(cases: cases).add(to: routes)
        QuestionsPage(cases: cases).add(to: routes)
        SectionPage(cases: cases).add(to: routes)
        MaterialsPage(cases: cases).add(to: routes)
        CheckPage(cases: cases).add(to: routes)
        HandlerPage(cases: cases).add(to: routes)
        MyCasesPage(cases: cases).add(to: routes)
        CasePages(cases: cases).add(to: routes)
        CorrectionPage(cases: cases).add(to: routes)
        AmendPage(cases: cases).add(to: routes)
        WithdrawPage(cases: cases).add(to: routes)
        ApplicantActPage(cases: cases).add(to: routes)
        BillPages(cases: cases).addPortal(to: routes)
        ProgressPage(cases: cases).add(to: routes)
        PublicityPages(cases: cases).add(to: routes)
        ScansPage(cases: cases).add(to: routes)
        ScanPhonePages(cases: cases).add(to: routes)
        RemoteCheckPages(cases: cases).add(to: routes)
        RemoteCheckRequest(cases: cases).add(to: routes)
        DecisionPages(cases: cases).add(to: routes)
    }
}

/// Addresses of the portal's pages about drafts and cases.
enum PortalPaths {
    static let guide = Path("/:area/items/:slug", AreaCode.self, String.self)
    static let apply = Path("/:area/items/:slug/apply", AreaCode.self, String.self)

    static let draft = Path("/:area/my/drafts/:id", AreaCode.self, String.self)
    static let discard = Path("/:area/my/drafts/:id/discard", AreaCode.self, String.self)
    static let questions = Path("/:area/my/drafts/:id/questions", AreaCode.self, String.self)
    static let section = Path("/:area/my/drafts/:id/:section", AreaCode.self, String.self, String.self)
    static let sectionWithFiles = Path(
        "/:area/my/drafts/:id/:section/with-files", AreaCode.self, String.self, String.self)
    static let materials = Path("/:area/my/drafts/:id/materials", AreaCode.self, String.self)
    static let material = Path("/:area/my/drafts/:id/materials/:material", AreaCode.self, String.self, String.self)
    static let draftFile = Path("/:area/my/drafts/:id/files/:file", AreaCode.self, String.self, String.self)
    static let removeDraftFile = Path(
        "/:area/my/drafts/:id/files/:file/remove", AreaCode.self, String.self, String.self)
    static let check = Path("/:area/my/drafts/:id/check", AreaCode.self, String.self)

    /// At a counter: papers from a phone and from a scanner, and which material each belongs to.
    static let scans = Path("/:area/my/drafts/:id/scans", AreaCode.self, String.self)
    static let scanFiles = Path("/:area/my/drafts/:id/scans/files", AreaCode.self, String.self)
    static let handler = Path("/:area/my/drafts/:id/handler", AreaCode.self, String.self)

    static let cases = Path("/:area/my/cases", AreaCode.self)
    static let one = Path("/:area/my/cases/:number", AreaCode.self, String.self)
    static let submitted = Path("/:area/my/cases/:number/submitted", AreaCode.self, String.self)
    static let correction = Path("/:area/my/cases/:number/correction", AreaCode.self, String.self)
    static let correctionMaterial = Path(
        "/:area/my/cases/:number/correction/materials/:material", AreaCode.self, String.self, String.self)
    static let correctionFile = Path(
        "/:area/my/cases/:number/correction/files/:file", AreaCode.self, String.self, String.self)
    static let removeCorrectionFile = Path(
        "/:area/my/cases/:number/correction/files/:file/remove", AreaCode.self, String.self, String.self)
    static let amend = Path("/:area/my/cases/:number/amend", AreaCode.self, String.self)
    static let withdraw = Path("/:area/my/cases/:number/withdraw", AreaCode.self, String.self)
    static let notice = Path("/:area/my/cases/:number/notices/:id", AreaCode.self, String.self, String.self)
    static let file = Path("/:area/my/cases/:number/files/:file", AreaCode.self, String.self, String.self)
    /// Of a case or a package: where the power of attorney is taken back.
    static let ownHandler = Path("/:area/my/cases/:number/handler", AreaCode.self, String.self)
    /// Where the applicant has a link sent to somebody who is not there.
    static let remoteCheck = Path("/:area/my/cases/:number/remote-check", AreaCode.self, String.self)
    static let rating = Path("/:area/my/cases/:number/rating", AreaCode.self, String.self)

    /// A package's page; it belongs to Packages.
    static let package = Path("/:area/my/packages/:number", AreaCode.self, String.self)

    static let progress = Path("/:area/progress", AreaCode.self)

    /// Names of pages that a form's section may not take.
    private static let reserved: Set<String> = [
        "questions", "materials", "check", "discard", "files", "handler", "scans",
    ]

    /// A section's page; a section with a page's name has a hyphen before it (ids of sections never have one).
    static func section(_ area: AreaCode, _ draft: String, _ section: String) -> String {
        Self.section.url(area, draft, reserved.contains(section) ? "-" + section : section)
    }

    static func sectionID(_ segment: String) -> String {
        segment.hasPrefix("-") ? String(segment.dropFirst()) : segment
    }
}
