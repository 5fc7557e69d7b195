"""What a client is owed, told as conversations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.topics import Identity
from footfall.hub.sessions import LONGEST_LINE, MOST_FILTERS, WINDOW, WINDOW_BYTES, Owed, Session
from footfall.hub.wire import LARGEST_BODY, REFUSED, Decoder, Publish

MODULE = Identity("dev1", "mod1")
INPUTS = "devices/dev1/modules/mod1/inputs/#"
HELLO = b"\x10\x0d\0\4MQTT\4\2\0\0\0\1c"


def owed(number: int, name: str = "in", until_s: float = 1e12, size: int = 1) -> Owed:
    return Owed(number, name, f"n={number}", b"x" * size, until_s)


def session(*numbers: int, qos: int = 1) -> Session:
    """A client that listens to its inputs; what was owed has been read from the disk."""
    result = Session(MODULE)
    result.subscribe(INPUTS, qos)
    result.is_behind = False
    for number in numbers:
        result.offer(owed(number))
    return result


def sent(data: Session, now_s: float = 0.0) -> list[tuple[str, int, bool]]:
    """Bag, packet id and DUP of what goes out."""
    out = []
    for packet, _ in data.due(now_s):
        decoder = Decoder()
        list(decoder.feed(HELLO))
        [read] = decoder.feed(packet)
        assert isinstance(read, Publish)
        out.append((read.topic.rpartition("/")[2], read.packet_id, bool(packet[0] & 8)))
    return out


def test_messages_go_out_once_and_in_order():
    client = session(1, 2, 3)
    assert sent(client) == [("n=1", 1, False), ("n=2", 2, False), ("n=3", 3, False)]
    assert sent(client) == []


def test_a_broken_connection_sends_again_what_was_not_confirmed():
    client = session(1, 2, 3)
    sent(client)
    assert client.confirmed(2) == owed(2)
    assert client.confirmed(2) is None
    client.resume()
    client.is_behind = False
    client.offer(owed(4))
    assert sent(client) == [("n=1", 1, True), ("n=3", 3, True), ("n=4", 4, False)]


def test_what_is_under_way_is_not_read_from_the_disk_again():
    client = session(1, 2)
    sent(client)
    client.resume()
    for number in (1, 2, 3):
        client.stand_in_line(owed(number))
    assert sent(client) == [("n=1", 1, True), ("n=2", 2, True), ("n=3", 3, False)]


def test_with_qos_0_a_message_is_done_with_when_it_is_sent():
    client = session(1, qos=0)
    [(packet, done)] = client.due(0.0)
    assert packet[0] == 0x30
    assert done == owed(1)


def test_what_is_out_of_date_stays_away():
    client = session()
    for number, until_s in ((1, 10.0), (2, 30.0)):
        client.offer(owed(number, until_s=until_s))
    assert [bag for bag, *_ in sent(client, now_s=20.0)] == ["n=2"]


def test_an_input_that_nobody_listens_to_holds_nobody_up():
    client = Session(MODULE)
    client.subscribe("devices/dev1/modules/mod1/inputs/a/#", 1)
    client.is_behind = False
    for number, name in ((1, "b"), (2, "a")):
        client.offer(owed(number, name))
    assert [bag for bag, *_ in sent(client)] == ["n=2"]
    client.subscribe(INPUTS, 1)
    assert client.is_behind, "the disk is asked again"
    assert client.read_until == 0


def test_a_new_subscription_does_not_send_twice_what_waits_for_its_confirmation():
    client = session(1)
    sent(client)
    client.subscribe("devices/dev1/modules/mod1/#", 1)
    client.stand_in_line(owed(1))
    assert sent(client) == []


def test_a_window_of_messages_is_under_way():
    client = session(*range(1, LONGEST_LINE + 1))
    assert len(sent(client)) == WINDOW
    client.confirmed(5)
    client.offer(owed(LONGEST_LINE + 1))
    assert [packet_id for _, packet_id, _ in sent(client)] == [WINDOW + 1]


def test_large_messages_have_a_smaller_window():
    client = session()
    for number in range(1, 21):
        client.offer(owed(number, size=LARGEST_BODY))
    assert len(sent(client)) == WINDOW_BYTES // LARGEST_BODY - 1, "the bags count too"
    client.confirmed(1)
    assert [bag for bag, *_ in sent(client)] == ["n=16"]


def test_a_line_that_is_full_goes_on_from_the_disk():
    client = session(*range(1, LONGEST_LINE + 5))
    assert client.is_behind
    assert client.read_until == LONGEST_LINE
    client.offer(owed(LONGEST_LINE + 9))
    assert client.read_until == LONGEST_LINE, "order is kept: what came in between is on the disk"


def test_a_message_that_was_read_from_the_disk_is_not_taken_twice():
    client = session()
    client.stand_in_line(owed(7))
    client.offer(owed(7))
    assert len(sent(client)) == 1


def test_packet_ids_go_round_past_those_in_use():
    client = session(1)
    sent(client)
    client._last_id = 65_534
    client.offer(owed(2))
    client.offer(owed(3))
    assert [packet_id for _, packet_id, _ in sent(client)] == [65_535, 2]


def test_a_clean_start_forgets_subscriptions_but_no_message():
    client = session(1)
    sent(client)
    client.restore({})
    assert client.subscriptions == {}
    client.resume()
    assert sent(client) == []
    client.subscribe(INPUTS, 1)
    client.stand_in_line(owed(1))
    assert sent(client) == [("n=1", 2, False)]


@pytest.mark.parametrize(
    ("pattern", "qos", "code"),
    [(INPUTS, 0, 0), (INPUTS, 1, 1), (INPUTS, 2, 1), ("a#", 1, REFUSED), ("", 1, REFUSED)],
)
def test_subscriptions(pattern, qos, code):
    client = Session(MODULE)
    assert client.subscribe(pattern, qos) == code
    assert (pattern in client.subscriptions) is (code != REFUSED)


def test_subscriptions_are_bounded():
    client = Session(MODULE)
    codes = [client.subscribe(f"t/{number}", 1) for number in range(MOST_FILTERS + 1)]
    assert codes == [1] * MOST_FILTERS + [REFUSED]
    assert client.subscribe("t/0", 0) == 0, "a known one may change"


def test_the_best_subscription_counts_and_may_be_given_up():
    client = Session(MODULE)
    client.subscribe("devices/#", 0)
    client.subscribe(INPUTS, 1)
    assert client.qos_of("devices/dev1/modules/mod1/inputs/in/") == 1
    client.unsubscribe(INPUTS)
    client.unsubscribe("never/asked/for")
    assert client.qos_of("devices/dev1/modules/mod1/inputs/in/") == 0
    assert client.qos_of("$iothub/twin/res/200") is None


def test_many_names_of_inputs_fill_no_memory():
    client = session()
    for number in range(3000):
        assert client.wants(f"input{number}")
    assert len(client._granted) <= 1002


events = st.lists(st.sampled_from(["new", "send", "confirm", "break", "read"]), max_size=80)


@given(events)
def test_every_message_arrives_and_none_is_sent_twice_on_one_connection(steps):
    """A disk, a client that confirms now and then, and connections that break."""
    client, disk, here, arrived, last = session(), {}, set(), set(), 0
    for step in [*steps, "break", "read", "send"]:
        match step:
            case "new":
                last += 1
                disk[last] = owed(last)
                client.offer(disk[last])
            case "send":
                for packet, _ in client.due(0.0):
                    number = int(packet.rpartition(b"n=")[2][: -3 if packet[0] & 2 else -1].decode())
                    assert number not in here
                    here.add(number)
                    arrived.add(number)
            case "confirm" if client._under_way:
                done = client.confirmed(min(client._under_way))
                assert done is not None
                del disk[done.number]
            case "break":
                here.clear()
                client.resume()
            case "read" if client.is_behind:
                for number in sorted(disk):
                    if number > client.read_until:
                        client.stand_in_line(disk[number])
                client.is_behind = False
    assert arrived == set(range(1, last + 1))
