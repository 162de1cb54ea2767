/// Which column of a list holds what; found from the header, or chosen by hand.
package struct ListColumns: Sendable, Hashable {
    package var name: Int
    package var code: Int?
    package var type: Int?
    package var department: Int?
    package var mainItem: Int?

    package init(name: Int, code: Int? = nil, type: Int? = nil, department: Int? = nil, mainItem: Int? = nil) {
        self.name = name
        self.code = code
        self.type = type
        self.department = department
        self.mainItem = mainItem
    }

    private static var names: [(WritableKeyPath<ListColumns, Int?>?, [String])] {
        [
            (nil, ["name", "事项名称", "办理项名称", "业务办理项名称", "子项名称", "名称", "事项"]),
            (\.code, ["item_code", "code", "实施编码", "事项编码", "业务办理项编码", "实施清单编码", "编码"]),
            (\.type, ["item_type", "type", "事项类型", "权力类型", "类型", "事项类别"]),
            (\.department, ["department", "实施主体", "实施部门", "主管部门", "责任部门", "部门", "单位", "实施机构"]),
            (\.mainItem, ["main_item", "主项名称", "主项", "目录名称"]),
        ]
    }

    /// Finds the columns by their usual headings; nil where no heading names the item.
    package static func detect(_ header: [String]) -> ListColumns? {
        let cells = header.map { $0.filter { !$0.isWhitespace }.lowercased() }
        func column(_ headings: [String]) -> Int? {
            headings.lazy.compactMap { heading in cells.firstIndex(of: heading) }.first
        }
        guard let name = column(names[0].1) else { return nil }
        var columns = ListColumns(name: name)
        for case (let path?, let headings) in names { columns[keyPath: path] = column(headings) }
        return columns
    }

    /// The number of columns a row must at least have.
    var needed: Int { ([name] + [code, type, department].compactMap { $0 }).reduce(0, max) + 1 }
}

extension ItemType {
    /// Reads local ways of writing a type: `1`, `01`, `行政许可`, `许可`, `其他行政权力`.
    init?(local text: String) {
        let bare = text.filter { !$0.isWhitespace }
        if let number = Int(bare) {
            let code = number < 10 ? "0\(number)" : "\(number)"
            guard let type = ItemType.allCases.first(where: { $0.standardCode == code }) else { return nil }
            self = type
            return
        }
        let words: [(String, ItemType)] = [
            ("公共服务", .publicService), ("便民服务", .publicService), ("其他", .other), ("备案", .other), ("许可", .licence),
            ("审批", .licence),
            ("处罚", .penalty), ("强制", .coercion), ("征收", .levy), ("征用", .levy), ("给付", .benefit), ("检查", .inspection),
            ("确认", .confirmation),
            ("奖励", .reward), ("裁决", .ruling), ("登记", .confirmation),
        ]
        guard let found = words.first(where: { bare.contains($0.0) }) else { return nil }
        self = found.1
    }
}
