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

MADE = _family(
    r"we (?:\w+ )?(?:propose|introduce|present|develop|design|devise|build|train|coat|add|grow)",
    r"(?:our|the proposed|a new|this new|a novel) (?:\w+ )?(?:method|approach|framework|model|system|algorithm)",
    r"(?:this paper|this work) (?:proposes|introduces|presents)",
)
"""The authors made something new."""

STUDY = _family(
    r"we (?:investigate|study|examine|analy[sz]e|find|ask|argue|evaluate|show that|observe|audit|benchmark|assess)",
    r"we (?:survey|explore|test|compare)|benchmark|survey|position paper|case study|review|human participants",
    r"empirical (?:study|analysis)|systematic\w*|findings?|our results (?:show|reveal|suggest)|reveal\w*",
    r"understanding|whether|analysis|struggle|fail\w*|limitations?|challenges?",
)
"""The paper examines what there is."""

HELD = _family(
    r"(?:is|are|was|were|been|being) (?:\w+ )?(?:believed|assumed|thought|held|claimed|said|told)",
    r"(?:is|are|was|were|been) (?:\w+ )?(?:taken|considered|expected)",
    r"(?:is|are|was|were|been) (?:\w+ )?(?:known|regarded|supposed|argued|meant|presumed|accused|hoped)",
    r"(?:prior|previous|earlier|existing|past|recent|some|many|most) (?:\w+ )?(?:work|works|stud(?:y|ies)|research"
    r"|authors?|reports?|literature|papers?|claims?) (?:have |has |had )?(?:\w+ly )?(?:report\w*|suggest\w*|show\w*"
    r"|demonstrat\w*|found|find|claim\w*|held|hold|argu\w*|assum\w*|warn\w*|stat\w*|conclud\w*|observ\w*)",
    r"(?:prior|previous|existing|current|recent|traditional) (?:[\w-]+ ){0,3}(?:methods?|approaches|strategies)",
    r"conventional wisdom|commonplace|textbooks?|folklore|popular belief|common(?:ly)? (?:belief|assum\w*|held)",
    r"(?:often|usually|commonly|widely|generally|typically|traditionally) (?:holds?|believe\w*|assum\w*|think|says?)",
    r"(?:some|many|others|vendors|critics|proponents) (?:have |has |had )?(?:warn\w*|claim\w*|argu\w*|said)",
    r"(?:wide|broad|much) (?:support|acceptance)|advertised as|(?:has|have) long been|(?:has|have) so far|so far",
)
"""The sentence, unless it is a finding, tells a position that the authors need not share."""

ASIDE = re.compile(
    r"^(?:contrary to|despite|although|though|while|whereas|unlike|in contrast (?:to|with)|in spite of|even though"
    r"|against)\b[^,]*, ",
    re.IGNORECASE,
)
"""An opening that concedes or reports what the rest of the sentence speaks against."""

CONTRAST = _family(
    r"contrary to|in contrast to|unlike|however|challeng(?:e|es|ing)|contradict\w*|refut\w*|overturn\w*|disprov\w*",
    r"surprisingly|counter-?intuitive\w*|call(?:s|ing)? into question|no evidence|misconceptions?|illusion|myth",
)
"""Words by which authors say that they speak against something."""

AIM = _family(
    r"whether|we (?:ask|study|examine|investigate|explore|aim|describe|discuss|survey)",
    r"we (?:propose|present|introduce|develop)",
    r"(?:this|the) (?:paper|work|study|article) (?:asks|studies|examines|investigates|explores|aims|describes)",
    r"(?:is|are) left (?:for|to)|future work|remains? (?:unclear|unknown|open|to be seen)",
    r"here we|our (?:aim|goal)|to (?:test|examine|study|address) (?:this|these|whether)",
)
"""The sentence tells what is asked or made, not what came of it."""

OWN = _family(
    r"we (?:(?:also|further|then|now|thus) )?(?:find|found|show|demonstrate|observe|reveal|prove|conclude|discover)",
    r"(?:our|these|the) (?:results?|findings?|experiments?|analys[ie]s|evaluations?|evidence|study|data)",
    r"(?:experiments?|results?|evaluations?|findings?) (?:\w+ ){0,6}(?:show|demonstrate|reveal|indicate|suggest)s?",
)
"""The sentence says in so many words that it is a finding of the authors."""

ASKED = _family(r"whether|we ask|(?:is|are) left (?:for|to)|future work|remains? (?:unclear|unknown|open|to be seen)")
TURN = re.compile(
    r"(?:however|yet|but|in contrast|on the contrary|we show otherwise|we find otherwise)\b", re.IGNORECASE
)
"""The opening of a sentence that turns against the one before."""

REMEDY = _family(
    r"overc[oa]m(?:e|es|ing)|eliminat(?:e|es|ed|ing)|clos(?:e|es|ed|ing) (?:\w+ ){0,3}gap|no longer|now",
    r"for the first time",
    r"disappear(?:s|ed)?|vanish(?:es|ed)?|remov(?:e|es|ed|ing)|recover(?:s|ed|ing)?|restor(?:e|es|ed|ing)",
    r"resolv(?:e|es|ed|ing)|surviv(?:e|es|ed)|cur(?:e|es|ed)|avoid(?:s|ed|ing)?|lift(?:s|ed)",
    r"without (?:any |the |a )?(?:loss|cost|damage|penalty|degradation|degrading|sacrificing|compromising|retraining)",
    r"near-?lossless(?:ly)?|lossless(?:ly)?",
)
"""The wording of a limit's removal."""

EASE = _family(
    r"mitigat(?:e|es|ed|ing)|alleviat(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|counter(?:s|ed|ing|acts?)|defends? against",
    r"robust (?:to|against)|resistant to|withstands?|protects? against|debias(?:es|ed|ing)",
    r"(?:reduc(?:e|es|ed|ing)|cut(?:s|ting)?|lower(?:s|ed|ing)?) (?=(?:[\w-]+ ){0,3}(?:bias|hallucination|error|attack"
    r"|forgetting|degradation|collapse|vulnerabilit|failure|homogeni[sz]ation|leakage|overconfidence|interference|gap))",
)
"""The wording of an ill that is made less, of what comes after it."""

ADVANCE = _family(
    r"overc[oa]m\w*|eliminat\w*|mitigat\w*|alleviat\w*|resolv(?:es?|ed|ing)|prevent(?:s|ed|ing)?|restor\w*",
    r"recover(?:s|ed|ing)?|robust(?:ness|ly)?|near-?lossless|lossless|comparable to|match(?:es|ed|ing)|on par with",
    r"preserv(?:es?|ed|ing)|less effective|reliabl[ey]|reliability",
)
"""A method holds up where others do not: less than the wording of a removal, more than that of a gain."""

OVERTURN = _family(
    r"challeng(?:e|es|ing) (?:the|current|common|prevailing|this|existing|prior|previous|conventional|recent|claims?)",
    r"contradict(?:s|ed|ing)?|refut(?:e|es|ed|ing)|overturn(?:s|ed|ing)?|disprov(?:e|es|ed)",
    r"call(?:s|ing)? into question|misconceptions?|overestimat(?:e|es|ed)|overstat(?:e|es|ed)",
    r"casts? doubt on|no evidence",
)
"""The authors speak against what is held of the thing named."""

DENIED = re.compile(
    r"(?:\b(?:not|never|cannot|no|without|nor|neither|hardly|rarely|little|to|effect on)|n't) (?:\w+ )?$", re.IGNORECASE
)
"""What stands before a wording that is denied, or only aimed at."""

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
