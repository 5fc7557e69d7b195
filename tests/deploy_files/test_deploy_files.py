"""The files that others start footfall with: they say what the code does, and give away no right that is not needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy_files.charts import Chart
from footfall.runtime.module_health import HealthEvent
from footfall.runtime.module_metrics import HealthFigures
from footfall.serve.figures import Beside, render
from footfall.spatial.occupancy import Occupancy
from servers.told_desk import ToldDesk, camera_state

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
UNIT = (DEPLOY / "systemd" / "footfall.service").read_text("utf-8")
BARE: dict[str, Any] = {}
ALL = {
    "imagePullSecrets": [{"name": "login"}],
    "persistence": {"existingClaim": "mine"},
    "environmentSecret": "cameras",
    "extraArguments": ["--store", "postgresql://db/footfall"],
    "nodeSelector": {"disk": "ssd"},
    "tolerations": [{"key": "edge", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
    "networkPolicy": {"from": [{"podSelector": {}}], "to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]},
}


def linted(tool: str, *arguments: str | Path) -> None:
    """Run a linter of the development tools."""
    path = shutil.which(tool, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if path is None and os.environ.get("CI") and tool != "systemd-analyze":
        pytest.fail(f"no {tool} here: ./dev setup")
    if path is None:
        pytest.skip(f"no {tool} here")
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_containerfile_passes_its_linter() -> None:
    linted("hadolint", DEPLOY / "Containerfile")


def test_compose_file_follows_the_compose_specification() -> None:
    linted("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_unit_is_understood_by_systemd(tmp_path: Path) -> None:
    unit = tmp_path / "footfall.service"
    unit.write_text(UNIT.replace("/opt/footfall/bin/footfall", "/bin/true"))
    linted("systemd-analyze", "verify", "--man=no", unit)


def test_image_has_two_stages_no_root_and_one_volume() -> None:
    stages = CONTAINERFILE.split("\nFROM ")
    assert len(stages) == 3
    last = stages[-1]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert re.findall(r"^VOLUME (.*)$", CONTAINERFILE, re.M) == ['["/data"]']
    assert "--require-hashes" in CONTAINERFILE
    assert "node" not in CONTAINERFILE.lower()
    assert "HEALTHCHECK" in last


def test_image_copies_only_what_is_there_and_what_is_let_in() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.M)
    sources = [name for line in copied for name in line.split()]
    let_in = {line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert set(sources) == let_in
    assert all((ROOT / name).exists() for name in sources)


def test_image_installs_versions_that_are_tested() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text("utf-8")
        return {found[1]: found[2] for found in re.finditer(r"^([a-z0-9.-]+)==(\S+)", text, re.M)}

    service, tested = pins("service.lock"), pins("dev.lock")
    assert service.items() <= tested.items()
    assert {"fastapi", "onnxruntime", "psycopg", "hatchling"} <= service.keys()
    assert not {"pytest", "playwright"} & service.keys()


def test_compose_gives_no_rights() -> None:
    (service,) = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == "10001:10001"
    assert service["volumes"] == ["data:/data"]
    assert service["ports"] == ["127.0.0.1:8971:8971"]
    assert all(name.endswith("_FILE") for name in service["environment"] if "PASSWORD" in name)
    assert "privileged" not in service


def test_unit_gives_no_rights() -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", UNIT, re.M))
    expected = {
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "LimitCORE": "0",
        "Restart": "always",
        "StateDirectory": "footfall",
        "StateDirectoryMode": "0700",
        "CapabilityBoundingSet": "",
    }
    assert expected.items() <= settings.items()


@pytest.mark.parametrize("values", [pytest.param(BARE, id="as it comes"), pytest.param(ALL, id="everything set")])
def test_chart_gives_no_rights(values: dict[str, Any]) -> None:
    pod = Chart(DEPLOY / "helm" / "footfall", "shop", **values).documents()["StatefulSet"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/data"]
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()


def test_chart_puts_values_where_they_belong() -> None:
    chart = Chart(DEPLOY / "helm" / "footfall", "shop", **ALL).documents()
    pod = chart["StatefulSet"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["args"][-2:] == ALL["extraArguments"]
    assert container["envFrom"] == [{"secretRef": {"name": "cameras"}}]
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == "mine"
    assert (pod["nodeSelector"], pod["tolerations"]) == (ALL["nodeSelector"], ALL["tolerations"])
    assert chart["NetworkPolicy"]["spec"]["egress"][-1]["to"] == ALL["networkPolicy"]["to"]
    assert "PersistentVolumeClaim" not in chart


def test_chart_as_it_comes_is_one_of_each() -> None:
    chart = Chart(DEPLOY / "helm" / "footfall", "shop").documents()
    assert set(chart) == {"StatefulSet", "Service", "PersistentVolumeClaim", "NetworkPolicy"}
    labels = chart["StatefulSet"]["spec"]["template"]["metadata"]["labels"]
    assert chart["Service"]["spec"]["selector"] == labels
    assert chart["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    claim = chart["StatefulSet"]["spec"]["template"]["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"]
    assert chart["PersistentVolumeClaim"]["metadata"]["name"] == claim == "shop-data"


def test_chart_and_package_have_one_version() -> None:
    chart = yaml.safe_load((DEPLOY / "helm" / "footfall" / "Chart.yaml").read_text("utf-8"))
    assert re.search(rf'^version = "{re.escape(chart["appVersion"])}"$', (ROOT / "pyproject.toml").read_text(), re.M)


def test_dashboard_uses_figures_that_exist() -> None:
    health = HealthFigures()
    health.count(HealthEvent("archon_exit"))
    desk = ToldDesk([camera_state("a", clock_offset_s=0.0)], {"shop": Occupancy()}, {"disk-full": ""})
    told = set(re.findall(r"^([a-z_]+)[{ ]", render(desk, Beside(health, 0.0)).decode(), re.M))
    dashboard = json.loads((DEPLOY / "grafana" / "footfall.json").read_text("utf-8"))
    targets = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = {name for text in targets for name in re.findall(r"(?:footfall|process|archon)_\w+", text)}
    assert used <= told
    shown = {name for name in told if name.startswith("footfall_")} - {"footfall_build_info"}
    assert shown <= used, "every figure of ours is on the dashboard"


def test_dashboard_panels_do_not_overlap() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "footfall.json").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
