"""A page of our own, in the form that readers bring, and the line that it describes."""

from __future__ import annotations

from litwatch.model import Anchor, Claim, ClaimKind, Finding, Line

PAGE = """\
INQUIRING LINE

Do long context windows make retrieval unnecessary?

This asks whether a model that can be handed a whole library still needs somebody to pick the right shelf.


This asks whether a model that can be handed a whole library still needs picking. It is tempting to say no, and the \
*cheap* answer is half right Does a longer window replace a retriever?. The other half is what the window does with \
its middle Do models use all of their context?.

A second thread runs through cost Is retrieval cheaper than reading everything?.


Sources 3 notes

Does a longer window replace a retriever?

With enough budget, models that read everything answered better on average than models given retrieved passages; \
for most questions both gave the same answer—so a router could save most of the cost.

Do models use all of their context?

Accuracy was highest when the needed passage stood first or last, and fell by 20% or more when it stood in the \
middle. Windows advertised as large held up to a fraction of their size.

Is retrieval cheaper than reading everything?

Reading a corpus again for each question costs hundreds of times the tokens of a top-five lookup.

Research prompt for your LLMexpand \u2193

Copy into ChatGPT or Claude to go on from here.

You are a research analyst re-testing claims about context. The question remains open: do long context windows \
make retrieval unnecessary?

What a curated library found \u2014 and when (findings span 2020\u20132024, dated claims not current truth):
\u2022 Passages in the middle of a context are used worst; accuracy fell by 20% against the first place (2023).
\u2022 Reading everything beats retrieved passages on average when budget is no object (2024).
\u2022 Tables extracted by hand were never compared at all (2020\u20132021).

Anchor papers (verify; mind their dates):
\u2022 arXiv:2005.11401 (2020): "Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks"
\u2022 arXiv:2307.03172 (2023): "Lost in the Middle: How Language Models Use Long Contexts"

Your task:
(1) RE-TEST EACH LIMIT. Has the weak middle gone (see arXiv:2307.03172)?
(2) Surface work from the last months that contradicts any of this.
(3) Propose 2 questions: (a) When is reading enough? (b) When is picking enough?

Cite arXiv IDs; flag anything you cannot ground.

Next inquiring lines
What should a memory forget?
"""

LINE = Line(
    slug="do-long-context-windows-make-retrieval",
    question="Do long context windows make retrieval unnecessary?",
    about="This asks whether a model that can be handed a whole library still needs somebody to pick the right shelf.",
    claims=(
        Claim(
            id="c1",
            kind=ClaimKind.NOTE,
            title="Does a longer window replace a retriever?",
            text="With enough budget, models that read everything answered better on average than models given "
            "retrieved passages; for most questions both gave the same answer—so a router could save most of the "
            "cost.",
            findings=(
                Finding(
                    text="Reading everything beats retrieved passages on average when budget is no object.",
                    dated="2024",
                ),
            ),
        ),
        Claim(
            id="c2",
            kind=ClaimKind.NOTE,
            title="Do models use all of their context?",
            text="Accuracy was highest when the needed passage stood first or last, and fell by 20% or more when it "
            "stood in the middle. Windows advertised as large held up to a fraction of their size.",
            findings=(
                Finding(
                    text="Passages in the middle of a context are used worst; accuracy fell by 20% against the first "
                    "place.",
                    dated="2023",
                ),
            ),
        ),
        Claim(
            id="c3",
            kind=ClaimKind.NOTE,
            title="Is retrieval cheaper than reading everything?",
            text="Reading a corpus again for each question costs hundreds of times the tokens of a top-five lookup.",
        ),
        Claim(
            id="c4",
            kind=ClaimKind.FINDING,
            text="Tables extracted by hand were never compared at all.",
            dated="2020–2021",
        ),
    ),
    anchors=(
        Anchor(
            arxiv_id="2005.11401",
            title="Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks",
            year=2020,
        ),
        Anchor(arxiv_id="2307.03172", title="Lost in the Middle: How Language Models Use Long Contexts", year=2023),
    ),
    tasks=(
        "RE-TEST EACH LIMIT. Has the weak middle gone (see arXiv:2307.03172)?",
        "Surface work from the last months that contradicts any of this.",
        "Propose 2 questions: (a) When is reading enough? (b) When is picking enough?",
    ),
    next_lines=("What should a memory forget?",),
)
