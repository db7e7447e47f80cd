"""Travel times of the built-in region over ten years, for tests of its network and of its trips."""

import datetime

from sim.base.calendar import Calendar

CALENDAR = Calendar.between(datetime.date(2021, 1, 1), datetime.date(2030, 12, 31))


def at(table, date):
    """State of the network in the quarter of a date."""
    return table.state_of_quarter[CALENDAR.index(datetime.date.fromisoformat(date))]
