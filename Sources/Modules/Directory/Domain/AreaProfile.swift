package import Kernel

/// What is known of an area that has a hall of its own: places, departments, halls, phones, remedies. Comes from its pack.
package struct AreaProfile: Sendable, Hashable, Codable {
    /// A street or a community by its code in the 统计用区划代码.
    package struct Division: Sendable, Hashable, Codable {
        /// Street: 9 digits; community: 12.
        package let code: String
        package let name: LocalizedText
        /// The street of a community.
        package let parent: String?

        package init(code: String, name: LocalizedText, parent: String?) {
            self.code = code
            self.name = name
            self.parent = parent
        }
    }

    /// A body that handles items; `uscc` has 18 characters (GB 32100).
    package struct Department: Sendable, Hashable, Codable {
        /// The role slug that items name.
        package let id: String
        package let name: LocalizedText
        package let shortName: LocalizedText?
        package let uscc: String?
        package let phone: String?

        package init(id: String, name: LocalizedText, shortName: LocalizedText?, uscc: String?, phone: String?) {
            self.id = id
            self.name = name
            self.shortName = shortName
            self.uscc = uscc
            self.phone = phone
        }
    }

    /// One span in which a hall is open; a week is made of several.
    package struct Hours: Sendable, Hashable, Codable {
        /// 1 Monday … 7 Sunday.
        package let days: [Int]
        /// Minutes since midnight.
        package let from: Int
        package let to: Int
        /// 延时服务: open, but not counted as office time.
        package let extra: Bool

        package init(days: [Int], from: Int, to: Int, extra: Bool) {
            self.days = days
            self.from = from
            self.to = to
            self.extra = extra
        }
    }

    /// A counter of a hall; `number` as it stands above it.
    package struct Window: Sendable, Hashable, Codable {
        package let id: String
        package let number: String?
        package let name: LocalizedText
        /// Empty: a general window that takes anything.
        package let departments: [String]

        package init(id: String, number: String?, name: LocalizedText, departments: [String]) {
            self.id = id
            self.number = number
            self.name = name
            self.departments = departments
        }
    }

    /// A place where things are handled in person (政务服务中心).
    package struct Hall: Sendable, Hashable, Codable {
        package let id: String
        package let name: LocalizedText
        package let address: LocalizedText?
        package let phone: String?
        package let hours: [Hours]
        package let windows: [Window]

        package init(
            id: String, name: LocalizedText, address: LocalizedText?, phone: String?, hours: [Hours], windows: [Window]
        ) {
            self.id = id
            self.name = name
            self.address = address
            self.phone = phone
            self.hours = hours
            self.windows = windows
        }
    }

    package let area: AreaCode
    /// `county` or `city`.
    package let kind: String
    package let parent: AreaCode?
    package let name: LocalizedText
    package let shortName: LocalizedText
    /// Names and figures are for demonstration.
    package let demo: Bool
    /// Of document numbers 文号.
    package let numberPrefix: String?
    package let advicePhone: String?
    package let complaintPhone: String?
    /// 行政复议机关: normally the district people's government.
    package let reviewOrgan: LocalizedText?
    package let court: LocalizedText?
    package let divisions: [Division]
    package let departments: [Department]
    package let halls: [Hall]

    package init(
        area: AreaCode, kind: String, parent: AreaCode?, name: LocalizedText, shortName: LocalizedText, demo: Bool,
        numberPrefix: String?, advicePhone: String?, complaintPhone: String?, reviewOrgan: LocalizedText?,
        court: LocalizedText?,
        divisions: [Division], departments: [Department], halls: [Hall]
    ) {
        self.area = area
        self.kind = kind
        self.parent = parent
        self.name = name
        self.shortName = shortName
        self.demo = demo
        self.numberPrefix = numberPrefix
        self.advicePhone = advicePhone
        self.complaintPhone = complaintPhone
        self.reviewOrgan = reviewOrgan
        self.court = court
        self.divisions = divisions
        self.departments = departments
        self.halls = halls
    }

    /// The department of that slug; nil where the area does not have it.
    package func department(_ id: String) -> Department? { departments.first { $0.id == id } }

    /// The department's name, or its slug where the pack does not have it.
    package func departmentName(_ id: String, in language: Language) -> String {
        department(id).map { ($0.shortName ?? $0.name)[language] } ?? id
    }

    package var streets: [Division] { divisions.filter { $0.code.count == 9 } }
}
