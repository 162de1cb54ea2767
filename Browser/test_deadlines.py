"""Periods against a calendar that others keep: PyPI's chinesecalendar, walked day by day.

行政许可法 art. 82: working days without legal holidays, the day of the act not counted; art. 45: time that does not count.
"""

import calendar
import random
from bisect import bisect_left
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

CASES = 100_000
FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKS = {day: chinese_calendar.is_workday(day) for day in DAYS}
# 9:00—12:00, 13:00—17:00 in seconds of the day.
HALL = [(9 * 3600, 12 * 3600), (13 * 3600, 17 * 3600)]
ONE = timedelta(days=1)


class Beyond(Exception):
    """The period ends after the last year that both calendars know."""


def works(day: date) -> bool:
    if day > LAST:
        raise Beyond
    return WORKS[day]


def seconds(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


class Counter:
    """Leafs through a calendar: for each day it asks whether the clock ran and whether the day counts."""

    def __init__(self, start: datetime, amount: int, unit: str):
        self.start, self.amount, self.unit = start, amount, unit
        self.left = amount * 3600 if unit in ("h", "wh") else amount
        self.gone = 0

    def counts(self, day: date) -> bool:
        return self.unit != "wd" or works(day)

    def run(self, stop: datetime | None) -> date | datetime | None:
        """The end, or None where the clock is stopped first, on a day that still counts whole."""
        if self.unit in ("wd", "d"):
            day = self.start.date()
            if stop is None and self.left == 0:
                return day
            while stop is None or day < stop.date():
                day += ONE
                if self.counts(day):
                    self.left -= 1
                    if stop is None and self.left == 0:
                        return day
            return None
        if self.unit in ("mo", "y"):
            if stop is not None:
                self.gone += (stop.date() - self.start.date()).days
                return None
            return self.months(self.start.date() - self.gone * ONE)
        if self.unit == "h":
            if stop is not None:
                self.left -= int((stop - self.start).total_seconds())
                return None
            return self.start + timedelta(seconds=self.left)
        return self.hall(stop)

    def months(self, start: date) -> date:
        """The same day so many months later, or that month's last day."""
        left = self.amount * (12 if self.unit == "y" else 1)
        year, month = start.year, start.month
        for _ in range(left):
            month += 1
            if month == 13:
                year, month = year + 1, 1
        return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))

    def hall(self, stop: datetime | None) -> datetime | None:
        """Through the hours of the hall, one opening after the other."""
        day, since = self.start.date(), seconds(self.start)
        while True:
            if works(day):
                for opens, closes in HALL:
                    end = closes
                    if stop is not None and day == stop.date():
                        end = min(end, seconds(stop))
                    here = max(0, end - max(opens, since))
                    if stop is None and self.left <= here:
                        whole = datetime.combine(day, datetime.min.time())
                        return whole + timedelta(seconds=max(opens, since) + self.left)
                    self.left -= here
            if stop is not None and day >= stop.date():
                return None
            day, since = day + ONE, 0


UNITS = ["wd"] * 14 + ["d"] * 2 + ["wh"] * 2 + ["mo", "h"]
MOST = {"wd": 90, "d": 180, "wh": 60, "mo": 12, "h": 72}


def drawn(dice: random.Random) -> tuple[str, str]:
    """A line as the program reads it, and its answer by the slow counter."""
    while True:
        unit = dice.choice(UNITS)
        amount = dice.randint(1, dice.choice([5, 20, MOST[unit]]))
        # Half of the cases begin near a holiday or a change of years, where counting is hard.
        day = dice.choice(DAYS)
        if dice.random() < 0.5:
            year = dice.randint(2018, 2026)
            day = dice.choice([date(year, 1, 25), date(year, 9, 25), date(year, 12, 25), date(year, 4, 28)])
            day = min(LAST, day + dice.randint(0, 14) * ONE)
        start = datetime.combine(day, datetime.min.time()) + timedelta(minutes=dice.randint(0, 1439))
        counter = Counter(start, amount, unit)
        words = [start.strftime("%Y-%m-%dT%H:%M"), f"{amount}{unit}"]
        try:
            for _ in range(dice.choice([0, 0, 0, 1, 2, 3])):
                stop = counter.start + timedelta(minutes=dice.randint(0, dice.choice([600, 20_000])))
                goes = stop + timedelta(minutes=dice.randint(0, dice.choice([600, 80_000])))
                counter.run(stop)
                counter.start = goes
                words += [stop.strftime("%Y-%m-%dT%H:%M"), goes.strftime("%Y-%m-%dT%H:%M")]
                if counter.left <= 0 or counter.start.date() - counter.gone * ONE < FIRST:
                    raise Beyond
            end = counter.run(None)
            last = end.date() if isinstance(end, datetime) else end
            if last > LAST:
                raise Beyond
        except Beyond:
            continue
        if not isinstance(end, datetime):
            end = datetime.combine(end + ONE, datetime.min.time())
        return " ".join(words), f"{last} {end:%Y-%m-%dT%H:%M:%S}.000+08:00"


def test_a_hundred_thousand_periods(house, note):
    """No period ends on another day than by leafing through the other calendar."""
    dice = random.Random(20260312)
    cases = [drawn(dice) for _ in range(CASES)]
    done = house.bare("catalogue", "deadlines", stdin="\n".join(line for line, _ in cases) + "\n")
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [line.strip() for line in done.stdout.splitlines()]
    assert len(answers) == CASES
    wrong = [(line, told, right) for (line, right), told in zip(cases, answers) if told != right]
    assert not wrong, f"{len(wrong)} differ, such as {wrong[:5]}"
    stopped = sum(len(line.split()) > 2 for line, _ in cases)
    note(f"{CASES} periods, {stopped} of them with stops, as chinesecalendar counts them")


def test_every_day_of_nine_years(house):
    """One working day after each day is the next day that the other calendar calls a working day."""
    days = DAYS[:-1]
    done = house.bare("catalogue", "deadlines", stdin="".join(f"{day}T12:00 1wd\n" for day in days))
    assert done.returncode == 0, done.stderr[-2000:]
    open_days = [day for day in DAYS if WORKS[day]]
    for day, told in zip(days, done.stdout.splitlines()):
        assert told.split()[0] == str(open_days[bisect_left(open_days, day + ONE)]), day


@pytest.mark.parametrize(
    ("year", "count"),
    [(2018, 250), (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_working_days_a_year(year, count):
    """The other calendar is the one that the notices of the State Council describe."""
    assert sum(works for day, works in WORKS.items() if day.year == year) == count


@pytest.mark.parametrize("line", ["2026-02-30T10:00 5wd", "2026-02-12T10:00", "2026-02-12T10:00 5wd 2026-02-13T10:00"])
def test_what_is_no_period_is_told_by_line(house, line):
    done = house.bare("catalogue", "deadlines", stdin=f"2026-02-12T10:00 5wd\n{line}\n")
    assert done.returncode != 0
    assert "line 2" in done.stderr and "2026-02-26" in done.stdout
