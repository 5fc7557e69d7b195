"""Custom Vision in a few words, for tests of the web: projects by name, what was taken, models that are names."""

from dataclasses import dataclass, field, replace
from pathlib import PurePath

from footfall.config.plan import GraphPlan
from footfall.web.desk import Unknown
from footfall.web.security_refusals import Refused
from footfall.web.studio import Compared, NamedModel, TagCompared, Taken

PROJECT = "11111111-1111-4111-8111-111111111111"
ITERATION = "22222222-2222-4222-8222-222222222222"
ROWS = (TagCompared("coat:blue", 4, 2, 4, 2, 0), TagCompared(None, 4, 2, 4, 2, 0))


@dataclass
class SmallStudio:
    projects: set[str] = field(default_factory=lambda: {"coats"})
    erased: list[tuple[str, str]] = field(default_factory=list)
    state: str = "on"
    comparisons: dict[str, Compared] = field(default_factory=dict)

    def has_project(self, name: str) -> bool:
        return name in self.projects

    def taken(self, plan: GraphPlan) -> Taken:
        assert plan.snapshots is not None
        return Taken(self.state, f"pictures are kept for {plan.snapshots.project}", 3, 7, 5)

    def erase(self, plan: GraphPlan, author: str) -> int:
        self.erased.append((plan.id, author))
        return 5

    def model(self, name: str) -> NamedModel:
        if PurePath(name).stem == ITERATION:
            return NamedModel("coats: Iteration 2", PROJECT, ITERATION)
        return NamedModel(PurePath(name).name)

    def take(self, project: str, iteration: str) -> str:
        if (project, iteration) != (PROJECT, ITERATION):
            raise Unknown(f"there is no iteration {iteration}")
        return f"/data/trained/{iteration}.zip"

    def compare(self, project: str, iteration: str, model: str) -> Compared:
        if any(one.state == "running" for one in self.comparisons.values()):
            raise Refused(409, "busy", "another comparison runs")
        found = Compared(f"c{len(self.comparisons)}", "running", "", self.model(model).words, "Iteration 2", 0, 4)
        self.comparisons[found.id] = found
        return found

    def comparison(self, comparison_id: str) -> Compared:
        if comparison_id not in self.comparisons:
            raise Unknown("there is no such comparison")
        return self.comparisons[comparison_id]

    def end_comparison(self, comparison_id: str) -> None:
        self.comparison(comparison_id)
        del self.comparisons[comparison_id]

    def finish(self, comparison_id: str) -> None:
        found = self.comparisons[comparison_id]
        self.comparisons[comparison_id] = replace(found, state="done", done=4, is_unseen=True, tags=ROWS)
