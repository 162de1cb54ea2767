extension CivilDate {
    /// `3 月 12 日` in the year of `reference`, otherwise (and without one, as in notices) `2026 年 3 月 12 日`;
    /// in English `12 March` and `12 March 2026`. Tibetan and Yi pages have the Chinese form.
    package func words(in language: Language = .zh, near reference: CivilDate? = nil) -> String {
        let (year, month, day) = components
        let short = reference?.year == year
        switch language {
        case .en: return "\(day) \(englishMonths[month - 1])" + (short ? "" : " \(year)")
        case .zh, .bo, .ii: return (short ? "" : "\(year) 年 ") + "\(month) 月 \(day) 日"
        }
    }

    /// `星期四`, `Thursday`.
    package func weekdayName(in language: Language = .zh) -> String {
        switch language {
        case .en: englishWeekdays[weekday - 1]
        case .zh, .bo, .ii: "星期" + chineseWeekdays[weekday - 1]
        }
    }
}

extension Moment {
    /// The date as `CivilDate.words` gives it and the clock in Shanghai: `3 月 12 日 14:30`, `12 March 2026, 14:30`.
    package func words(in language: Language = .zh, near reference: CivilDate? = nil) -> String {
        date.words(in: language, near: reference) + (language == .en ? ", " : " ") + clock
    }
}

extension Limit {
    /// `20 个工作日`, `60 日`, `6 个月`; `1 working day`, `6 months`.
    package func words(in language: Language = .zh) -> String {
        switch language {
        case .en: "\(amount) " + englishUnit + (amount == 1 ? "" : "s")
        case .zh, .bo, .ii: "\(amount) " + chineseUnit
        }
    }

    private var chineseUnit: String {
        switch unit {
        case .workingDays: "个工作日"
        case .workingHours: "个工作小时"
        case .days: "日"
        case .hours: "小时"
        case .months: "个月"
        case .years: "年"
        }
    }

    private var englishUnit: String {
        switch unit {
        case .workingDays: "working day"
        case .workingHours: "working hour"
        case .days: "day"
        case .hours: "hour"
        case .months: "month"
        case .years: "year"
        }
    }
}

extension BinaryInteger {
    /// With separators between thousands: `1,135`.
    package var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + text
    }
}

private let chineseWeekdays = ["一", "二", "三", "四", "五", "六", "日"]
private let englishWeekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
private let englishMonths = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]
