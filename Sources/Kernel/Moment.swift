import Foundation

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
package struct Moment: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Milliseconds since the epoch; negative before 1970.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    /// The system's clock.
    package static func now() -> Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// A moment further on by so many seconds (back when negative).
    package func adding(seconds: Int64) -> Moment { Moment(milliseconds: milliseconds + seconds * 1000) }
    /// A moment further on by so many milliseconds.
    package func adding(milliseconds more: Int64) -> Moment { Moment(milliseconds: milliseconds + more) }

    /// The civil date in Shanghai (UTC+8 without summer time since 1992, the only time of the office).
    package var date: CivilDate {
        CivilDate(dayNumber: Int((milliseconds + shanghaiOffset).flooredDivision(by: millisecondsADay)))
    }

    /// Minutes since midnight in Shanghai, 0…1439.
    package var minuteOfDay: Int {
        let local = milliseconds + shanghaiOffset
        return Int((local - local.flooredDivision(by: millisecondsADay) * millisecondsADay) / 60_000)
    }

    /// `14:32` in Shanghai.
    package var clock: String {
        let minute = minuteOfDay
        return twoDigits(minute / 60) + ":" + twoDigits(minute % 60)
    }

    /// `2026-03-12T14:32:05.123+08:00`.
    package var description: String {
        let local = milliseconds + shanghaiOffset
        let inDay = local - local.flooredDivision(by: millisecondsADay) * millisecondsADay
        let ms = String(inDay % 1000)
        return
            "\(date)T\(clock):\(twoDigits(Int(inDay / 1000 % 60))).\(String(repeating: "0", count: 3 - ms.count))\(ms)+08:00"
    }

    package static func < (a: Moment, b: Moment) -> Bool { a.milliseconds < b.milliseconds }
}

let millisecondsADay: Int64 = 86_400_000
let shanghaiOffset: Int64 = 8 * 3_600_000

func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }

extension Int64 {
    func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
