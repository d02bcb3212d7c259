"""When does the organisation work?"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

import holidays
from pydantic import AfterValidator, BeforeValidator, model_validator

from runbooks.base import Model
from runbooks.span import Time

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _hour(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    if isinstance(value, time):
        return value
    raise ValueError(f"{value!r} is no time of day; write it in quotes, like '09:00'")


def _zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is no time zone; write it like Europe/Berlin")
    return zone


Hour = Annotated[time, BeforeValidator(_hour)]
Zone = Annotated[str, AfterValidator(_zone)]


class Calendar(Model):
    """Business hours, weekends and holidays, in the organisation's time zone."""

    time_zone: Zone = "UTC"
    opens: Hour = time(9)
    closes: Hour = time(17)
    weekend: tuple[Day, ...] = ("saturday", "sunday")
    country: str | None = None
    subdivision: str | None = None
    extra_holidays: tuple[date, ...] = ()
    same_day_cutoff: Time = timedelta(hours=4)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes is not after opens; business ends on the day it begins")
        if len(set(self.weekend)) >= 7:
            raise ValueError("weekend has all seven days; leave a day to work")
        # The list imports every country: 0.25 s of a start and some MiB, for who names one alone.
        places = holidays.list_supported_countries() if self.country else {}
        if self.country and self.country not in places:
            raise ValueError(f"country {self.country!r} is not known; write its ISO code, like DE")
        if self.subdivision and not self.country:
            raise ValueError("subdivision has no country; write the country's ISO code, like DE")
        if self.subdivision and self.subdivision not in places.get(self.country or "", []):
            raise ValueError(
                f"subdivision {self.subdivision!r} is not one of {self.country}; "
                "write its ISO code, like BE"
            )
        return self
