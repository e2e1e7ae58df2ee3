"""Every page that people open, at both widths: clean for axe, nothing sticking out, light enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from journeys.conftest import NARROW, WIDE, Visitor

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]

HEAVIEST_FIRST_PAGE = 250_000
"""Bytes of everything that the first page makes a browser fetch."""

PAGES = {
    "data.officer@demo.example": [
        "/",
        "/schools/",
        "/schools/?q=milton",
        "/schools/?authority=826&phase=Secondary",
        "/schools/?q=nothing-like-it",
        "/schools/110532/",
        "/schools/110532/similar/",
        "/authorities/",
        "/authorities/826/",
        "/authorities/826/?model=2021&every=1",
        "/measures/",
        "/measures/secondary-absence/?level=authority&highlight=826",
        "/measures/ks2-reading-writing-maths/",
        "/measures/inspection-grade/",
        "/measures/secondary-absence/authority/826/2024-25/",
        "/attainment/",
        "/attainment/schools/137052/value-added/",
        "/attainment/schools/110487/value-added/?outcome=ks4-maths_points&year=together&chosen=1&pairwise=1",
        "/attainment/authorities/826/value-added/",
        "/attainment/authorities/826/value-added/?outcome=ks4-attainment8",
        "/datasets/",
        "/datasets/absence/",
        "/datasets/versions/1/",
        "/datasets/versions/1/withdraw/",
        "/datasets/upload/",
        "/datasets/timetable/ks2-provisional/",
        "/datasets/timetable/establishments/",
        "/attainment/authorities/826/targets/2026-27/",
        "/help/reading/targets/",
        "/register/localities/826/",
        "/jobs/",
        "/account/",
        "/help/",
        "/help/measures/",
        "/help/measures/attendance/",
        "/help/reading/funnels/",
        "/help/reading/missing/",
        "/help/reading/value-added/",
        "/help/reading/caterpillars/",
    ],
    "adviser@demo.example": [
        "/",
        "/improvement/support/authorities/826/",
        "/improvement/support/authorities/826/visits/",
        "/improvement/support/authorities/826/follow-up/",
        "/improvement/support/authorities/826/days/",
        "/improvement/support/authorities/826/brokering/",
        "/improvement/support/authorities/826/ledger/",
        "/improvement/support/schools/110532/",
        "/improvement/reviews/authorities/826/",
        "/improvement/reviews/authorities/826/new/",
        "/improvement/reviews/authorities/826/strategy/",
        "/improvement/reviews/authorities/826/strategy/write/",
        "/improvement/board/",
        "/improvement/board/ then More challenge in target setting",
        "/improvement/board/ then Review every school of the intensifying programme",
        "/improvement/board/ then Begin an objective",
        "/improvement/board/ then Import a plan",
        "/improvement/board/meetings/",
        "/help/work/improvement-board/",
        "/improvement/reviews/schools/110532/",
        "/attainment/authorities/826/targets/",
        "/attainment/authorities/826/targets/reservations/",
        "/attainment/schools/138439/targets/ks4-attainment8/2026-27/",
        "/attainment/schools/136468/targets/ks4-attainment8/2026-27/decide/",
        "/attainment/schools/138933/targets/ks2-maths-expected/2024-25/",
        "/attainment/schools/110532/targets/ks4-maths-grade-5/2026-27/verify/",
        "/attainment/schools/110532/targets/ks4-attainment8/2026-27/pupils/",
        "/attainment/schools/110532/tracking/",
        "/attainment/schools/110532/tracking/?subject=ks4-maths_points&group=free_school_meals.true&standing=at+risk",
        "/attainment/schools/110532/gaps/",
        "/attainment/schools/110532/target-groups/",
        "/help/reading/tracking/",
        "/help/reading/gaps/",
        "/improvement/",
        "/improvement/authorities/826/early-warning/",
        "/improvement/authorities/826/early-warning/ then How well the score did",
        "/improvement/authorities/826/early-warning/score-again/",
        "/improvement/schools/110531/",
        "/improvement/authorities/826/concerns/",
        "/improvement/schools/110532/concern/",
        "/improvement/schools/110532/concern/ then Decide on the category",
        "/improvement/schools/110532/concern/ then Withdraw",
        "/improvement/schools/110532/known/new/",
        "/improvement/schools/110532/propose/",
        "/improvement/authorities/826/triggers/?as_at=2017-09-01",
        "/improvement/authorities/826/categories/",
        "/improvement/authorities/826/categories/settle/",
        "/improvement/authorities/826/triage/",
        "/improvement/authorities/826/triage/new/",
        "/help/reading/early-warning/",
        "/help/work/schools-causing-concern/",
    ],
    "lado@demo.example": [
        "/",
        "/allegations/day/",
        "/allegations/cases/",
        "/allegations/cases/?state=all&sort=person",
        "/allegations/advice/",
        "/allegations/search/",
        "/allegations/concerns/",
        "/allegations/concerns/new/",
        "/allegations/concerns/ then Read concern",
        "/allegations/retention/",
        "/allegations/reviews/",
        "/allegations/refer/?wants=advice",
        "/allegations/settings/826/",
        "/allegations/statistics/?from=2007-07-01&to=2007-12-31",
        "/allegations/statistics/?from=2007-07-01&to=2007-12-31&publish=1",
        "/allegations/report/",
        "/allegations/report/?period=2007-07-01..2007-12-31",
        "/allegations/report/?period=other&from=1+July+2007&to=31+December+2007&publish=1",
    ],
    "named.senior.officer@demo.example": ["/allegations/statistics/", "/allegations/report/"],
    "named.senior.manager@demo.example": [
        "/",
        "/allegations/referrals/",
        "/allegations/refer/",
        "/help/work/refer-an-allegation/",
        "/help/work/designated-officer/",
        "/help/work/named-senior-officer/",
        "/help/work/officer-of-another-authority/",
    ],
    "lado.elsewhere@demo.example": ["/", "/allegations/day/", "/allegations/report/"],
    "chair.of.governors@demo.example": [
        "/",
        "/attainment/schools/110532/targets/ks4-maths-grade-5/2026-27/verify/",
        "/attainment/schools/110532/tracking/",
        "/attainment/schools/110532/target-groups/",
    ],
    "administrator@demo.example": ["/", "/people/", "/people/invite/", "/people/roles/", "/audit/"],
    "headteacher@demo.example": [
        "/",
        "/improvement/support/schools/110532/",
        "/improvement/support/schools/110532/offers/new/",
        "/improvement/reviews/",
        "/improvement/reviews/schools/110532/report-card/inclusion/judge/",
        "/help/work/support-and-visits/",
        "/help/work/reviews-and-strategy/",
        "/schools/",
        "/schools/110532/",
        "/attainment/",
        "/attainment/schools/110532/value-added/",
        "/attainment/schools/110532/targets/",
        "/attainment/schools/110532/targets/ks4-attainment8/2026-27/answer/",
        "/attainment/schools/110532/targets/ks4-attainment8/2026-27/propose/",
        "/funding/",
        "/funding/schools/110532/2025-26/",
        "/funding/schools/110532/2025-26/why/basic_entitlement_ks3/",
        "/funding/deficits/schools/110532/",
        "/funding/services/schools/110532/2026-27/",
        "/funding/services/schools/110532/2026-27/order/",
        "/improvement/",
        "/improvement/own-school/110532/",
        "/improvement/own-school/110532/answer/",
    ],
    "finance.officer@demo.example": [
        "/",
        "/schools/110532/",
        "/measures/",
        "/datasets/",
        "/funding/",
        "/funding/826/2025-26/",
        "/funding/826/2025-26/ then Formula 2025-26",
        "/funding/826/2025-26/ then Option 2",
        "/funding/826/2025-26/compare/",
        "/funding/826/2025-26/rates/",
        "/funding/826/2026-27/rates/",
        "/funding/826/2025-26/rates/load/",
        "/funding/826/2025-26/schools/",
        "/funding/826/2025-26/schools/take-in/",
        "/funding/826/2025-26/money/",
        "/funding/826/2025-26/new/",
        "/funding/schools/110532/2025-26/why/guarantee/",
        "/help/work/funding-formula/",
        "/help/work/money-beside-the-formula/",
        "/funding/blocks/826/2025-26/",
        "/funding/blocks/826/2025-26/services/",
        "/funding/blocks/826/2025-26/services/new/",
        "/funding/blocks/826/2025-26/services/ then Trade union facility time",
        "/funding/blocks/826/2025-26/funds/growth/",
        "/funding/blocks/826/2025-26/funds/growth/schools/",
        "/funding/blocks/826/2025-26/funds/falling-rolls/",
        "/funding/blocks/826/2025-26/notional-sen/",
        "/funding/blocks/826/2025-26/notional-sen/settle/",
        "/funding/blocks/826/2025-26/other-blocks/",
        "/funding/blocks/826/2025-26/ahead/",
        "/funding/blocks/826/2025-26/set-down/income/",
        "/funding/blocks/826/2025-26/set-down/growth/",
        "/funding/blocks/826/2025-26/set-down/early-years/",
        "/funding/forum/",
        "/funding/forum/826/members/new/",
        "/funding/forum/826/consultations/new/",
        "/funding/forum/826/meetings/new/",
        "/funding/deficits/authorities/826/",
        "/funding/deficits/authorities/826/at-risk/",
        "/funding/deficits/authorities/826/rules/",
        "/funding/deficits/authorities/826/rules/deficits/",
        "/funding/deficits/authorities/826/upload/",
        "/funding/deficits/authorities/826/meetings/",
        "/funding/deficits/schools/110532/",
        "/funding/deficits/schools/110532/balances/2025-26/",
        "/funding/deficits/schools/110532/meetings/new/",
        "/funding/services/authorities/826/2026-27/",
        "/funding/services/authorities/826/2026-27/new/",
        "/funding/services/authorities/826/2026-27/services/HS/",
        "/funding/services/authorities/826/2026-27/price-list/",
        "/funding/services/authorities/826/2026-27/orders/",
        "/funding/services/authorities/826/2026-27/income/",
        "/funding/services/authorities/826/2026-27/price-change/?service=HS&percent=5",
        "/funding/services/authorities/826/terms/",
        "/help/reading/deficits/",
    ],
    "director@demo.example": [
        "/",
        "/improvement/board/director/",
        "/improvement/board/director/ then freeze its pack",
    ],
    "board.member@demo.example": [
        "/",
        "/improvement/",
        "/improvement/board/",
        "/improvement/board/ten-minutes/",
        "/improvement/board/ten-minutes/ then Read the pack",
        "/improvement/board/meetings/",
    ],
    "forum.member@demo.example": [
        "/",
        "/help/",
        "/help/work/schools-forum/",
        "/funding/forum/",
        "/funding/forum/powers/",
        "/funding/forum/826/members/",
    ],
}


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
@pytest.mark.parametrize("email", list(PAGES), ids=lambda email: email.partition("@")[0])
def test_pages_are_clean_and_fit(open_browser: Open, email: str, width: int) -> None:
    visitor = open_browser(width)
    visitor.page.goto(visitor.site.address)
    assert visitor.barriers() == []
    visitor.sign_in(email)
    wrong = {}
    for path in PAGES[email]:
        start, _, link = path.partition(" then ")
        visitor.go(start)
        if link:
            visitor.page.get_by_role("link", name=link).first.click()
            visitor.page.wait_for_load_state()
        found = visitor.barriers() + ([] if visitor.fits() else ["sticks out sideways"]) + visitor.problems
        if found:
            wrong[path] = found
        visitor.problems.clear()
    assert wrong == {}


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_the_page_on_which_scores_are_signed_off_is_clean_and_fits(open_browser: Open, width: int) -> None:
    """No link leads there while no limit of fairness is passed, as none is in the demo."""
    visitor = open_browser(width)
    visitor.sign_in("director@demo.example")
    visitor.go("/improvement/authorities/826/early-warning/")
    visitor.page.get_by_role("link", name="How well the score did").first.click()
    visitor.page.wait_for_url("**/evidence/")
    visitor.page.goto(visitor.page.url.replace("/evidence/", "/sign-off/"))
    assert visitor.page.get_by_role("heading", name="Sign off that the scores may be shown").is_visible()
    assert (visitor.barriers(), visitor.fits(), visitor.problems) == ([], True, [])


def test_the_first_page_is_light(open_browser: Open) -> None:
    visitor = open_browser()
    sizes: list[int] = []
    visitor.page.on("response", lambda response: sizes.append(len(response.body())))
    visitor.go("/")
    visitor.page.wait_for_load_state("networkidle")
    assert sum(sizes) < HEAVIEST_FIRST_PAGE, sizes


def test_no_page_asks_another_server_for_anything(open_browser: Open) -> None:
    visitor = open_browser()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.sign_in("director@demo.example")
    for path in ("/", "/schools/110532/", "/authorities/826/", "/measures/secondary-absence/"):
        visitor.go(path)
        visitor.page.wait_for_load_state("networkidle")
    elsewhere = [url for url in asked if not url.startswith((visitor.site.address, "data:"))]
    assert elsewhere == []
