"""Responses counted by hand, and groups too small to be shown by themselves."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.funding.consultation import ConsultationRefused, QuestionKind, question
from redway.funding.consultation_groups import grouping
from redway.funding.consultation_responses import Asked, analyse
from redway.funding.forum_powers import Category, Matter, power, proceedings
from redway.funding.forum_votes import Choice, Outcome, tallies

TODAY = date(2026, 11, 24)
OPTION = question("q1", "Which option do you prefer?", QuestionKind.OPTION, ["A", "B", "C"], must=True)
WHY = question("q2", "Why?", QuestionKind.TEXT)
KEEP = question("q3", "What should be kept?", QuestionKind.SEVERAL, ["Lump sum", "Sparsity"])


def school(key: str, phase: str = "Primary", pupils: int = 200, status: str = "maintained") -> Asked:
    return Asked(key, f"School {key}", phase, status, "North", pupils)


ASKED = [
    *(school(f"p{at}") for at in range(6)),
    *(school(f"s{at}", "Secondary", 1000, "academy") for at in range(3)),
    school("x", "Special", 100),
]
RESPONSES = {
    **{f"p{at}": {"q1": "A", "q2": f"Reason {at}"} for at in range(4)},
    "s0": {"q1": "B", "q2": "Ours is small", "q3": ["Lump sum", "Sparsity"]},
    "s1": {"q1": "B", "q3": ["Lump sum"]},
}


class TestCounting:
    held = analyse([OPTION, WHY, KEEP], ASKED, RESPONSES, 3)

    def test_schools_and_pupils_that_answered(self) -> None:
        overall = self.held.overall
        assert (overall.answered, overall.asked) == (6, 10)
        # 4 x 200 + 2 x 1,000 of 6 x 200 + 3 x 1,000 + 100.
        assert (overall.pupils_answered, overall.pupils_asked) == (2800, 4300)
        assert [(one.group, one.answered, one.asked) for one in self.held.by_phase] == [
            ("Primary", 4, 6),
            ("Secondary", 2, 3),
            ("Special", 0, 1),
        ]
        assert [(one.group, one.answered) for one in self.held.by_status] == [
            ("academy", 2),
            ("maintained", 4),
        ]

    def test_a_choice_weighed_by_schools_and_by_pupils_may_lead_differently(self) -> None:
        first = self.held.questions[0]
        assert [(one.choice, one.schools, one.pupils) for one in first.counts] == [
            ("A", 4, 800),
            ("B", 2, 2000),
            ("C", 0, 0),
        ]
        assert first.leading == (
            "'A' was chosen most: 4 of 6 schools (67%), with 29% of the pupils of those that answered."
        )

    def test_several_choices_count_each(self) -> None:
        assert [one.schools for one in self.held.questions[2].counts] == [2, 1]
        assert self.held.questions[2].answered == 2

    def test_who_has_not_answered_is_known_by_name(self) -> None:
        assert [one.school for one in self.held.not_answered] == ["p4", "p5", "s2", "x"]

    def test_a_response_of_a_school_that_was_not_asked_is_refused(self) -> None:
        with pytest.raises(ConsultationRefused, match="1 response came from schools that were not asked"):
            analyse([OPTION], ASKED, {"stranger": {"q1": "A"}}, 3)

    def test_choices_chosen_equally_often_are_all_named(self) -> None:
        held = analyse([OPTION], ASKED, {"p0": {"q1": "A"}, "s0": {"q1": "B"}}, 3)
        assert held.questions[0].leading == "'A' and 'B' were chosen equally often: 1 of 2 schools each."


class TestPublished:
    held = analyse([OPTION, WHY, KEEP], ASKED, RESPONSES, 3, to_publish=True, held_back=[("p0", "q2")])

    def test_small_groups_are_put_together(self) -> None:
        # Two secondary schools answered: too few by themselves, so primary and secondary stand together.
        assert [(one.group, one.answered) for one in self.held.by_phase] == [
            ("Primary and Secondary", 6),
            ("Special", 0),
        ]
        assert list(self.held.questions[0].by_group) == ["Primary and Secondary"]

    def test_a_question_few_answered_is_not_counted(self) -> None:
        assert self.held.questions[2].counts == ()
        assert self.held.questions[2].by_group == {}

    def test_comments_name_no_school_and_what_is_held_back_is_left_out(self) -> None:
        comments = self.held.questions[1].comments
        assert [one.text for one in comments] == ["Ours is small", "Reason 1", "Reason 2", "Reason 3"]
        assert {one.school for one in comments} == {""}

    def test_nobody_is_named_as_not_having_answered(self) -> None:
        assert self.held.not_answered == ()

    @given(
        st.lists(st.sampled_from(["Primary", "Secondary", "Special", "Nursery"]), max_size=40),
        st.integers(2, 6),
    )
    def test_no_group_shown_is_small_and_together_they_are_all(self, phases: list[str], least: int) -> None:
        who = [school(str(at), phase) for at, phase in enumerate(phases)]
        names = grouping(who, lambda one: one.phase, least)
        shown = Counter(names[phase] for phase in phases) if names else Counter[str]()
        assert all(count >= least for count in shown.values())
        assert shown.total() == (len(phases) if len(phases) >= least else 0)


class TestQuestions:
    @pytest.mark.parametrize("kind", [QuestionKind.OPTION, QuestionKind.ONE, QuestionKind.SEVERAL])
    def test_a_choice_needs_two(self, kind: QuestionKind) -> None:
        with pytest.raises(ConsultationRefused, match="Too few"):
            question("q", "Which?", kind, ["only one", " "])

    def test_a_choice_is_worded_once(self) -> None:
        with pytest.raises(ConsultationRefused, match="twice"):
            question("q", "Which?", QuestionKind.ONE, ["a", "a"])

    def test_a_question_has_words(self) -> None:
        with pytest.raises(ConsultationRefused, match="no words"):
            question("q", "  ", QuestionKind.TEXT)

    def test_answers_that_cannot_be_taken(self) -> None:
        assert OPTION.answer_refusal("") != ""
        assert OPTION.answer_refusal("D") == "'D' is not one of the answers to: Which option do you prefer?"
        assert OPTION.answer_refusal(["A", "B"]).startswith("Choose one answer")
        assert OPTION.answer_refusal("A") == WHY.answer_refusal("") == WHY.answer_refusal("words") == ""
        assert KEEP.answer_refusal(["Lump sum", "Sparsity"]) == ""


MEMBERS = [
    *[Category.MAINTAINED_PRIMARY] * 4,
    *[Category.MAINTAINED_SECONDARY] * 2,
    *[Category.ACADEMY] * 8,
    Category.PRIVATE_NURSERY,
    Category.OTHER,
]


class TestVotes:
    rules = proceedings(TODAY)

    def test_primary_carries_and_secondary_does_not(self) -> None:
        votes = [
            *[(Category.MAINTAINED_PRIMARY, Choice.FOR)] * 3,
            (Category.MAINTAINED_PRIMARY, Choice.AGAINST),
            *[(Category.MAINTAINED_SECONDARY, Choice.AGAINST)] * 2,
        ]
        primary, secondary = tallies(power(Matter.DE_DELEGATION, TODAY), MEMBERS, 10, votes, self.rules)
        assert (primary.outcome, primary.words) == (Outcome.CARRIED, "3 for, 1 against: carried")
        assert (secondary.outcome, secondary.entitled) == (Outcome.LOST, 2)

    def test_an_abstention_counts_for_neither(self) -> None:
        votes = [(Category.ACADEMY, Choice.FOR), *[(Category.ACADEMY, Choice.ABSTAIN)] * 3]
        (held,) = tallies(power(Matter.GROWTH_FUND, TODAY), MEMBERS, 8, votes, self.rules)
        assert held.words == "1 for, 0 against, 3 abstained: carried"

    def test_a_tie_does_not_carry_unless_the_forum_says_so(self) -> None:
        votes = [(Category.ACADEMY, Choice.FOR), (Category.OTHER, Choice.AGAINST)]
        (held,) = tallies(power(Matter.GROWTH_FUND, TODAY), MEMBERS, 8, votes, self.rules)
        assert held.outcome is Outcome.TIED
        assert not held.carried

    def test_without_a_quorum_nothing_is_decided(self) -> None:
        votes = [(Category.ACADEMY, Choice.FOR)] * 6
        # Two fifths of 16 members are 6.4, so seven must be there.
        (held,) = tallies(power(Matter.GROWTH_FUND, TODAY), MEMBERS, 6, votes, self.rules)
        assert held.outcome is Outcome.NOT_QUORATE

    def test_nobody_voted(self) -> None:
        (held,) = tallies(power(Matter.GROWTH_FUND, TODAY), MEMBERS, 8, [], self.rules)
        assert held.outcome is Outcome.NO_VOTES

    def test_a_vote_of_somebody_without_one_is_never_counted(self) -> None:
        with pytest.raises(ConsultationRefused, match="represents other bodies"):
            tallies(
                power(Matter.FORMULA_CHANGE, TODAY), MEMBERS, 8, [(Category.OTHER, Choice.FOR)], self.rules
            )

    def test_more_votes_than_members_are_refused(self) -> None:
        with pytest.raises(ConsultationRefused, match="3 votes were cast where 2 members may vote"):
            tallies(
                power(Matter.DE_DELEGATION, TODAY),
                MEMBERS,
                8,
                [(Category.MAINTAINED_SECONDARY, Choice.FOR)] * 3,
                self.rules,
            )
