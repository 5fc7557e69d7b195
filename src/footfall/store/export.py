"""Numbers as files: CSV, a line at a time, and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from footfall.core.errors import ConfigError, Problem
from footfall.store.numbers import Total

COLUMNS = ("camera", "region", "measure", "begin", "count", "low", "high", "expected")
_LINES = 500
_ROWS = 50_000
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take a cell that begins so for a formula (OWASP, "CSV Injection")."""


def csv_chunks(totals: Iterable[Total]) -> Iterator[bytes]:
    """UTF-8, RFC 4180, one header line; some lines at a time. `begin` is RFC 3339, UTC."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(COLUMNS)
    for number, total in enumerate(totals, 1):
        camera, region, measure, begin, *figures = _row(total)
        writer.writerow([_harmless(camera), _harmless(region), measure, _rfc3339(begin), *figures])
        if number % _LINES == 0:
            yield _taken(page)
    yield _taken(page)


def write_parquet(totals: Iterable[Total], file: BinaryIO) -> None:
    """Apache Parquet: `begin` is a timestamp in UTC, names are dictionaries.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - large, and few ask for it
        from pyarrow import parquet as pq  # noqa: PLC0415
    except ImportError as error:
        cure = "pip install 'footfall[parquet]', or ask for CSV"
        raise ConfigError([Problem("export", "format", "Parquet needs pyarrow", cure)]) from error
    schema = _schema(pa)
    with pq.ParquetWriter(file, schema) as writer:
        rows: list[Sequence[Any]] = []
        for total in totals:
            rows.append(_row(total))
            if len(rows) == _ROWS:
                writer.write_table(_table(pa, rows, schema))
                rows.clear()
        writer.write_table(_table(pa, rows, schema))


def _row(total: Total) -> tuple[str, str, str, datetime, int, int, int, float]:
    low, high = total.interval()
    estimate = total.estimate
    figures = estimate.told, low, high, round(estimate.expected, 3)
    return total.camera, total.region, total.measure.value, total.begin, *figures


def _schema(pa: Any) -> Any:
    name, count = pa.dictionary(pa.int32(), pa.string()), pa.int64()
    types = (name, name, name, pa.timestamp("us", tz="UTC"), count, count, count, pa.float64())
    return pa.schema(list(zip(COLUMNS, types, strict=True)))


def _table(pa: Any, rows: Sequence[Sequence[Any]], schema: Any) -> Any:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)], schema=schema)


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text


def _taken(page: io.StringIO) -> bytes:
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode()
