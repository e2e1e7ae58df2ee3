"""The tables of early warning and of schools causing concern: each is shown on a page and can be taken
away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from scipy.special import expit

from redway.core.words import counted, day_in_words
from redway.figures.table import Column, Kind, Row, Table
from redway.improvement.concern_categories import CategoryList
from redway.improvement.contenders import INTAKE_ONLY, MODEL
from redway.improvement.kept_scores import KeptContribution, KeptEvaluation, KeptSchool, KeptScores
from redway.improvement.made_of import Step, chance_words, steps
from redway.improvement.soft_intelligence import SoftIntelligence, counted_in_words
from redway.improvement.statutory_triggers import Standing, Verdict, to_notice
from redway.improvement.triage import Outcome
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.improvement.models import Concern, ScoreSet, TriageDecision
from redway.web.improvement.triage import WHY, Sides
from redway.web.register.models import Authority, School

_NAME, _URN = Column("school", "School"), Column("urn", "URN")
LARGE = 0.1
"""What adds less to the log-odds than this, a tenth of the odds, stands folded away."""


def list_view(held: ScoreSet, scores: KeptScores, authority: Authority, query: QueryDict) -> TableView:
    """Every scored school, highest first. Chances only where they may be shown."""
    hidden = scores.evaluation is None or scores.evaluation.probabilities_hidden
    rows: list[Row] = [
        {
            "place": one.place,
            "range": one.places_in_words,
            "school": one.name,
            "phase": one.phase.capitalize(),
            "band": one.band.capitalize(),
            "chance": 100 * one.chance,
            "lower": 100 * one.lower,
            "upper": 100 * one.upper,
            "because": one.reasons,
            "grade": one.last_grade,
            "inspected": one.last_inspected,
            "rank": one.rank,
            "urn": one.urn,
        }
        for one in scores.schools
    ]
    size = scores.schools[0].of if scores.schools else 0
    chances = (
        Column("chance", "Chance", Kind.PERCENT, 0),
        Column("lower", "95% from", Kind.PERCENT, 0),
        Column("upper", "95% to", Kind.PERCENT, 0),
    )
    columns = (
        _NAME,
        Column("place", "Place", Kind.NUMBER),
        Column("range", "Place could be"),
        Column("phase", "Phase"),
        *(() if hidden else chances),
        Column("band", f"Band {scores.among}"),
        Column("because", "Mostly because of"),
        Column("grade", "Last grade"),
        Column("inspected", "Inspected", Kind.DATE),
        Column("rank", f"Rank of {size:,} {scores.among}", Kind.NUMBER),
        _URN,
    )
    notes = [
        f"The chance that a school like this is {scores.asked}.",
        "It says where to look first and does not predict Ofsted.",
        f"As at {day_in_words(scores.decision)}; model {scores.model_version}; set {held.number}.",
    ]
    shown = ("place", "range", "school", "phase", "chance", "lower", "upper", "band", "because")
    return TableView(
        Table(f"Where to look first in {authority.name}", columns, rows, notes),
        TableState.read(query),
        _base("improvement:list_table", held.pk),
        links={"school": _school_link},
        first_shown=shown,
    )


def made_of_views(
    scores: KeptScores, school: KeptSchool, query: QueryDict, *, hidden: bool
) -> tuple[TableView, TableView]:
    """What makes up a score: its large figures between the chance it begins with and its own, and the rest.

    ``hidden``: chances may not be shown, and each figure says its part in what moves the score instead.
    """
    walk = steps(school)
    large = [one for one in walk if abs(one.figure.adds) > LARGE]
    rest = [one for one in walk if abs(one.figure.adds) <= LARGE]
    chance = "" if hidden else chance_words(school.chance)
    begun = "" if hidden else chance_words(expit(school.base))
    together = KeptContribution("", "", "", sum(one.figure.adds for one in rest), None)
    share = sum(one.share for one in rest)
    rows: list[Row] = [
        {"figure": "Before anything of the school is known", "adds": begun},
        *(_step_row(one, hidden=hidden) for one in large),
    ]
    if rest:
        both = Step(together, rest[0].before, rest[-1].after, share)
        count = counted(len(rest), "other figure")
        rows.append({"figure": f"{count} together, below", "adds": _adds(both, hidden=hidden)})
    rows.append({"figure": "This school", "adds": chance})
    if hidden:
        rows = rows[1:-1]
    how = (
        "Each figure takes the chance on from where the one before it left it, the largest first, so the "
        "lines add up to the chance of the school. A figure that is about the same as elsewhere can still "
        "lie a little to one side."
    )
    stands_on = (
        f"Model {scores.model_version}: it begins with log-odds of {school.base:.2f}, adds what each figure "
        "adds, and makes a chance of the sum. The files it stands on are named at the foot of the page."
    )
    notes = [how, stands_on]
    if hidden:
        notes = [f"Model {scores.model_version}. Chances are hidden, so each figure says its part instead."]
    made_of = Table("What makes up this score", _STEPS, rows, notes)
    others = Table(
        "Everything else that was looked at", _STEPS, [_step_row(one, hidden=hidden) for one in rest]
    )
    return TableView(made_of, TableState.read(query, "made"), nothing=" "), TableView(
        others, TableState.read(query, "rest")
    )


_STEPS = (
    Column("figure", "Figure"),
    Column("value", "Value"),
    Column("beside", "Beside"),
    Column("public", "Public", Kind.DATE),
    Column("adds", "Chance"),
)


def _step_row(step: Step, *, hidden: bool) -> Row:
    level, beside = step.figure.level_and_beside
    return {
        "figure": step.figure.words[:1].upper() + step.figure.words[1:],
        "value": level[:1].upper() + level[1:],
        "beside": beside,
        "public": step.figure.public_from,
        "adds": _adds(step, hidden=hidden),
    }


def _adds(step: Step, *, hidden: bool) -> str:
    return step.words_without_chances if hidden else step.words


def baselines_view(evaluation: KeptEvaluation, held: ScoreSet, query: QueryDict) -> TableView:
    """Each way of scoring beside the others on one date."""
    rows: list[Row] = [
        {
            "way": "The score that is shown" if row["code"] == MODEL.code else str(row["words"]).capitalize(),
            "auc": row["auc"]["value"],
            "auc_range": f"{row['auc']['lower']:.3f} to {row['auc']['upper']:.3f}",
            "recall10": 100 * row["recall"]["0.1"]["value"],
            "recall20": 100 * row["recall"]["0.2"]["value"],
            "recall20_range": f"{row['recall']['0.2']['lower']:.0%} to {row['recall']['0.2']['upper']:.0%}",
            "precision10": 100 * row["precision"]["0.1"]["value"],
            "precision20": 100 * row["precision"]["0.2"]["value"],
            "visits": 100 * row["visits_recall"]["value"],
            "visits_right": 100 * row["visits_precision"]["value"],
            "slope": row["calibration"]["slope"] if row["calibration"] else None,
            "lead": row["lead_terms"],
            "code": row["code"],
        }
        for row in evaluation.rows
    ]
    columns = (
        Column("way", "Way of scoring"),
        Column("auc", "AUC", Kind.NUMBER, 3),
        Column("auc_range", "95%"),
        Column("recall10", "Falls in the top 10%", Kind.PERCENT, 0),
        Column("recall20", "Falls in the top 20%", Kind.PERCENT, 0),
        Column("recall20_range", "95%"),
        Column("precision10", "Of the top 10%, fell", Kind.PERCENT, 0),
        Column("precision20", "Of the top 20%, fell", Kind.PERCENT, 0),
        Column("visits", "Falls found by 12 visits", Kind.PERCENT, 0),
        Column("visits_right", "Visits that found one", Kind.PERCENT, 0),
        Column("slope", "Calibration slope", Kind.NUMBER, 2),
        Column("lead", "Terms ahead", Kind.NUMBER, 1),
    )
    marked = {MODEL.code, INTAKE_ONLY.code}
    return TableView(
        Table(f"Beside simpler ways, {day_in_words(evaluation.decision)}", columns, rows),
        TableState.read(query, "ways"),
        _base("improvement:evidence_table", held.pk),
        highlight=lambda row: row["code"] in marked,
        nothing="-",
        wide=True,
    )


def fairness_view(evaluation: KeptEvaluation) -> TableView:
    """Whom false alarms of the score fall on: of schools that did not fall, the share at the top."""
    line = evaluation.line(MODEL.code)
    groups = [(_fifth(row["group"]), row) for row in line["by_deprivation"]]
    groups += [(str(row["group"]).capitalize(), row) for row in line["by_phase"]]
    rows: list[Row] = [
        {
            "group": name,
            "schools": row["schools"],
            "fell": row["fell"],
            "top10": 100 * row["false_alarms"]["0.1"],
            "top20": 100 * row["false_alarms"]["0.2"],
        }
        for name, row in groups
    ]
    columns = (
        Column("group", "Schools"),
        Column("schools", "How many", Kind.NUMBER),
        Column("fell", "Fell", Kind.NUMBER),
        Column("top10", "False alarms in the top 10%", Kind.PERCENT, 0),
        Column("top20", "False alarms in the top 20%", Kind.PERCENT, 0),
    )
    return TableView(Table("Whom false alarms fall on", columns, rows), TableState("fairness"))


def concerns_view(
    authority: Authority,
    schools: Sequence[School],
    open_ones: Mapping[str, Concern],
    known: Mapping[str, list[SoftIntelligence]],
    categories: CategoryList,
    places: Mapping[str, int],
    on: date,
    query: QueryDict,
    notice: str,
) -> TableView:
    """Schools in a category, proposed for one, or of which something is known; the gravest first."""
    order = {one.key: at for at, one in enumerate(categories.categories)}
    rows: list[Row] = []
    for school in schools:
        concern, found = open_ones.get(school.key), known.get(school.key, [])
        if concern is None and not found:
            continue
        review = concern.review_on if concern else None
        rows.append(
            {
                "school": school.shown_name,
                "phase": school.phase,
                "category": concern.label if concern and concern.category else "None",
                "proposed": concern.proposed_label if concern else "",
                "known": counted_in_words(found) if found else "",
                "review": review,
                "late": "Overdue" if review and review < on else "",
                "place": places.get(school.key),
                "urn": school.current_urn,
                "order": order.get(concern.category, -1) if concern else -1,
            }
        )
    rows.sort(key=lambda row: (-int(str(row["order"])), str(row["school"])))
    columns = (
        _NAME,
        Column("phase", "Phase"),
        Column("category", "Category"),
        Column("proposed", "Proposed"),
        Column("known", "What counts now"),
        Column("review", "Looked at again by", Kind.DATE),
        Column("late", "Review"),
        Column("place", "Place on the list of early warning", Kind.NUMBER),
        _URN,
    )

    def link(row: Row) -> str:
        return reverse("improvement:concern", args=[row["urn"]])

    return TableView(
        Table(
            f"Schools causing concern in {authority.name}",
            columns,
            rows,
            ["A school without a place has no score.", *([notice] if notice else [])],
        ),
        TableState.read(query),
        _base("improvement:concerns_table", authority.number),
        links={"school": link},
        first_shown=("school", "category", "proposed", "known", "review", "late", "place"),
        nothing=" ",
    )


def triggers_view(
    authority: Authority,
    schools: Sequence[School],
    verdicts: Mapping[str, Sequence[Verdict]],
    on: date,
    query: QueryDict,
) -> TableView:
    """Every school that meets an official rule, or meets it as far as is known."""
    rows: list[Row] = [
        {
            "school": school.shown_name,
            "phase": school.phase,
            "rule": one.title,
            "standing": one.standing.value,
            "words": one.words,
            "tests": "; ".join(f"{test.words}: {test.answer} ({test.stands_on})" for test in one.tests),
            "source": "; ".join(one.sources),
            "urn": school.current_urn,
        }
        for standing in (Standing.MET, Standing.POSSIBLE)
        for school in schools
        for one in to_notice(verdicts.get(school.key, ()))
        if one.standing is standing
    ]
    columns = (
        _NAME,
        Column("phase", "Phase"),
        Column("rule", "Rule"),
        Column("standing", "Standing"),
        Column("words", "Tests"),
        Column("tests", "What each test says"),
        Column("source", "Source of the rule"),
        _URN,
    )

    def link(row: Row) -> str:
        return reverse("improvement:concern", args=[row["urn"]])

    return TableView(
        Table(f"Official triggers in {authority.name} as at {day_in_words(on)}", columns, rows),
        TableState.read(query),
        _base("improvement:triggers_table", authority.number),
        kept=[("as_at", on.isoformat())],
        links={"school": link},
        first_shown=("school", "rule", "standing", "words", "tests"),
    )


def sides_view(
    meeting_key: object,
    sides: Sides,
    names: Mapping[str, str],
    why: Mapping[str, str],
    decisions: Mapping[str, TriageDecision],
    query: QueryDict,
    notes: Sequence[str],
    *,
    visits: Mapping[str, str],
    plan: Mapping[str, str],
    edit: bool,
) -> TableView:
    """Both lists of a meeting side by side, with what was decided.

    ``visits`` says how the visit stands of each school that is to be visited, ``plan`` where it is planned.
    """
    rows: list[Row] = [
        {
            "school": names.get(school, school),
            "side": sides.agreement.side(school).value,
            "why": WHY.get(why.get(school, ""), ""),
            "system": sides.system_words(school) or "No score",
            "decision": Outcome(decisions[school].outcome).words if school in decisions else "Not decided",
            "visit": "Plan the visit" if school in plan else visits.get(school, ""),
            "reasons": decisions[school].reasons if school in decisions else "",
            "by_day": decisions[school].by_day if school in decisions else None,
            "key": school,
        }
        for school in sides.schools
    ]
    columns = (
        _NAME,
        Column("side", "On whose list"),
        Column("why", "Officers: why"),
        Column("system", "System: why"),
        Column("decision", "Decision"),
        Column("visit", "Visit"),
        Column("reasons", "Reasons"),
        Column("by_day", "By", Kind.DATE),
    )

    def link(row: Row) -> str:
        return reverse("improvement:triage_decide", args=[meeting_key, row["key"]])

    return TableView(
        Table("Both lists", columns, rows, notes),
        TableState.read(query),
        _base("improvement:triage_table", meeting_key),
        links={"visit": lambda row: plan.get(str(row["key"]), "")} | ({"decision": link} if edit else {}),
    )


def unranked_view(held: ScoreSet, scores: KeptScores, authority: Authority, query: QueryDict) -> TableView:
    """The same schools by name, where no score may be shown: what is held of each, and nothing that ranks."""
    rows: list[Row] = [
        {
            "school": one.name,
            "phase": one.phase.capitalize(),
            "grade": one.last_grade,
            "inspected": one.last_inspected,
            "gaps": ", ".join(one.gaps),
            "urn": one.urn,
        }
        for one in sorted(scores.schools, key=lambda one: one.name)
    ]
    columns = (
        _NAME,
        Column("phase", "Phase"),
        Column("grade", "Last grade"),
        Column("inspected", "Inspected", Kind.DATE),
        Column("gaps", "Not held"),
        _URN,
    )
    notes = [f"As at {day_in_words(scores.decision)}. No score is shown: {scores.killed_because}"]
    return TableView(
        Table(f"Schools of {authority.name}", columns, rows, notes),
        TableState.read(query),
        _base("improvement:list_table", held.pk),
        links={"school": _school_link},
    )


def _fifth(group: str) -> str:
    return {
        "1": "Most deprived fifth (free school meals)",
        "2": "Second fifth",
        "3": "Third fifth",
        "4": "Fourth fifth",
        "5": "Least deprived fifth",
    }.get(group, "Free school meals not held")


def _school_link(row: Row) -> str:
    return reverse("improvement:school", args=[row["urn"]])


def _base(name: str, key: object) -> str:
    """Address of a table without its extension."""
    return reverse(name, args=[key, "csv"]).removesuffix(".csv")
