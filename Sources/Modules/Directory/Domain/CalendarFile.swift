package import Kernel

/// The days off and make-up days of one year, as the State Council's notice gives them.
package struct CalendarYear: Sendable, Hashable, Codable {
    package let year: Int
    /// Days off that would be weekdays, and weekends within the holiday.
    package let off: [CivilDate]
    /// Weekend days that are worked (调休).
    package let work: [CivilDate]

    package init(year: Int, off: [CivilDate], work: [CivilDate]) {
        self.year = year
        self.off = off
        self.work = work
    }

    package var published: PublishedYear { PublishedYear(year, off: Set(off), work: Set(work)) }
}
