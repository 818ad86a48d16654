"""Which way a statement points, and how two statements stand to each other."""

from __future__ import annotations

import pytest

from litwatch.judge.argument import relate
from litwatch.judge.statements import statements


def agreement(claim: str, said: str) -> float:
    """The strongest agreement (or, below 0, disagreement) between the statements of two sentences."""
    relations = [relate(one, other, lambda stem: 1.0) for one in statements(claim) for other in statements(said)]
    return max((relation.agreement for relation in relations if relation), key=abs, default=0.0)


ALIKE = [
    ("Long prompts give worse answers than short prompts.", "Long prompts gave worse answers than short prompts."),
    ("Long prompts are worse than short prompts.", "Short prompts outperform long prompts."),
    ("A map does not replace a guide.", "A map did not replace the guide on any tour."),
    ("Salt reduces swelling of the ankle.", "Salt reduced swelling of the ankle by half."),
    ("Robots cannot open jars.", "No robot opened jars in the trial."),
    ("Readers overlook the middle of a page.", "Readers overlooked the middle of each page."),
]
OPPOSED = [
    ("Long prompts give worse answers than short prompts.", "Long prompts give better answers than short prompts."),
    (
        "Long prompts give worse answers than short prompts.",
        "Long prompts give no worse answers than short prompts.",
    ),
    ("Long prompts outperform short prompts.", "Short prompts beat long prompts."),
    ("A map does not replace a guide.", "For small towns a map replaces a guide."),
    ("Salt reduces swelling of the ankle.", "Salt increased swelling of the ankle."),
    ("Salt reduces swelling of the ankle.", "We find no evidence that salt reduces swelling of the ankle."),
    ("Salt harms the swelling ankle.", "Salt does not harm the swelling ankle."),
    ("Robots cannot open jars.", "The robots open jars."),
    ("Fasting raises the risk of gout.", "Fasting was not associated with a raised risk of gout."),
    ("Music causes headaches in drivers.", "Our data overturn the belief that music causes headaches in drivers."),
]
APART = [
    ("Salt reduces swelling of the ankle.", "Salt increases the price of soup."),
    ("Long prompts give worse answers than short prompts.", "We store long prompts on disk."),
    ("Reduced light suppresses growth of algae.", "Snow reduces the light in winter."),
]


@pytest.mark.parametrize(("claim", "said"), ALIKE)
def test_the_same_said_the_same_way_agrees(claim: str, said: str) -> None:
    assert agreement(claim, said) > 0.3


@pytest.mark.parametrize(("claim", "said"), OPPOSED)
def test_the_same_said_the_other_way_disagrees(claim: str, said: str) -> None:
    assert agreement(claim, said) < -0.3


@pytest.mark.parametrize(("claim", "said"), APART)
def test_a_word_about_something_else_decides_nothing(claim: str, said: str) -> None:
    assert abs(agreement(claim, said)) < 0.3


def test_a_clause_that_points_back_speaks_of_what_came_before() -> None:
    first, second = statements("Retrieval lowers the bill but does not remove it.")
    assert second.borrowed == first.words
    assert second.limitation == "not remove"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Robots cannot open jars.", "not open"),
        ("Accuracy drops in the dark.", "drops"),
        ("Errors increase in the dark.", "increase"),
        ("Errors drop in the dark.", ""),
        ("Lamps improve accuracy.", ""),
    ],
)
def test_a_limit_is_told_from_a_merit(text: str, limit: str) -> None:
    (statement,) = statements(text)
    assert statement.limitation == limit
