"""How often reservations were right: counted over schools and years, and honest about few."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.attainment.reservations import Became, Looked, Side, look_back, results_known_from, tally
from redway.attainment.target_record import Concern, Decision, Outturn, TargetRecord, Version, propose

YEAR, CHANCE = "2026-27", 8.0
IN_TIME, LATE = date(2026, 12, 1), date(2027, 7, 1)
LOW, HIGH = Concern.TOO_LOW, Concern.TOO_HIGH


def doubted(concern: Concern = LOW, outturn: float | None = None) -> TargetRecord:
    """A target of 60 agreed with reservation, and what was reached."""
    record = propose(Version(60, below_average=False))
    record = record.decide(Decision.WITH_RESERVATION, "I doubt it.", concern)
    return record if outturn is None else record.record_outturn(Outturn(outturn))


def agreed(outturn: float) -> TargetRecord:
    return propose(Version(60, below_average=False)).decide(Decision.AGREED).record_outturn(Outturn(outturn))


def looked(record: TargetRecord, on: date = IN_TIME) -> Looked:
    return look_back(record, YEAR, [on] * len(record.decisions), CHANCE)


@pytest.mark.parametrize(
    ("record", "became"),
    [
        (doubted(LOW, 75), Became.RIGHT),
        (doubted(LOW, 45), Became.WRONG),
        (doubted(HIGH, 45), Became.RIGHT),
        (doubted(LOW, 66), Became.CANNOT_TELL),
        (doubted(LOW), Became.NOT_YET),
        (doubted(LOW).revise(Version(70, False, "We can do more.")), Became.CHANGED),
    ],
)
def test_what_became_of_a_reservation(record: TargetRecord, became: Became) -> None:
    (one,) = looked(record).reservations
    assert (one.became, one.decision) == (became, Decision.WITH_RESERVATION)


def test_what_is_written_when_results_can_be_known_is_hindsight() -> None:
    assert results_known_from(YEAR) == LATE
    assert looked(doubted(LOW, 75), on=LATE).reservations[0].became is Became.HINDSIGHT


def test_a_target_not_agreed_counts_as_a_reservation_until_another_word_is_said() -> None:
    refused = propose(Version(60, False)).decide(Decision.NOT_AGREED, "Low.", LOW)
    assert looked(refused.record_outturn(Outturn(75))).reservations[0].decision is Decision.NOT_AGREED
    after = looked(refused.decide(Decision.AGREED).record_outturn(Outturn(75)))
    assert (after.reservations, after.side) == ((), Side.ABOVE)


def test_what_was_withdrawn_is_not_looked_back_on() -> None:
    assert looked(doubted().withdraw("The school closes.")) == Looked((), None)


def test_three_of_twelve_are_told_with_their_interval() -> None:
    """Wilson for 3 of 12 is 9% to 53% (school improvement, case 31)."""
    found = tally(
        [*[looked(doubted(LOW, 75))] * 3, *[looked(doubted(LOW, 45))] * 9, looked(doubted(LOW, 62))]
    )
    assert found.right.words == "3 of 12 (25%, between 9% and 53%)"
    assert "So few say nothing more: a coin could do as well." in found.sentences[1]
    assert "nobody should claim to have been right" in found.sentences[2]


def test_reservations_stand_beside_targets_agreed_without_one() -> None:
    """Outturns lie beyond chance without anybody's doubt: 2 of 10 above, 1 of 10 below."""
    others = [agreed(75)] * 2 + [agreed(45)] + [agreed(61)] * 7
    found = tally([*map(looked, others), looked(doubted(LOW, 75)), looked(doubted(LOW, 62))])
    (low, above), (high, below) = found.beside
    assert (low.count, low.of, above.count, above.of) == (1, 2, 2, 10)
    assert (high.of, below.count) == (0, 1)
    assert high.words == "Nothing to count yet"


def test_many_that_were_right_are_more_than_a_coin() -> None:
    found = tally([*[looked(doubted(LOW, 75))] * 18, *[looked(doubted(LOW, 45))] * 2])
    assert "more often than a coin" in found.sentences[1]


def test_without_any_there_is_nothing_to_say() -> None:
    assert tally([]).sentences == ("No reservation has been recorded yet.",)
    assert "can it be told yet" in tally([looked(doubted())]).sentences[1]


@given(
    st.lists(
        st.builds(
            lambda concern, outturn, on: looked(doubted(concern, outturn), on),
            st.sampled_from(Concern),
            st.none() | st.floats(0, 100),
            st.sampled_from([IN_TIME, LATE]),
        ),
        max_size=30,
    )
)
def test_every_reservation_is_counted_once(held: list[Looked]) -> None:
    found = tally(held)
    assert sum(found.counts.values()) == len(held)
    assert found.right.of == found.counts[Became.RIGHT] + found.counts[Became.WRONG]
    assert sum(ours.count for ours, _ in found.beside) == found.counts[Became.RIGHT]
