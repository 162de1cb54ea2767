import Kernel

/// One bar of the histogram: cases of an item that took so many working days.
struct LimitBar: Sendable, Hashable {
    let month: String
    let item: String
    let department: String
    let promised: Limit?
    let statutory: Limit?
    let used: Int
    let cases: Int
    let onReceipt: Int
    let late: Int
    let breached: Int
}

/// Statutory, promised and actual time of a group of decided cases (重庆江北 B2: 平均办理时限、即办率).
struct LimitSummary: Sendable, Hashable {
    let cases: Int
    /// Working days, in hundredths.
    let meanHundredths: Int
    /// Working days, in halves: between two middle cases lies half a day.
    let medianHalves: Int
    let onReceipt: Int
    let late: Int
    let breached: Int
    /// Those of the last month in the group, where all its cases have the same.
    let promised: Limit?
    let statutory: Limit?

    init(_ bars: [LimitBar]) {
        cases = bars.reduce(0) { $0 + $1.cases }
        onReceipt = bars.reduce(0) { $0 + $1.onReceipt }
        late = bars.reduce(0) { $0 + $1.late }
        breached = bars.reduce(0) { $0 + $1.breached }
        let days = bars.reduce(0) { $0 + $1.used * $1.cases }
        meanHundredths = cases == 0 ? 0 : (days * 100 + cases / 2) / cases
        medianHalves = LimitSummary.median(bars, cases)
        let newest = bars.map(\.month).max()
        let lately = bars.filter { $0.month == newest }
        let promises = Set(lately.map(\.promised))
        let laws = Set(lately.map(\.statutory))
        promised = promises.count == 1 ? promises.first ?? nil : nil
        statutory = laws.count == 1 ? laws.first ?? nil : nil
    }

    private static func median(_ bars: [LimitBar], _ cases: Int) -> Int {
        guard cases > 0 else { return 0 }
        let sorted = bars.sorted { $0.used < $1.used }
        func used(at place: Int) -> Int {
            var passed = 0
            for bar in sorted {
                passed += bar.cases
                if passed > place { return bar.used }
            }
            return sorted.last?.used ?? 0
        }
        return used(at: (cases - 1) / 2) + used(at: cases / 2)
    }

    /// `2.35`
    var mean: String {
        let rest = meanHundredths % 100
        return "\(meanHundredths / 100)." + (rest < 10 ? "0\(rest)" : "\(rest)")
    }
    /// `2` or `2.5`
    var median: String { medianHalves.isMultiple(of: 2) ? "\(medianHalves / 2)" : "\(medianHalves / 2).5" }
    /// 即办率: `84.0%`
    var receiptShare: String { Self.share(onReceipt, of: cases) }
    var lateShare: String { Self.share(late, of: cases) }

    private static func share(_ part: Int, of all: Int) -> String {
        guard all > 0 else { return "" }
        let tenths = (part * 1000 + all / 2) / all
        return "\(tenths / 10).\(tenths % 10)%"
    }
}

/// What the cases are grouped by.
enum LimitGrouping: String, Sendable, CaseIterable {
    case item, department, month

    func key(_ bar: LimitBar) -> String {
        switch self {
        case .item: bar.item
        case .department: bar.department
        case .month: bar.month
        }
    }

    /// The months newest first, all else by the number of cases.
    func groups(_ bars: [LimitBar]) -> [(key: String, summary: LimitSummary)] {
        let all = Dictionary(grouping: bars, by: key).map { (key: $0, summary: LimitSummary($1)) }
        switch self {
        case .month: return all.sorted { $0.key > $1.key }
        case .item, .department:
            return all.sorted { ($1.summary.cases, $0.key) < ($0.summary.cases, $1.key) }
        }
    }
}
