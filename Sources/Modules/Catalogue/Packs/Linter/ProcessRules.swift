import Kernel

/// The four links and what happens inside them.
struct ProcessRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }

    init(desk: LintDesk) { self.desk = desk }

    func run() {
        stages()
        roles()
        procedures()
        for after in item.after { desk.checkDepartment(after.department, ["after", after.id]) }
        for joint in item.joint { desk.checkDepartment(joint, ["joint"]) }
        joint()
        remoteCheck()
        if let report = item.reportUp { desk.checkDepartment(report.to, ["report_up"]) }
    }

    private func stages() {
        let kinds = item.stages.map(\.kind)
        if zip(kinds, kinds.dropFirst()).contains(where: { $0 >= $1 }) {
            desk.find(
                "stage.order", ["stages"], zh: "环节顺序不对：\(kinds.map(\.rawValue).joined(separator: ", "))",
                en: "the stages are out of order: \(kinds.map(\.rawValue).joined(separator: ", "))",
                do: ("依次写 accept、review、approve、complete", "Write accept, review, approve, complete in this order"))
        }
        for kind in [Stage.Kind.accept, .complete] where !kinds.isEmpty && !kinds.contains(kind) {
            desk.find(
                "stage.missing", ["stages"], zh: "缺少环节 \(kind.rawValue)", en: "the stage \(kind.rawValue) is missing",
                do: ("补写这个环节", "Add it"))
        }
        if item.notification {
            for kind in kinds where kind == .review || kind == .approve {
                desk.find(
                    "notification.review", ["stages", kind.rawValue], zh: "备案不审核、不批准",
                    en: "a notification has no review and no approval",
                    do: ("删去这个环节，或者不写 notification", "Remove the stage, or notification"))
            }
        } else if item.handling == .promised, !kinds.isEmpty, !kinds.contains(.approve) {
            desk.find(
                "stage.approve", ["stages"], zh: "承诺件没有批准环节", en: "a promised item without the stage approve",
                do: ("补写 approve；备案写 notification: true", "Add approve; for a notification write notification: true"))
        }
        for stage in item.stages {
            desk.checkDepartment(stage.department, ["stages", stage.kind.rawValue, "department"])
        }
    }

    private func roles() {
        for stage in item.stages {
            let fits =
                switch stage.kind {
                case .accept, .complete: true
                case .review: stage.role == .reviewer || stage.role == .head
                case .approve: stage.role == .approver || stage.role == .head
                }
            if !fits {
                desk.find(
                    "stage.role", ["stages", stage.kind.rawValue, "role"],
                    zh: "\(stage.role.rawValue) 不能做 \(stage.kind.rawValue)",
                    en: "a \(stage.role.rawValue) cannot \(stage.kind.rawValue)",
                    do: ("审核写 reviewer，批准写 approver 或 head", "Write reviewer for review, approver or head for approve"))
            }
        }
        if item.fourEyes, let review = item.stage(.review), let approve = item.stage(.approve),
            review.role == approve.role
        {
            desk.find(
                "four_eyes.role", ["stages", "approve", "role"], zh: "审核和批准是同一个角色",
                en: "review and approve have the same role",
                do: ("换一个角色，或者写 four_eyes: false", "Give another role or write four_eyes: false"))
        }
    }

    /// The person is found by name, number and phone: all three are asked.
    private func remoteCheck() {
        guard let rule = item.remoteCheck else { return }
        let field = item.field(rule.person)
        let isWhole = field?.kind == .person && Set(field?.parts ?? []).isSuperset(of: PartyPart.ofPerson)
        if !isWhole {
            desk.find(
                "remote_check.person", ["remote_check", "person"], zh: "表单里没有这个填写姓名、身份证号和手机号的人：\(rule.person)",
                en: "the form has no such person with name, number and phone: \(rule.person)",
                do: ("写 kind: person 的字段，三项都要填", "Name a field of kind person that asks for all three"))
        }
    }

    private func joint() {
        guard let handling = item.jointHandling else { return }
        if item.joint.isEmpty {
            desk.find(
                "joint.departments", ["joint_handling"], zh: "联合办理没有写由哪些部门出具意见",
                en: "whose opinions are asked is missing", do: ("写 joint", "Write joint"))
        }
        if item.joint.contains(item.department) {
            desk.find(
                "joint.self", ["joint"], zh: "本部门不向自己征求意见", en: "the department does not ask itself",
                do: ("从 joint 中删去", "Remove it from joint"))
        }
        if handling.within.comparableHours > item.limits.promised.comparableHours {
            desk.find(
                "joint.within", ["joint_handling", "within"], zh: "征求意见的时限比承诺时限长",
                en: "an opinion may take longer than the promise", do: ("缩短 within", "Shorten within"))
        }
    }

    private func procedures() {
        for procedure in item.procedures {
            let path = ["procedures", procedure.id]
            desk.checkBasis(procedure.basis, path)
            desk.checkDepartment(procedure.department, path + ["department"])
            if procedure.pauses, !procedure.kind.mayPause, procedure.basis.isEmpty {
                desk.find(
                    "procedure.pauses", path + ["pauses"], zh: "“\(procedure.name.zh)”不能停止计时（行政许可法第四十五条）",
                    en: "“\(procedure.name[.en])” may not stop the clock (行政许可法 art. 45)",
                    do: ("写 pauses: false，或者写明特别法的 basis", "Write pauses: false, or name the special law in basis"))
            }
            if procedure.kind == .inspection, let officers = procedure.officers, officers < 2 {
                desk.find(
                    "procedure.officers", path + ["officers"], zh: "现场核查应由两名以上工作人员进行（行政许可法第三十四条）",
                    en: "at least two officers go to an inspection (行政许可法 art. 34)",
                    do: ("officers 写 2 或更多", "Write 2 or more"))
            }
            if item.stage(procedure.during) == nil {
                desk.find(
                    "procedure.stage", path, zh: "没有环节 \(procedure.during.rawValue)",
                    en: "there is no stage \(procedure.during.rawValue)",
                    do: ("改正 during", "Correct during"))
            }
            if procedure.kind == .jointOpinion, procedure.department == nil, item.joint.isEmpty {
                desk.find(
                    "procedure.joint", path, zh: "会签没有写由谁出具意见", en: "whose opinion is asked is missing",
                    do: ("写 department，或者写 joint", "Write department, or joint"))
            }
        }
    }
}
