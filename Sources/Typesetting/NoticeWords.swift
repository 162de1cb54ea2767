import Kernel

/// The words every document has, in its main language; Tibetan and Yi documents use the Chinese ones until theirs are
/// reviewed.
struct NoticeWords {
    let language: NoticeLanguage

    private func choose(_ zh: String, _ en: String) -> String { language == .en ? en : zh }

    var verify: String {
        choose(
            "扫描二维码，或打开下列网址核对验证码，可查验真伪。",
            "Scan the code, or open the address and compare the code, to verify this document.")
    }
    var guide: String {
        choose(
            "扫描二维码，或打开下列网址，可看办事指南、网上申请。", "Scan the code, or open the address, to read the guide or to apply online.")
    }
    var progress: String {
        choose(
            "扫描二维码，或打开下列网址，可查办理进度；凭验证码可在网站查验真伪。",
            "Scan the code, or open the address, to see the progress. The site verifies this paper by the code below.")
    }
    var code: String { choose("验证码", "Verification code") }
    func page(_ page: Int, of pages: Int) -> String { choose("第 \(page) 页 共 \(pages) 页", "Page \(page) of \(pages)") }

    func date(_ date: CivilDate) -> String {
        guard language == .en else { return "\(date.year)年\(date.month)月\(date.day)日" }
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "\(date.day) \(months[date.month - 1]) \(date.year)"
    }

    func moment(_ moment: Moment) -> String { "\(date(moment.date)) \(moment.clock)" }

    /// What stands between a label and its value; Tibetan has no such mark.
    static func colon(in language: NoticeLanguage) -> String {
        switch language {
        case .zh, .ii: "："
        case .en: ": "
        case .bo: " "
        }
    }
    var colon: String { NoticeWords.colon(in: language) }
    var caseNumber: String { choose("办件编号", "Case number") }
    var queryCode: String { choose("查询码", "Query code") }
    var applicant: String { choose("申请人", "Applicant") }
    var item: String { choose("申请事项", "Service item") }
    var receivedAt: String { choose("收件时间", "Received") }
    var promised: String { choose("办理期限", "Time limit") }
    var receivedBy: String { choose("收件窗口", "Received at") }
    var contact: String { choose("咨询电话", "Enquiries") }
    var receipt: String { choose("收件凭证", "Receipt") }
    var applicationForm: String { choose("申请表", "Application") }
    var materials: String { choose("收到的材料", "Materials received") }
    var handedIn: String { choose("提交的材料", "Materials handed in") }
    var ordinal: String { choose("序号", "No.") }
    var materialName: String { choose("材料名称", "Material") }
    var materialKind: String { choose("形式", "Form") }
    var copies: String { choose("份数", "Copies") }
    var statement: String { choose("申请人声明", "Statement") }
    var signed: String { choose("申请人（签字或盖章）", "Applicant (signature)") }
    var day: String { choose("日期", "Date") }
    var handedInBy: String { choose("交件人（签字）", "Handed in by") }
    var takenBy: String { choose("收件人（签字）", "Taken by") }
    var receiptMeaning: String {
        choose(
            "本凭证只证明收到上列材料，不表示申请已受理。凭办件编号和查询码可查询进度。",
            "This receipt only proves that the materials above were received, not that the application was accepted. "
                + "Follow the case with its number and the query code.")
    }
}
