/// How long things are kept: within what archives and the protection of personal data allow.
struct KeepingRules {
    let desk: LintDesk

    func run() {
        let item = desk.item
        if !item.retention.isCustomary {
            desk.find(
                "retention.term", ["retention"], as: .warning, zh: "归档期限一般为永久、30 年或 10 年（《机关档案管理规定》）",
                en: "archives are kept permanently, 30 years or 10 years (机关档案管理规定)",
                do: ("写成 permanent、30y 或 10y", "Write permanent, 30y or 10y"))
        }
        for (key, term) in [("personal", item.keeping?.personal), ("undecided", item.keeping?.undecided)] {
            guard let term, term > item.retention else { continue }
            desk.find(
                "retention.longer", ["retention", key], zh: "个人信息的保管期限（\(term.text)）比案卷（\(item.retention.text)）长",
                en: "personal data is kept longer (\(term.text)) than the volume (\(item.retention.text))",
                do: ("缩短 \(key)，或者延长 archive", "Shorten \(key) or lengthen archive"))
        }
    }
}
