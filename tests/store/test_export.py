from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from footfall.store.export import csv_chunks, write_parquet
from footfall.store.numbers import Total
from footfall.store.records import Measure

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def some(count):
    for number in range(count):
        yield Total(
            'Tür, "2"', "door\n", Measure.RIGHT, NOON + timedelta(hours=number), number % 50, 0.4, 0.3, 1.2, 1.2
        )


def test_csv_is_read_back_as_it_was_written():
    chunks = list(csv_chunks(some(1200)))
    assert len(chunks) == 3
    found = list(csv.reader(io.StringIO(b"".join(chunks).decode(), newline="")))
    assert found[0] == ["camera", "region", "measure", "begin", "count", "low", "high", "expected"]
    assert found[13] == ['Tür, "2"', "door\n", "right", "2026-03-02T00:00:00Z", "12", "11", "16", "12.8"]
    assert len(found) == 1201


def test_csv_of_nothing_has_a_header():
    assert b"".join(csv_chunks([])) == b"camera,region,measure,begin,count,low,high,expected\r\n"


@pytest.mark.parametrize("name", ["=1+1", "+door", "-door", "@door", "\tdoor", "\rdoor"])
def test_no_cell_is_a_formula(name):
    text = b"".join(csv_chunks([Total(name, name, Measure.LEFT, NOON, 0, 0.0, 0.0, 0.0, 0.0)])).decode()
    assert list(csv.reader(io.StringIO(text, newline="")))[1][:2] == [f"'{name}", f"'{name}"]


@pytest.mark.parametrize("count", [0, 1, 1200])
def test_parquet_is_read_back_as_it_was_written(count, monkeypatch):
    monkeypatch.setattr("footfall.store.export._ROWS", 500)
    file = io.BytesIO()
    write_parquet(some(count), file)
    found = pq.read_table(io.BytesIO(file.getvalue())).to_pylist()
    assert len(found) == count
    for row, total in zip(found, some(count), strict=True):
        interval = total.interval()
        assert (row["camera"], row["measure"], row["begin"]) == (total.camera, "right", total.begin)
        assert (row["count"], row["low"], row["high"]) == (total.estimate.told, *interval)
