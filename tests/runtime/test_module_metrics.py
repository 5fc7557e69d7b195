"""Health events as figures."""

from __future__ import annotations

from footfall.runtime.module_health import HealthEvent
from footfall.runtime.module_metrics import HealthFigures


def test_events_are_counted_and_rates_are_kept() -> None:
    figures = HealthFigures()
    assert figures.render() == ""
    for event in (
        HealthEvent("archon_allGraphsStarted"),
        HealthEvent("archon_graphHeartbeat", "g/a", {"state": "running"}),
        HealthEvent("archon_graphHeartbeat", "g/a", {"state": "running"}),
        HealthEvent("archon_graphHeartbeat", 'g/"b"', {"state": "running"}),
        HealthEvent("InputRate", "g/a", {"rate": 15.0}),
        HealthEvent("InputRate", "g/a", {"rate": 14.5}),
    ):
        figures.count(event)
    assert figures.render().splitlines() == [
        "# TYPE archon_all_graphs_started counter",
        "archon_all_graphs_started 1",
        "# TYPE archon_graph_heartbeat counter",
        'archon_graph_heartbeat{graph="g",instance="a"} 2',
        'archon_graph_heartbeat{graph="g",instance="\\"b\\""} 1',
        "# TYPE input_rate gauge",
        'input_rate{graph="g",instance="a"} 14.5',
    ]
