"""The pages of help: how to read things (``templates/help/reading``), and what to do when (``.../work``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One explanation: the last part of its address, its title and what question it answers."""

    slug: str
    title: str
    question: str


PAGES = (
    Page("intervals", "How sure a figure is", "What does the range beside a figure mean?"),
    Page("funnels", "How to read a funnel", "Is this school really different, or only small?"),
    Page("value-added", "What a school adds", "How far did pupils go beside similar pupils elsewhere?"),
    Page("caterpillars", "How to read a caterpillar", "Which schools can be told apart, and which cannot?"),
    Page("tracking", "How to read tracking", "Is a pupil on the way to what similar pupils reach?"),
    Page("gaps", "How to read gaps", "Is a group less often on track, or is it chance?"),
    Page("targets", "How to read targets", "Is a target high enough, and what do its words mean?"),
    Page("early-warning", "How to read early warning", "Which schools first, and how sure is that?"),
    Page("deficits", "How to read deficits", "Is a plan sound, and which schools are at risk?"),
    Page("quarters", "Quarters and averages", "Where does this school lie among others?"),
    Page("neighbours", "Statistical neighbours", "Which authorities is mine compared with, and why?"),
    Page("similar-schools", "Similar schools", "Which schools is this one compared with, and why?"),
    Page("missing", "When a figure is not there", "Why is there a reason instead of a number?"),
    Page("breaks", "Breaks in a series", "Why does the line stop and start again?"),
    Page("history", "A school through time", "What happens to figures when a school converts or merges?"),
    Page("versions", "Versions of a dataset", "Where did this figure come from, and can it change?"),
)

WORK = (
    Page("refer-an-allegation", "Refer an allegation", "When, how, and what happens to it?"),
    Page("designated-officer", "The designated officer’s work", "What is to be done when, and who sees it?"),
    Page("named-senior-officer", "Overseeing allegations", "What do the figures say, and what do I ask?"),
    Page(
        "officer-of-another-authority",
        "A case of another authority",
        "What is shared with me, and what if it is offered to me?",
    ),
    Page("funding-formula", "The funding formula", "How do I change it, and why did my school lose money?"),
    Page(
        "money-beside-the-formula",
        "Money beside the formula",
        "What is set aside, what do schools give back, and which fall into deficit?",
    ),
    Page("schools-causing-concern", "Schools causing concern", "What may I write down, and who decides?"),
    Page("support-and-visits", "Support and visits", "Who writes what when, and who reads it?"),
    Page("reviews-and-strategy", "Reviews and strategy", "How is a review built, and am I ready?"),
    Page("improvement-board", "Improvement plan and board", "What is a colour, and what do I read first?"),
    Page("schools-forum", "The Schools Forum", "What am I asked, who votes, and who decides?"),
)
"""What people do when, and what others can see of it."""
_BY_SLUG = {page.slug: page for page in PAGES}
_WORK_BY_SLUG = {page.slug: page for page in WORK}


def find_page(slug: str) -> Page | None:
    """The page of that name, or None."""
    return _BY_SLUG.get(slug)


def find_work(slug: str) -> Page | None:
    """The page about work of that name, or None."""
    return _WORK_BY_SLUG.get(slug)
