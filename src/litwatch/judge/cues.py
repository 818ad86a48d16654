"""The wordings that a cue judge reads stance from, in families that a reader would recognise.

Families are regular expressions over whole words. They were written for abstracts and kept short on purpose: what
a family is worth is fitted (see weights.json), which wordings belong to it is not.
"""

from __future__ import annotations

import re


def _family(*wordings: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(wordings)})\b", re.IGNORECASE)


FINDING = _family(
    r"we (?:find|found|show|demonstrate|observe|reveal|prove|argue|report|discover|conclude|establish)",
    r"(?:our|the|these) (?:results?|findings?|experiments?|analys[ie]s|evaluations?)",
    r"experiments?|results?|reveals?|demonstrates?|outperform\w*|achiev\w*|surprisingly|notably|empirical\w*",
    r"evaluat\w*|conclusions?|in conclusion|significantly",
)
"""The sentence tells what the authors found."""

REPORTED = _family(
    r"(?:is|are|was|were|been) (?:widely |commonly |often |generally )?(?:believed|assumed|thought|held|claimed)",
    r"(?:prior|previous|earlier|existing|recent|past) (?:work|works|studies|research|methods|approaches|claims?)",
    r"despite (?:the )?claims?|widely (?:used|accepted|regarded)|common(?:ly)? (?:belief|assum\w+)",
    r"conventional wisdom|traditionally|typically assumes?",
    r"(?:have|has) been (?:shown|proposed|suggested)|(?:have|has) (?:shown|emerged)",
)
"""The sentence tells what others hold: it is no evidence for what it tells."""

GAIN = _family(
    r"outperform\w*|surpass\w*|exceed\w*|overcom\w*|eliminat\w*|mitigat\w*|beats?|superior|resolv\w*|prevent\w*",
    r"clos(?:es|ing) the gap|for the first time|near-(?:zero|perfect|lossless)|restor\w*|recover\w*|robust\w*",
    r"without (?:requiring|the need|any|sacrificing|compromising|degrading)|substantially|significant\w*",
    r"reduc\w*|improv\w*|achiev\w*|gains?",
)
"""Something works better than before: what may remove a limitation."""

AGAINST = _family(
    r"challeng(?:e|es|ing) (?:the|current|common|prevailing|this|that|existing|prior|conventional)",
    r"contrary to|in contrast to|contradict\w*|refut\w*|surprisingly|counter-?intuitive\w*|misconceptions?",
    r"not (?:always|necessarily|universally|merely|inherently|sufficient|enough|in fact|very|uniformly)",
    r"illusion|premature|overestimat\w*|overstat\w*|far from|question(?:s|ing)? (?:the|whether)|rather than",
    r"only in|less (?:effective|consistent|reliable)|nuanced|conflat\w*|mimicry|reconsider\w*|rethink\w*",
    r"call(?:s|ing)? into question|even (?:a few|small|when|without)|(?:does|do|is|are) not|cannot|fails? to",
)
"""The sentence turns against something that was held."""

METHOD = _family(
    r"we (?:propose|introduce|present|develop|design|devise|build)|novel|training-free|plug-and-play",
    r"(?:this paper|this work) (?:proposes|introduces|presents)|effectiveness|baselines?|state-of-the-art",
    r"code is available|our (?:method|approach|framework|model|system|algorithm)|superior|enabl\w*",
    r"outperform\w*|surpass\w*|improv\w*|achiev\w*|mitigat\w*",
)
"""The paper offers a new method."""

STUDY = _family(
    r"we (?:investigate|study|examine|analy[sz]e|find|ask|argue|evaluate|show that|observe|audit|benchmark|assess)",
    r"we (?:survey|explore|test|compare)|benchmark|survey|position paper|case study|review|human participants",
    r"empirical (?:study|analysis)|systematic\w*|findings?|our results (?:show|reveal|suggest)|reveal\w*",
    r"understanding|whether|analysis|struggle|fail\w*|limitations?|challenges?",
)
"""The paper examines what there is."""

LIMIT = _family(
    r"cannot|can not|fail(?:s|ed|ing)?|lack(?:s|ing)?|untested|unsolved|unreliab\w*|limit(?:s|ed|ations?)?",
    r"struggl\w*|trail\w*|collaps\w*|degrad\w*|break\w*|worse|worst|poor\w*|vulnerab\w*|brittle|little|insufficient|hurts?",
    r"fall(?:s|ing)? short|misaligned|harms?|drops?|decays?|plateaus?|sensitive|unstable|bias\w*|inconsistent\w*",
    r"errors?|removes?|strip\w*|loses?|lost|lower\w*|less|fewer|never|no|not|none|nor|without|neither|only|remain\w*",
    r"still|undermine\w*|overestimat\w*|declin\w*|far (?:from|below)|below|costs?|expensive|slow\w*|trade-?off",
    r"hardly|rarely|unable|inability|homogen\w*|overconfiden\w*|contaminat\w*|gap|challeng\w*|attack\w*|mislead\w*",
    r"miss(?:es)?|forget\w*|impossible|inevitab\w*",
)
"""The claim states that something does not work, or not well."""

MERIT = _family(
    r"improv\w*|better|best|outperform\w*|match\w*|reach\w*|exceed\w*|beats?|robust\w*|reliabl[ey]|generali[sz]\w*",
    r"restor\w*|raise[sd]?|effective\w*|strong\w*|accurate\w*|calibrated|succe\w*|near|consistent\w*|high\w*",
    r"efficient\w*|reproduc\w*|recover\w*|can be|enough|suffic\w*|gain\w*|lossless|predicts?|solve[sd]?|closely",
    r"remarkably|critical|preserv\w*|transfer\w*|enables?|allows?",
)
"""The claim states that something works."""

NEGATION = _family(
    r"not|no|never|neither|nor|without|cannot|lack\w*|fail\w*|absence|absent|unable|unlikely|unaffected",
    r"independent of|did not|does not|unrelated|rarely|hardly|non-?significant\w*",
    r"(?:was|were|is|are|do|does|did|has|have|can)n't",
)

UP = _family(
    r"increas\w*|improv\w*|enhanc\w*|higher|high|more|greater|gain\w*|promot\w*|activat\w*|stimulat\w*|elevat\w*",
    r"better|induc\w*|up-?regulat\w*|rais\w*|rise[sn]?|longer|larger|strength\w*|boost\w*|superior|accelerat\w*",
    r"facilitat\w*|outperform\w*|positive\w*|expand\w*|amplif\w*|gr[eo]w\w*|rich|effective",
)
DOWN = _family(
    r"decreas\w*|reduc\w*|lower\w*|low|less|fewer|inhibit\w*|suppress\w*|impair\w*|diminish\w*|declin\w*|worse\w*",
    r"down-?regulat\w*|attenuat\w*|degrad\w*|block\w*|prevent\w*|los[est]+|shorter|smaller|weak\w*|inferior|slow\w*",
    r"underperform\w*|negative\w*|limit\w*|deplet\w*|abolish\w*|hamper\w*|poor\w*|ineffective|drop\w*|abrogat\w*",
)
"""UP and DOWN: the direction in which a statement says that something goes."""


def count(family: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in family.finditer(text))


def first(family: re.Pattern[str], text: str) -> str:
    """The first wording of a family that a text holds, in lower case; "" where it holds none."""
    found = family.search(text)
    return found[0].lower() if found else ""


def lean(one: int, other: int) -> float:
    """-1 to 1: which of two counts prevails, held towards 0 while both are small."""
    return (one - other) / (one + other + 1)
