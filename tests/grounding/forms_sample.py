"""The forms in which language models set out what they found, about invented papers: fields in lines of their own,
headings, references by number, tables, JSON; and how each is to be judged."""

from __future__ import annotations

import json

from answers_sample import Answer, paper

ROPES = paper(
    "2506.01234",
    "Ropeway Signals Fade Before Dawn: Evidence from Forty Valleys",
    "An invented study of ropeway signals. Across forty valleys, signals sent before dawn fade twice as fast as those "
    "sent at noon. The loss does not depend on the length of the rope, but on the damp in it.",
    "2025-06-03",
)
BELLS = paper(
    "2507.04321",
    "Do Bell Towers Agree on Noon?",
    "An invented survey. Bell towers in one town disagree on noon by four minutes on average. A shared pendulum "
    "removes most of the disagreement between them.",
    "2025-07-06",
    version=2,
    updated="2025-09-01",
)
HERONS = paper(
    "2508.11111",
    "Counting Herons with Unreliable Observers",
    "Invented: observers who are paid by the heron report more herons. We correct their counts with a simple mixture "
    "model and recover the true number within three percent.",
    "2025-08-15",
)
KITES = paper(
    "2509.02222",
    "PaperKite: Flight Planning for Very Small Kites",
    "PaperKite, which is invented, plans flights for kites lighter than ten grams. It halves the number of crashes on "
    "a benchmark of windy afternoons.",
    "2025-09-02",
)
SNOW = paper(
    "2310.04444",
    "Snow learns the shape of roofs",
    "Snow that falls on warm roofs remembers their shape for several days, in an invented experiment.",
    "2023-10-06",
)
PAPERS = (ROPES, BELLS, HERONS, KITES, SNOW)
DAWN = "signals sent before dawn fade twice as fast as those sent at noon"
RARE = "2511.09999"
"""No paper has this id."""

RIGHT = (
    Answer(
        says="fields in bullets below headings, with the reader's claim quoted and a summary behind",
        text=f"""### 1. Damp in ropes
- **Title:** {ROPES.title}
- **arXiv ID:** 2506.01234
- **Year:** 2025
- **Quote:** "{DAWN}"
- **Relevance:** It contradicts your claim c2 ("signals fade at one rate the whole day").
- **Suggested wording of c2:** "signals fade fastest in the last hours of night"

### 2. Clocks
- **Title:** {BELLS.title}
- **arXiv ID:** 2507.04321
- **Year:** 2025
- **Quote:** “A shared pendulum removes most of the disagreement between them.”

### What is left
- **Title:** A Plan for the Coming Winter Season
- **Year:** 2031
- "whoever waits for the thaw will wait a while" is my own phrase.
""",
        states={"2506.01234": "found", "2507.04321": "found"},
    ),
    Answer(
        says="claims of the reader as headings, quotations and heads of lists",
        text=f"""## Claim 1
> Signals fade at the same rate at every hour of the day.

**Verdict:** weakened by {ROPES.title} (arXiv:2506.01234), which reports that "{DAWN}".

## Others
- "Bell towers in one town always agree about noon"
  - Contradicted by arXiv:2507.04321
- "Observers count herons as they are"
  - What you said: "observers count herons as they are, whatever they are paid"
  - Contradicted by arXiv:2508.11111
""",
        states={"2506.01234": "found", "2507.04321": "found", "2508.11111": "found"},
    ),
    Answer(
        says="references by number, one of them no paper of arXiv",
        text=f"""Towers "disagree on noon by four minutes on average" [2]; as [1] puts it, "{DAWN}". A blog holds that
"no kite has ever come down on its own" [3], and together they say that "kites lighter than ten grams" crash [2, 4].

**References**
[1] A. Invented. {ROPES.title}. arXiv:2506.01234, 2025.
[2] A. Invented and B. Madeup. {BELLS.title} arXiv:2507.04321, 2025.
[3] https://example.org/kites
[4] A. Invented. {KITES.title}. arXiv:2509.02222, 2025.
""",
        states={"2506.01234": "found", "2507.04321": "found", "2509.02222": "found"},
    ),
    Answer(
        says="a heading with the id, quotations below it, another's words among them",
        text=f"""### {ROPES.title} (arXiv:2506.01234)

It goes against Famous et al. (2019), who wrote that "rope signals are as steady as the stars".

> The loss does not depend on the length of the rope, but on the damp in it.

The authors report that "{DAWN}". They do not say that "dry ropes lose nothing at all at night".

---

To sum up, the authors say "little that will be of use in the valley" in my view.
""",
        states={"2506.01234": "found"},
    ),
    Answer(
        says="two papers in a sentence and in a section",
        text=f"""Both 2506.01234 and 2507.04321 bear on it: the former reports that "{DAWN}".

### Kites and snow
See arXiv:2509.02222 and arXiv:2310.04444.
- **Title:** A Tale of Kites in the Snow
- **Year:** 2011
- **Quote:** "Snow that falls on warm roofs remembers their shape for several days"
""",
        states={"2506.01234": "found", "2507.04321": "found", "2509.02222": "found", "2310.04444": "found"},
    ),
    Answer(
        says="a table that holds claims, too",
        text=f"""| Claim | Verdict | Year | Paper | arXiv ID | Supporting sentence |
|:--|:--|:--|:--|:--|:--|
| "signals fade at one rate all day" | wrong since 2019 | 2025 | {ROPES.title} | 2506.01234 | "{DAWN}" |
| c2: All Towers Agree on Noon Here | open | 2025 | {BELLS.title} | 2507.04321 | "A shared pendulum removes most" |
""",
        states={"2506.01234": "found", "2507.04321": "found"},
    ),
    Answer(
        says="JSON in which claims, reasons and a report are told beside the papers",
        text="As asked:\n\n"
        + json.dumps(
            {
                "title": "A Report on Ropes and Bells",
                "claims": [
                    {
                        "id": "c1",
                        "text": "Signals fade at one rate.",
                        "title": "Rates of Fading in the Valleys",
                        "against": [
                            {
                                "arxiv_id": "2506.01234",
                                "title": ROPES.title,
                                "reason": "the claim says 'at one rate', the paper 'twice as fast', as others do",
                                "why": 'It leaves "one rate the whole day through" behind, as arXiv:2310.04444 may.',
                                "track": {"title": "Of Another Thing Altogether", "year": 1999},
                            }
                        ],
                    }
                ],
                "results": [{"paper": {"arxiv_id": "2509.02222"}, "quote": "kites lighter than ten grams"}],
                "report": "arXiv:2507.04321 finds that towers “disagree on noon by four minutes on average”.\n\nEnd.",
            },
            ensure_ascii=False,
            indent=1,
        ),
        states={"2506.01234": "found", "2310.04444": "found", "2507.04321": "found", "2509.02222": "found"},
    ),
    Answer(
        says="fields between rules and signs, each with what is tested of the reader's",
        text=f"""---
**Paper:** {KITES.title}
**ID:** arXiv:2509.02222
**Key claim tested:** "kites need no planning below ten grams"
**Finding:** "It halves the number of crashes on a benchmark of windy afternoons."
---
\U0001f4c4 **Title:** {SNOW.title}
\U0001f517 **Link:** https://arxiv.org/abs/2310.04444
\U0001f4ac **Quote:** “Snow that falls on warm roofs remembers their shape for several days”
---
""",
        states={"2509.02222": "found", "2310.04444": "found"},
    ),
)

UNFOUNDED = (
    Answer(
        says="fields in bullets: another's title, a year off, invented words",
        text=f"""### 1. Ropes
- **Title:** {BELLS.title}
- **arXiv ID:** 2506.01234

### 2. Kites
- **arXiv ID:** 2509.02222
- **Year:** 2021

### 3. Herons
- **Title:** {HERONS.title}
- **Quote (abstract):** "Observers who are paid by the hour report fewer herons."
- **arXiv ID:** 2508.11111
""",
        states={"2506.01234": "title differs", "2509.02222": "found", "2508.11111": "found"},
        problems={"2506.01234": ("cited as",), "2509.02222": ("as of 2021",), "2508.11111": ("by the hour",)},
    ),
    Answer(
        says="numbered records with a bold head and indented fields",
        text=f"""1. **The Long Memory of Wet Ropes**
   - Authors: Ada Invented
   - arXiv: 2506.01234
   - Published: June 2025

2. **{HERONS.title}**
   - arXiv: 2508.11111
   - Published: August 2022

3. {KITES.title}
   - arXiv: 2509.02222
   - Evidence
     - "It triples the number of flights on windy afternoons."
""",
        states={"2506.01234": "title differs", "2508.11111": "found", "2509.02222": "found"},
        problems={"2506.01234": ("cited as",), "2508.11111": ("as of 2022",), "2509.02222": ("triples",)},
    ),
    Answer(
        says="fields that blank lines part",
        text=f"""### Paper 1

**Title:** {BELLS.title}

**arXiv ID:** 2506.01234

### Paper 2

**arXiv ID:** 2508.11111

**Published:** 2023

**Key quote:**

> "Herons that are paid by the observer report more of them."
""",
        states={"2506.01234": "title differs", "2508.11111": "found"},
        problems={"2506.01234": ("cited as",), "2508.11111": ("as of 2023", "by the observer")},
    ),
    Answer(
        says="a heading with the id and invented words below",
        text=f"""### {ROPES.title} (arXiv:2506.01234)

This is the most direct test.

> The loss depends on the length of the rope alone, and on nothing else.

**{BELLS.title} (arXiv:2507.04321)**

The authors conclude that "bell towers in one town agree on noon to the second".
""",
        states={"2506.01234": "found", "2507.04321": "found"},
        problems={"2506.01234": ("length of the rope alone",), "2507.04321": ("to the second",)},
    ),
    Answer(
        says="footnotes and numbers below a heading of sources",
        text=f"""Towers "disagree on noon by forty minutes on a bad day" [2]. Kites do not crash: planning "reduces
crashes to zero in all weathers".[^k] Geese outnumber herons [1].

[^k]: Invented, A. "{KITES.title}." arXiv:2509.02222 (2025).

## Sources
1. Geese That Count Herons in Pairs, https://arxiv.org/abs/{RARE}
2. [{BELLS.title}](https://arxiv.org/abs/2507.04321)
""",
        states={"2509.02222": "found", RARE: "missing", "2507.04321": "found"},
        problems={"2509.02222": ("in all weathers",), RARE: ("no such paper",), "2507.04321": ("forty minutes",)},
    ),
    Answer(
        says="a table, its columns in another order",
        text=f"""| Published | arXiv | Paper title | Verbatim quote |
|---|---|---|---|
| 2019-06 | [2506.01234](https://arxiv.org/abs/2506.01234) | {ROPES.title} | {DAWN[0].upper()}{DAWN[1:]}. |
| 2025-07 | [2507.04321](https://arxiv.org/abs/2507.04321) | {BELLS.title} | Bell towers agree on noon in all towns. |
| 2023-10 | [2310.04444](https://arxiv.org/abs/2310.04444) | Rain Learns the Colour of Walls | n/a |
""",
        states={"2506.01234": "found", "2507.04321": "found", "2310.04444": "title differs"},
        problems={"2506.01234": ("as of 2019",), "2507.04321": ("in all towns",), "2310.04444": ("cited as",)},
    ),
    Answer(
        says="JSON with an answer in a string and a quotation beside the paper",
        text=json.dumps(
            {
                "report": f"1. **{ROPES.title}** (arXiv:2506.01234, 2018)\n"
                '2. arXiv:2509.02222\n   - "no kite ever fell in winter"\n',
                "results": [{"paper": {"arxiv_id": "2508.11111"}, "quote": "Observers report fewer herons in rain."}],
            }
        ),
        states={"2506.01234": "found", "2509.02222": "found", "2508.11111": "found"},
        problems={"2506.01234": ("as of 2018",), "2509.02222": ("ever fell",), "2508.11111": ("fewer herons",)},
    ),
    Answer(
        says="a sentence of two papers that neither has, and a source below what it is said to say",
        text=f"""Both 2506.01234 and 2507.04321 agree that "the hour of the day is of no importance to signals".

> Across ninety valleys, signals sent at dusk fade twice as fast as any others.
>
> \u2014 *{KITES.title}*, arXiv:2509.02222 (2025)
""",
        states={"2506.01234": "found", "2507.04321": "found", "2509.02222": "found"},
        problems={"2507.04321": ("hour of the day",), "2509.02222": ("ninety valleys",)},
    ),
)
