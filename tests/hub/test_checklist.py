"""The checklist of the edge hub (spec/iot.md sections 11 and 13): where every item of it is tested."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STEPS = tuple(
    f"test_sdk.py::test_step_{step}"
    for step in (
        "1_a_module_connects",
        "2_handlers_subscribe",
        "3_the_twin_is_answered",
        "4_properties_are_reported",
        "5_a_message_is_confirmed_and_kept",
        "6_a_method_is_called_and_answered",
        "7_desired_properties_arrive_as_a_patch",
        "8_a_message_reaches_an_input",
        "9_a_module_calls_another",
        "10_a_quiet_connection_is_kept_alive",
        "11_a_wrong_key_is_refused",
        "12_a_hub_with_another_authority_is_not_trusted",
        "13_a_module_says_goodbye",
    )
)
CHECKLIST = {
    "real Python module client, rows 1 to 13": STEPS,
    "two modules at once": (
        "test_sdk.py::test_two_modules_at_once_hear_only_what_is_theirs",
        "test_sdk.py::test_methods_in_both_modules_run_side_by_side",
    ),
    "reconnect after hub restart, session kept": (
        "test_sdk.py::test_after_a_restart_of_the_hub_the_session_goes_on",
        "test_mqtt.py::test_a_session_outlives_the_hub",
    ),
    "token expiry: server closes, SDK renews": (
        "test_mqtt.py::test_the_connection_ends_with_its_token",
        "test_sdk.py::test_a_token_that_ends_is_renewed_without_losing_anything",
    ),
    "256 KiB message and one byte more": (
        "test_mqtt.py::test_the_largest_message_and_one_byte_more",
        "test_sdk.py::test_256_kib_pass_and_one_byte_more_does_not",
    ),
    "method timeout 504 and late reply dropped": (
        "test_sdk.py::test_a_method_without_answer_ends_with_504_and_a_late_answer_is_dropped",
        "test_calls.py::test_a_late_answer_is_dropped_and_the_next_call_is_not_confused",
    ),
    "bag with / & = % blank Unicode and empty value": ("test_sdk.py::test_odd_properties_arrive_as_they_were",),
    "desired patch while offline": (
        "test_sdk.py::test_what_happens_while_a_module_is_away_waits_for_it",
        "test_mqtt.py::test_desired_properties_that_changed_meanwhile_are_in_the_twin",
    ),
    "route conditions incl. $body": (
        "test_routes.py::test_a_condition_holds",
        "test_sdk.py::test_a_condition_on_the_body_is_kept_to",
    ),
    ".NET-style topics by a hand-made client": (
        "test_mqtt.py::test_the_net_client_hears_no_echo_and_may_end_topics_with_a_slash",
    ),
    "service SDK: method": STEPS[5:6],
    "service SDK: twin patch with stale etag": ("test_sdk.py::test_a_stale_etag_is_412",),
    "service SDK: applyConfigurationContent": ("test_sdk.py::test_a_manifest_makes_modules_and_replaces_twins",),
    "the tutorial's template deploys": ("test_content.py::test_the_tutorials_template_is_understood",),
    "ruling 1: 204 to reports, 200 to twin gets": ("test_mqtt.py::test_a_module_gets_its_twin_and_reports",),
    "ruling 2: tokens of devices, modules and policies": (
        "test_mqtt.py::test_tokens",
        "test_mqtt.py::test_a_policy_may_speak_for_a_module",
        "test_service.py::test_every_policy_may_do_what_is_its_own",
    ),
    "ruling 3: a configurable HTTPS port, 443 documented": ("test_hub_docs.py::test_the_how_to_tells_of_port_443",),
    "ruling 4: unrouted events are visible with --all": ("test_feed.py::test_the_command_shows_events",),
    "ruling 5: no echo, trailing slashes ignored": (
        "test_mqtt.py::test_the_net_client_hears_no_echo_and_may_end_topics_with_a_slash",
    ),
    "ruling 6: twins, versions and messages in SQLite": ("test_mqtt.py::test_a_session_outlives_the_hub",),
}


@pytest.mark.parametrize("item", CHECKLIST)
def test_every_item_has_its_tests(item: str) -> None:
    for place in CHECKLIST[item]:
        file, _, name = place.partition("::")
        tests = {node.name for node in ast.parse((HERE / file).read_text()).body if isinstance(node, ast.FunctionDef)}
        assert name in tests
