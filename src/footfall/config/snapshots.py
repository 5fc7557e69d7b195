"""Which cameras give pictures to learn from, with whose consent, and how many (spec/operations.md section 3)."""

from __future__ import annotations

from typing import Final

from footfall.config.environment import Settings
from footfall.config.plan import Cut, SnapshotSpec
from footfall.config.section import Section

_SWITCH: Final = "ENABLE_PERSONATTRIBUTES_TRAININGIMAGECOLLECTION"
_LONGEST_CONSENT: Final = 2000


def read_snapshots(parameters: Section, settings: Settings) -> list[SnapshotSpec]:
    """Of a camera of the original's dialects: nothing is taken before the environment says who has consented."""
    entry = parameters.get(_SWITCH)
    if not parameters.boolean(_SWITCH, default=False) or entry is None:
        return []
    said = settings.snapshots_project, settings.snapshots_consent, settings.snapshots_given_by
    if not all(said):
        what = "no pictures are taken to learn from: nobody has consented; the rest runs"
        cure = "set FOOTFALL_SNAPSHOTS_PROJECT, FOOTFALL_SNAPSHOTS_CONSENT and FOOTFALL_SNAPSHOTS_GIVEN_BY"
        parameters.document.warn(entry.path, what, cure)
        return []
    return [SnapshotSpec(*said)]


def own_snapshots(camera: Section) -> list[SnapshotSpec]:
    """Of a camera of footfall.yaml: `snapshots: {project: coats, consent: "…", given_by: A. Meier}`."""
    entry = camera.get("snapshots")
    if entry is None or entry.value is None or entry.value is False:
        return []
    section = camera.section("snapshots")
    if section is None:
        return []
    default = SnapshotSpec("", "", "")
    spec = SnapshotSpec(
        project=section.text("project").strip(),
        consent=section.text("consent").strip()[:_LONGEST_CONSENT],
        given_by=section.text("given_by").strip(),
        cut=section.choice("of", options={cut.value: cut for cut in Cut}, default=default.cut),
        every_s=section.number("every", default=default.every_s, low=1, high=86_400),
        a_day=section.integer("a_day", default=default.a_day, low=1, high=10_000),
        in_all=section.integer("in_all", default=default.in_all, low=1, high=100_000),
        days=section.integer("days", default=default.days, low=1, high=365),
    )
    section.finish()
    missing = [name for name in ("project", "consent", "given_by") if not getattr(spec, name)]
    if missing:
        what = f"{' and '.join(missing)} missing: no picture is taken without consent"
        cure = "name the project, what was agreed with those who are filmed, and who has consented"
        section.document.error(section.path, what, cure)
        return []
    return [spec]
