import Kernel
import Web

/// The same commands as the pages', for other systems: JSON under `/api/v1/areas/AREA`, described in `openapi.json`.
struct CaseAPIRoutes: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        DraftAPI(cases: cases).add(to: routes)
        OwnCasesAPI(cases: cases).add(to: routes)
        StaffCasesAPI(cases: cases).add(to: routes)
        PublicityAPI(cases: cases).add(to: routes)
        BillPages(cases: cases).addAPI(to: routes)
    }
}
