"""What people come to do, in a browser at both widths: sign in, find, compare, follow, bring in, accept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor

pytestmark = pytest.mark.journey

DIRECTOR, DATA_OFFICER = "director@demo.example", "data.officer@demo.example"
BOTH = pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
Open = Callable[..., Visitor]


def check(visitor: Visitor) -> None:
    """Whatever page it is: nothing in anybody's way, nothing sticking out, nothing the browser minds."""
    assert visitor.barriers() == []
    assert visitor.fits(), f"{visitor.page.url} sticks out sideways"
    assert visitor.problems == []


@BOTH
def test_a_director_finds_a_school_and_follows_a_figure_to_its_file(open_browser: Open, width: int) -> None:
    visitor = open_browser(width)
    visitor.sign_in(DIRECTOR)
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("What needs your attention")
    check(visitor)

    visitor.go("/schools/")
    page.get_by_label("Name, number or postcode").press_sequentially("radcl")
    page.get_by_role("link", name="The Radcliffe School").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Radcliffe School")
    expect(page.get_by_role("table", name="Inspection history")).to_be_visible()
    check(visitor)

    page.locator(".redway-headline__value").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where this figure came from")
    expect(page.get_by_text("Checksum of the file")).to_be_visible()
    check(visitor)

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Radcliffe School")
    page.get_by_role("link", name="Similar schools", exact=True).click()
    expect(page.get_by_role("table")).to_be_visible()
    check(visitor)


@BOTH
def test_a_director_sets_the_authority_beside_its_neighbours(open_browser: Open, width: int) -> None:
    visitor = open_browser(width)
    visitor.sign_in(DIRECTOR)
    page = visitor.page
    page.get_by_role("link", name="Milton Keynes").click()
    said = page.get_by_text("Secondary absence, Milton Keynes, 2024-25")
    expect(said).to_contain_text("+0.15 percentage points on England (8.44%)")
    expect(said).to_contain_text("+0.86 percentage points on mean of 10 statistical neighbours (2025 model)")
    expect(said).to_contain_text("(2021 model)")
    check(visitor)
    page.get_by_role("link", name="2021 model").first.click()
    expect(
        page.get_by_role("table", name="Statistical neighbours of Milton Keynes (2021 model)")
    ).to_contain_text("Thurrock")
    page.go_back()
    expect(
        page.get_by_role("table", name="Statistical neighbours of Milton Keynes (2025 model)")
    ).to_contain_text("Havering")


@BOTH
def test_a_measure_shows_everybody_and_answers_to_the_pointer(open_browser: Open, width: int) -> None:
    visitor = open_browser(width)
    visitor.sign_in(DIRECTOR)
    page = visitor.page
    visitor.go("/measures/?find=reading+writing")
    page.get_by_role(
        "link", name="Expected standard in reading, writing and maths at age 11", exact=True
    ).click()
    expect(page.get_by_role("heading", name="Everyone on a funnel")).to_be_visible()
    check(visitor)
    page.get_by_role("button", name="Explore this chart").click()
    expect(page.locator("canvas")).to_be_visible()
    assert visitor.problems == []


def test_deep_links_lead_where_they_say_after_signing_in(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.page.goto(visitor.site.address + "/authorities/826/?model=2021")
    visitor.page.get_by_label("Email").fill(DIRECTOR)
    visitor.page.get_by_label("Password", exact=True).fill(visitor.site.password(DIRECTOR))
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Milton Keynes")
    assert visitor.page.url.endswith("/authorities/826/?model=2021")


def test_everything_works_without_scripts(open_browser: Open) -> None:
    visitor = open_browser(NARROW, scripts=False)
    visitor.sign_in(DIRECTOR)
    page = visitor.page
    visitor.go("/schools/")
    page.get_by_label("Name, number or postcode").fill("ousedale")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Ousedale School").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ousedale School")
    expect(page.get_by_role("img").first).to_be_visible()
    expect(page.get_by_role("button", name="Explore this chart")).to_have_count(0)
    tools = page.get_by_role("search", name="Rows of Latest figures of Ousedale School")
    tools.get_by_label("In the order of").select_option("Measure")
    tools.get_by_role("button", name="Show").click()
    assert "benchmarks-sort=measure" in page.url


@BOTH
def test_a_data_officer_brings_in_a_held_file_and_accepts_it(
    open_browser: Open, width: int, tmp_path: Path
) -> None:
    visitor = open_browser(width)
    visitor.sign_in(DATA_OFFICER)
    page = visitor.page
    visitor.go("/datasets/")
    check(visitor)
    page.get_by_role("button", name="Upload a file").click()
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("link", name="Choose a file")).to_be_visible()
    assert page.title().startswith("Error: ")
    check(visitor)

    # One of its schools has no right number: it must be held.
    page.get_by_label("File", exact=True).set_input_files(_doubtful_file(tmp_path, f"{width}"))
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="Check report")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Held", exact=True)).to_be_visible()
    expect(page.get_by_role("table", name="Errors")).to_contain_text("11051X")
    check(visitor)

    page.get_by_role("link", name="Look at the version and decide").click()
    check(visitor)
    page.get_by_role("button", name="Accept this version").click()
    page.get_by_role("button", name="Accept the file").click()
    expect(page.get_by_role("link", name="Enter a reason")).to_be_visible()
    check(visitor)
    page.get_by_label("Reason").fill("The first school is needed now; the second will follow.")
    page.get_by_role("button", name="Accept the file").click()
    expect(page.get_by_text("In force", exact=True)).to_be_visible(timeout=90_000)
    expect(page.get_by_text("the second will follow")).to_be_visible()
    check(visitor)

    # And taken back, so that the next journey finds the demo as it was.
    page.get_by_role("button", name="Withdraw this version").click()
    page.get_by_label("Reason").fill("The correction was itself corrected.")
    page.get_by_role("button", name="Withdraw the version").click()
    expect(page.get_by_text("Withdrawn", exact=True).first).to_be_visible(timeout=90_000)


def _doubtful_file(folder: Path, value: str) -> Path:
    """Absence of two schools in 2017-18; the number of the second is none."""
    path = folder / "abs_2018.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10"])
        writer.writerow(["826", "4702", "110532", "5.1", f"12.{value}"])
        writer.writerow(["826", "4703", "11051X", "4.9", "12.2"])
    return path
