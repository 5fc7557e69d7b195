"""Group commit: batches grow under load, nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from footfall.hub.journal import Journal
from footfall.hub.log import EventLog
from footfall.hub.messages import StorageFailed
from footfall.hub.store import Change, Store, fact


@pytest.fixture
def run(tmp_path):
    def telling(story):
        async def inside():
            store, events = Store(tmp_path / "hub.sqlite"), EventLog(tmp_path / "events")
            journal = Journal(store, events)
            try:
                return await asyncio.wait_for(story(journal, store, tmp_path / "events"), 60)
            finally:
                await asyncio.wait_for(journal.close(), 60)
                events.close()
                store.close()

        return asyncio.run(inside())

    return telling


def text(folder) -> bytes:
    return (folder / "events-00000001.jsonl").read_bytes()


def test_lines_and_changes_of_a_batch_are_there_together(run):
    async def story(journal, store, folder):
        journal.log(b"1\n")
        journal.change(fact("a", "1"), fact("b", "2"))
        assert journal.waiting_bytes > 0
        assert text(folder) == b""
        await journal.sync()
        assert (text(folder), store.fact("a"), store.fact("b")) == (b"1\n", "1", "2")
        assert journal.waiting_bytes == 0

    run(story)


def test_what_comes_while_a_batch_is_written_is_the_next_batch(run):
    async def story(journal, store, folder):
        order = []
        journal.log(b"1\n")
        first = journal.settled()
        first.add_done_callback(lambda _: order.append(1))
        while journal.settled() is first:
            await asyncio.sleep(0)
        for number in range(2, 1000):
            journal.log(b"%d\n" % number)
        second = journal.settled()
        second.add_done_callback(lambda _: order.append(2))
        await second
        await asyncio.sleep(0)
        assert order == [1, 2]
        assert text(folder).split() == [b"%d" % number for number in range(1, 1000)]

    run(story)


def test_a_watcher_hears_of_new_lines_only(run):
    async def story(journal, store, folder):
        written = journal.written
        journal.change(fact("a", "1"))
        await journal.sync()
        assert not written.is_set()
        journal.log(b"1\n")
        await asyncio.wait_for(written.wait(), 60)
        assert text(folder) == b"1\n"
        assert not journal.written.is_set()

    run(story)


def test_a_change_that_fails_takes_its_batch_with_it_and_no_other(run):
    async def story(journal, store, folder):
        journal.change(fact("a", "1"), Change("INSERT INTO nowhere VALUES (?)", ("x",)))
        journal.log(b"1\n")
        with pytest.raises(StorageFailed):
            await journal.sync()
        assert (store.fact("a"), text(folder)) == (None, b"")
        journal.change(fact("a", "2"))
        await journal.sync()
        assert store.fact("a") == "2"

    run(story)


def test_a_mistake_in_the_program_keeps_nobody_waiting(tmp_path):
    async def story():
        store, events = Store(tmp_path / "hub.sqlite"), EventLog(tmp_path / "events")
        journal = Journal(store, events)
        journal.log("no bytes\n")
        for _ in range(2):
            with pytest.raises(StorageFailed, match="stopped"):
                await asyncio.wait_for(journal.sync(), 60)
        await asyncio.wait_for(journal.stopped(), 60)
        with pytest.raises(TypeError):
            await asyncio.wait_for(journal.close(), 60)
        events.close()
        store.close()

    asyncio.run(story())


def test_whoever_waits_may_give_up(run):
    async def story(journal, store, folder):
        journal.log(b"1\n")
        impatient = asyncio.ensure_future(journal.sync())
        patient = asyncio.ensure_future(journal.sync())
        await asyncio.sleep(0)
        impatient.cancel()
        await patient
        journal.log(b"2\n")
        await journal.sync()
        assert text(folder) == b"1\n2\n"

    run(story)


def test_what_waits_is_written_at_the_end(run, tmp_path):
    async def story(journal, store, folder):
        journal.log(b"last\n")

    run(story)
    assert text(tmp_path / "events") == b"last\n"
