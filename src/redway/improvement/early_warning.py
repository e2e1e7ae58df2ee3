"""The model that is used: learned for one date, written to a file, and asked about schools.

    model = learn_for(bench, date(2017, 9, 1))
    answer = score(bench.panel.rows, model)
    answer.schools[0].contributions

A score says where to look first. It is the chance, among schools like this one in the years learned from, of
what the question asks; it predicts no inspection.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib import resources
from typing import Any

import numpy as np

from redway.core.errors import NotFound
from redway.improvement.additive_model import AdditiveModel
from redway.improvement.calibration import Calibration
from redway.improvement.contenders import MODEL
from redway.improvement.design import Column, Recipe
from redway.improvement.errors import Hindsight
from redway.improvement.features import LIKE, SCHOOL
from redway.improvement.frameworks import one_mapping
from redway.improvement.questions import Question
from redway.improvement.terms import Window, months_between, window_from
from redway.improvement.training import MAPPING, Settings
from redway.improvement.workbench import Workbench

FORMAT = 1


@dataclass(frozen=True)
class EarlyWarningModel:
    """What was learned for a decision date and nothing of any school.

    ``mapping`` names the decision about frameworks under which the answers were put together.
    """

    question: Question
    decision: date
    window: Window
    settings: Settings
    mapping: str
    recipe: Recipe
    model: AdditiveModel
    calibration: Calibration
    trained_rows: int
    trained_events: int
    trained_until: date

    @property
    def version(self) -> str:
        """The question and the day it was learned for: 'A-2017-09-01'."""
        return f"{self.question.value}-{self.decision.isoformat()}"

    def asked_on(self, day: date) -> EarlyWarningModel:
        """The same model asked about the window that starts on another day.

        Raises Hindsight for a day before the one it was learned for, for it knows what happened since, and
        GradesNotComparable for a window under a framework whose grades its mapping does not cover.
        """
        if day < self.decision:
            raise Hindsight(
                f"The model was learned for {self.decision} and knows what happened after {day}.",
                "Learn one for that day, or leave out --model.",
            )
        length = months_between(self.window)
        window = window_from(day, length, date.max)
        one_mapping((window.start, window.end), self.mapping)
        return replace(self, window=window)

    def to_json(self) -> str:
        """The model as text, the same for the same model."""
        return json.dumps(_written(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> EarlyWarningModel:
        """Read a model back. Raises NotFound when the text is none, or of another format."""
        try:
            held = json.loads(text)
            if held.get("format") != FORMAT:
                raise KeyError("format")
            return _read(held)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise NotFound(
                f"This is no model of early warning that can be read ({error}).",
                "Learn it again with: redway early-warning train",
            ) from None


def learn_for(
    bench: Workbench, decision: date, question: Question = Question.FELL, months: int = 12
) -> EarlyWarningModel:
    """Learn the shown model for a date.

    Raises NotEnoughData when too few windows had closed, GradesNotComparable when the window lies under a
    framework whose grades the mapping does not cover.
    """
    ahead = bench.window_ahead(decision, months)
    one_mapping((ahead.start, ahead.end), MAPPING)
    trial = bench.learn(question, MODEL, decision, months)
    assert trial.model is not None
    assert trial.recipe is not None
    rows = bench.training(question, decision)
    return EarlyWarningModel(
        question,
        decision,
        ahead,
        bench.settings,
        MAPPING,
        trial.recipe,
        trial.model,
        trial.calibration,
        sum(frame.height for frame, _ in rows.frames),
        int(rows.answers.sum()),
        max(window.end for _, window in rows.frames),
    )


def bundled_model(name: str = "national-2017") -> EarlyWarningModel:
    """A model that comes with Redway, learned from the national open data up to a date in its name.

    For authorities that do not hold the national files: a few authorities are too few to learn from.
    Raises NotFound for another name.
    """
    file = resources.files("redway.improvement") / "models" / f"{name}.json"
    if not file.is_file():
        raise NotFound(f"There is no model '{name}' in this version.", "There is 'national-2017'.")
    return EarlyWarningModel.from_json(file.read_text(encoding="utf-8"))


def _written(model: EarlyWarningModel) -> dict[str, Any]:
    inner = model.model
    return {
        "format": FORMAT,
        "question": model.question.value,
        "decision": model.decision.isoformat(),
        "window": [model.window.start.isoformat(), model.window.end.isoformat()],
        "settings": asdict(model.settings),
        "mapping": model.mapping,
        "features": [feature.name for feature in model.recipe.features],
        "record": model.recipe.record,
        "history": model.recipe.history,
        "years": list(model.recipe.years),
        "columns": [asdict(column) for column in inner.columns],
        "intercept": inner.intercept,
        "coefficients": inner.coefficients.tolist(),
        # Six digits of a standard error are more than anyone shows, and keep the file small.
        "covariance": [
            float(f"{each:.6g}") for each in inner.covariance[np.tril_indices(len(inner.covariance))]
        ],
        "calibration": asdict(model.calibration),
        "trained_rows": model.trained_rows,
        "trained_events": model.trained_events,
        "trained_until": model.trained_until.isoformat(),
    }


def _read(held: Mapping[str, Any]) -> EarlyWarningModel:
    known = {feature.name: feature for feature in (*LIKE, *SCHOOL)}
    size = len(held["coefficients"]) + 1
    covariance = np.zeros((size, size))
    covariance[np.tril_indices(size)] = held["covariance"]
    covariance += np.tril(covariance, -1).T
    start, end = (date.fromisoformat(day) for day in held["window"])
    return EarlyWarningModel(
        Question(held["question"]),
        date.fromisoformat(held["decision"]),
        Window(start, end),
        Settings(**held["settings"]),
        held["mapping"],
        Recipe(
            tuple(known[name] for name in held["features"]),
            held["record"],
            held["history"],
            tuple(held["years"]),
        ),
        AdditiveModel(
            tuple(Column(**column) for column in held["columns"]),
            held["intercept"],
            np.array(held["coefficients"]),
            covariance,
        ),
        Calibration(**held["calibration"]),
        held["trained_rows"],
        held["trained_events"],
        date.fromisoformat(held["trained_until"]),
    )
