"""What routes are asked with: names in the path, spans of time, versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeAlias
from zoneinfo import ZoneInfo

from fastapi import Header, Path, Query
from pydantic import AwareDatetime, Field
from starlette.convertors import register_url_convertor

from footfall.access.roles import Caller
from footfall.core.errors import Problem
from footfall.store.sums import Scope
from footfall.web.models import Name, View
from footfall.web.names import NameConvertor
from footfall.web.security_refusals import Refused

register_url_convertor("name", NameConvertor())
FIRST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LAST: Final = datetime(2999, 12, 31, tzinfo=UTC)
Moment: TypeAlias = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]

CameraName: TypeAlias = Annotated[Name, Path(description="of the camera, percent-encoded", examples=["front door"])]
Id: TypeAlias = Annotated[str, Path(min_length=1, max_length=400)]
PlaceName: TypeAlias = Annotated[Name, Path(description="of the place, percent-encoded", examples=["shop"])]
Cameras: TypeAlias = Annotated[
    list[Name] | None, Query(alias="camera", max_length=500, description="may be repeated; default: all one may see")
]
Camera: TypeAlias = Annotated[Name, Query(alias="camera")]
Regions: TypeAlias = Annotated[list[Name] | None, Query(alias="region", max_length=500, description="may be repeated")]
Region: TypeAlias = Annotated[Name, Query(alias="region")]
From: TypeAlias = Annotated[Moment | None, Query(alias="from", description="RFC 3339; default: a day before `to`")]
To: TypeAlias = Annotated[Moment | None, Query(alias="to", description="RFC 3339; default: now")]
Zone: TypeAlias = Annotated[
    str, Query(alias="tz", max_length=64, description="IANA name of the time zone of days and hours", examples=["UTC"])
]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=1000)]
IfMatch: TypeAlias = Annotated[
    str | None, Header(alias="If-Match", max_length=40, description='version that the edit is made on, `"7"`')
]
ViewAsked: TypeAlias = Annotated[View, Query(description="`real` needs the right to real pictures, and is audited")]


def bad(path: str, what: str, cure: str, code: str = "bad-input") -> Refused:
    """One thing is wrong with a request."""
    return Refused(400, code, f"{path}: {what}", problems=[Problem("request", path, what, cure)])


def span(begin: datetime | None, end: datetime | None, now: datetime, usual: timedelta) -> tuple[datetime, datetime]:
    """The time that is asked about, in UTC.

    Raises:
        Refused: it ends before it begins.
    """
    last = (end or now).astimezone(UTC)
    first = (begin or last - usual).astimezone(UTC)
    if first >= last:
        raise bad("$.query.from", "the time ends before it begins", "give `from` before `to`")
    return first, last


def zone_info(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        Refused: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as error:
        raise bad("$.query.tz", "is no time zone", "write an IANA name such as Europe/Berlin") from error
    except KeyError as error:
        raise bad("$.query.tz", "is no time zone", "write an IANA name such as Europe/Berlin") from error


def base_version(if_match: str | None) -> int | None:
    """The version that an edit was made on; None where it is not said.

    Raises:
        Refused: it is no version.
    """
    if if_match is None:
        return None
    number = if_match.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise bad("$.header.If-Match", "is no version", 'send the ETag of what was read, such as "7"')
    return int(number)


def required_version(if_match: str | None) -> int:
    """The same, where it must be said.

    Raises:
        Refused: it is not.
    """
    base = base_version(if_match)
    if base is None:
        cure = "send the ETag of what was read, so that nobody's edit is overwritten"
        raise bad("$.header.If-Match", "is missing", cure, "if-match-missing")
    return base


def scope_of(caller: Caller, cameras: Sequence[str] | None, regions: Sequence[str] | None) -> Scope:
    """What of the store is asked about: nothing that the caller does not see."""
    wanted = caller.cameras if cameras is None else frozenset(cameras)
    return Scope(wanted, None if regions is None else frozenset(regions))
