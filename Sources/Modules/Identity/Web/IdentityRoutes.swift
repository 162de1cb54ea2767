import Directory
import Kernel
import Web

/// Addresses of this module, for routes and links.
enum IdentityPaths {
    static let signIn = Path("/:area/sign-in", AreaCode.self)
    static let signOut = Path("/:area/sign-out", AreaCode.self)
    static let province = Path("/:area/sign-in/province", AreaCode.self)
    static let provinceReturn = Path("/:area/sign-in/province/return", AreaCode.self)
    static let register = Path("/:area/register", AreaCode.self)
    static let privacy = Path("/:area/privacy", AreaCode.self)
    static let forgot = Path("/:area/forgot", AreaCode.self)
    static let account = Path("/:area/my/account", AreaCode.self)
    static let password = Path("/:area/my/account/password", AreaCode.self)
    static let phone = Path("/:area/my/account/phone", AreaCode.self)
    static let person = Path("/:area/my/account/person", AreaCode.self)
    static let devices = Path("/:area/my/account/devices", AreaCode.self)
    static let systems = Path("/:area/my/account/systems", AreaCode.self)
    static let export = Path("/:area/my/account/export", AreaCode.self)
    static let actingFor = Path("/:area/my/acting-for", AreaCode.self)
    static let deskSignIn = Path("/:area/desk/sign-in", AreaCode.self)
    static let deskSignOut = Path("/:area/desk/sign-out", AreaCode.self)
    static let deskAccount = Path("/:area/desk/account", AreaCode.self)
    static let absence = Path("/:area/desk/absence", AreaCode.self)
    static let staff = Path("/:area/desk/admin/staff", AreaCode.self)
    static let newStaff = Path("/:area/desk/admin/staff/new", AreaCode.self)
    static let member = Path("/:area/desk/admin/staff/:id", AreaCode.self, String.self)
    static let memberPosts = Path("/:area/desk/admin/staff/:id/posts", AreaCode.self, String.self)
    static let post = Path("/:area/desk/admin/posts/:id", AreaCode.self, String.self)
    static let security = Path("/:area/desk/admin/security", AreaCode.self)
    static let securityFile = Path("/:area/desk/admin/security/export.csv", AreaCode.self)
    static let retention = Path("/:area/desk/admin/security/retention", AreaCode.self)
    static let clients = Path("/:area/desk/admin/clients", AreaCode.self)
    static let newClient = Path("/:area/desk/admin/clients/new", AreaCode.self)
    static let client = Path("/:area/desk/admin/clients/:id", AreaCode.self, String.self)
    static let identities = Path("/:area/desk/identities", AreaCode.self)
    static let identity = Path("/:area/desk/identities/:account", AreaCode.self, String.self)
    static let identityPhone = Path("/:area/desk/identities/:account/phone", AreaCode.self, String.self)
    static let counter = Path("/:area/desk/counter", AreaCode.self)
    static let counterPerson = Path("/:area/desk/counter/people/:account", AreaCode.self, String.self)
    static let sitting = Path("/:area/desk/counter/now", AreaCode.self)
    static let handOver = Path("/:area/desk/counter/now/results", AreaCode.self)
    static let counterScreen = Path("/:area/counter-screen/:code", AreaCode.self, String.self)
    static let token = Path("/api/v1/token")
    static let me = Path("/api/v1/areas/:area/me", AreaCode.self)
}

struct IdentityRoutes {
    let identity: IdentityAPI
    let directory: DirectoryAPI
    let codes: any CodeDrawer
    let ownData: [any OwnData]
    let history: any CounterHistory

    func add(to routes: Routes) {
        doors(routes)
        residents(routes)
        desk(routes)
        window(routes)
        counter(routes)
        administrators(routes)
        let api = ClientAPI(identity: identity)
        routes.post(IdentityPaths.token, requires: .open, api.token)
        routes.get(IdentityPaths.me, requires: .open, api.me)
    }

    private func doors(_ routes: Routes) {
        let signIn = SignInPages(identity: identity)
        routes.get(IdentityPaths.signIn, requires: .open, signIn.show)
        routes.post(IdentityPaths.signIn, requires: .open, signIn.enter)
        routes.post(IdentityPaths.signOut, requires: .open, signIn.leave)
        let province = ProvinceSignIn(identity: identity)
        routes.get(IdentityPaths.province, requires: .open, province.leave)
        routes.get(IdentityPaths.provinceReturn, requires: .open, province.come)
        let register = RegisterPages(identity: identity, directory: directory)
        routes.get(IdentityPaths.register, requires: .open, register.show)
        routes.post(IdentityPaths.register, requires: .open, register.act)
        routes.get(IdentityPaths.privacy, requires: .open, register.privacy)
        let forgot = ForgotPages(identity: identity)
        routes.get(IdentityPaths.forgot, requires: .open, forgot.show)
        routes.post(IdentityPaths.forgot, requires: .open, forgot.act)
        let desk = DeskDoor(identity: identity)
        routes.get(IdentityPaths.deskSignIn, requires: .open, desk.show)
        routes.post(IdentityPaths.deskSignIn, requires: .open, desk.enter)
        routes.post(IdentityPaths.deskSignOut, requires: .open, desk.leave)
    }

    private func residents(_ routes: Routes) {
        let account = AccountPages(identity: identity, ownData: ownData)
        routes.get(IdentityPaths.account, requires: .resident, account.show)
        routes.post(IdentityPaths.password, requires: .resident, account.changePassword)
        routes.post(IdentityPaths.devices, requires: .resident, account.endDevice)
        let phone = PhonePages(identity: identity)
        routes.get(IdentityPaths.phone, requires: .resident, phone.show)
        routes.post(IdentityPaths.phone, requires: .resident, phone.act)
        let person = PersonPages(identity: identity)
        routes.get(IdentityPaths.person, requires: .resident, person.show)
        routes.post(IdentityPaths.person, requires: .resident, person.act)
        routes.post(IdentityPaths.systems, requires: .resident, account.forbidSystem)
        routes.post(IdentityPaths.export, requires: .resident, account.export)
        let acting = ActingForPages(identity: identity)
        routes.get(IdentityPaths.actingFor, requires: .resident, acting.show)
        routes.post(IdentityPaths.actingFor, requires: .resident, acting.act)
    }

    private func desk(_ routes: Routes) {
        let account = DeskAccountPages(identity: identity, directory: directory, codes: codes)
        routes.get(IdentityPaths.deskAccount, requires: .staff, account.show)
        routes.post(IdentityPaths.deskAccount, requires: .staff, account.act)
        let absence = AbsencePages(identity: identity, directory: directory)
        routes.get(IdentityPaths.absence, requires: .staff, absence.show)
        routes.post(IdentityPaths.absence, requires: .staff, absence.act)
    }

    private func window(_ routes: Routes) {
        let verify = Access.permission(IdentityPermissions.verify)
        let checks = CheckPages(identity: identity)
        routes.get(IdentityPaths.identities, requires: verify, checks.list)
        routes.post(IdentityPaths.identities, requires: verify, checks.find)
        let person = CheckPersonPages(identity: identity)
        routes.get(IdentityPaths.identity, requires: verify, person.show)
        routes.post(IdentityPaths.identity, requires: verify, person.act)
        let phone = WindowPhonePages(identity: identity)
        routes.get(IdentityPaths.identityPhone, requires: verify, phone.show)
        routes.post(IdentityPaths.identityPhone, requires: verify, phone.act)
    }

    private func counter(_ routes: Routes) {
        let serve = Access.permission(IdentityPermissions.counter)
        let counter = CounterPages(identity: identity)
        routes.get(IdentityPaths.counter, requires: serve, counter.show)
        routes.post(IdentityPaths.counter, requires: serve, counter.act)
        routes.get(IdentityPaths.counterPerson, requires: serve, counter.person)
        routes.post(IdentityPaths.counterPerson, requires: serve, counter.begin)
        let sitting = SittingPages(identity: identity, history: history, codes: codes)
        routes.get(IdentityPaths.sitting, requires: serve, sitting.show)
        routes.post(IdentityPaths.sitting, requires: serve, sitting.end)
        routes.post(IdentityPaths.handOver, requires: serve, sitting.handOver)
        routes.get(IdentityPaths.counterScreen, requires: .open, sitting.screen)
    }

    private func administrators(_ routes: Routes) {
        let staff = StaffPages(identity: identity, directory: directory)
        let admin = Access.permission(IdentityPermissions.admin)
        routes.get(IdentityPaths.staff, requires: admin, staff.list)
        routes.post(IdentityPaths.staff, requires: admin, staff.create)
        routes.get(IdentityPaths.newStaff, requires: admin, staff.new)
        let member = StaffMemberPages(identity: identity, directory: directory)
        routes.get(IdentityPaths.member, requires: admin, member.show)
        routes.post(IdentityPaths.member, requires: admin, member.act)
        routes.post(IdentityPaths.memberPosts, requires: admin, member.propose)
        routes.post(IdentityPaths.post, requires: admin, staff.decide)
        let clients = ClientPages(identity: identity, directory: directory)
        routes.get(IdentityPaths.clients, requires: admin, clients.list)
        routes.post(IdentityPaths.clients, requires: admin, clients.create)
        routes.get(IdentityPaths.newClient, requires: admin, clients.new)
        routes.get(IdentityPaths.client, requires: admin, clients.show)
        routes.post(IdentityPaths.client, requires: admin, clients.act)
        let security = SecurityPages(identity: identity)
        let audit = Access.permission(IdentityPermissions.audit)
        routes.get(IdentityPaths.security, requires: audit, security.list)
        routes.get(IdentityPaths.securityFile, requires: audit, security.file)
        routes.post(IdentityPaths.retention, requires: audit, security.setRetention)
    }
}
