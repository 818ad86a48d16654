"""Sentences of a paper that give orders to a machine that reads it.

A paper may be written for the language model that is asked about it. What is looked for is an order, or a mark that
pretends to begin another speaker's turn; papers that speak of such orders, as those on prompt injection do, are none.
A list of wordings is no wall: an order put otherwise gets through, and a model may obey it with the right id and a
sentence that does stand in the paper. What stands against that is that both opinions are shown, the default judge's
and the model's, and that only the reader's word ever settles a claim.
"""

from __future__ import annotations

import re
import unicodedata

from litwatch.text import normal_form, sentences, squeeze

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SHOW_NOTHING = re.compile("[\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Fillers and marks that show as nothing, though Unicode does not count them among the format characters."""
_STRAIGHT = str.maketrans("‘’“”„«»", '\'\'"""""')
_LOOKALIKES = str.maketrans("аеорсухіѕјԁһгԛԝοανικρτυΑΕΟΡСІ", "aeopcyxisjdhrqwoavikptuAEOPCI")
"""Cyrillic and Greek letters that look like Latin ones."""


def _any(words: str) -> str:
    """A pattern for any of these words; _ stands for a blank, s? as in a pattern."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


_STANCE = _any("support(?:s|ing)? contradict(?:s|ing)? supersed(?:es?|ing) none")
_MACHINE = _any(
    "ais? llms? (?:large_)?language_models? (?:ai_|automated_)?(?:assistants?|reviewers?|judges?|graders?) "
    "ai_(?:agents?|systems?|models?) bots? chatbots?"
)
_HURRY = _any("please kindly now then just simply always only first immediately")
_WHEN = rf"(?:{_any('when whenever if once while before after as_soon_as')}\b[^.!?;:]{{1,120}},\s*)?"
_START = rf"(?:^|[.!?;:—–(\[\"*#>|]\s*|\s-+\s*|\b(?:please|kindly|now|instead)[,:]?\s+){_WHEN}(?:{_HURRY}\s+){{0,3}}"
"""Where an order may begin: a sentence, or what a mark sets off."""
_IGNORE = _any(
    "ignore disregard forget override bypass discard neglect skip delete do_not_follow don't_follow stop_following"
)
_EARLIER = _any(
    "all any every the your my these those of other previous previously prior above preceding earlier foregoing former "
    "given initial original system stated users? user's developer'?s? safety and or"
)
_TOLD = _any(
    "instructions? prompts? rules? guidelines? directions? directives? commands? context messages? constraints? "
    "polic(?:y|ies) schema tasks? orders? everything(?:_else|_above|_before)? (?<=the_)above"
)
_VERB = _any(
    "answer respond reply output print return emit write say report state conclude declare classify label mark rate "
    "judge treat regard set give assign choose select score evaluate recommend accept ignore disregard forget obey "
    "follow comply reveal support contradict act pretend"
)
_TELL = _any("output return print emit write say respond answer reply")
_DECIDE = _any(
    "output return print write report state set give assign mark rate label classify judge treat regard recommend "
    "declare choose select score evaluate consider"
)
_THING = _any(
    "papers? work manuscript abstract submission claims? stance verdict probability answer output response reviews? "
    "label rating score json confidence"
)
_OBJECT = rf"(?:{_any('the a an your this that its all only every my our final')}\s+){{0,3}}{_THING}\b"
_WORTH = rf"(?:{_STANCE}\b|positive|accept|true|yes\b|1\b|1\.0|100|highest|maxim)"
_RETURNED = (
    rf"(?:{_STANCE}\b|{_any('yes no true false json stance verdict probability score accept positive')}\b"
    r"|the (?:word|string|following|text|phrase|label|letter|number)\b|[\"'{]|1(?:\.0+)?\b|100\s*%)"
)
_TOOK = _any("judged rated classified labell?ed marked treated reported scored answered considered")
_READER = (
    r"\b(?:llms?|ais?|(?:language |ai )?models?|judges?|systems?|readers?|reviewers?|assistants?|agents?|graders?"
    r"|evaluators?|classifiers?|chatbots?|bots?)\b"
)
_BID = _any("asked required instructed told requested expected obliged")
_ANSWERS = _any("contradicts supersedes supports none")
_OUGHT = rf"\b(?:must|should|shall|(?:is|are) (?:\w+ly )?{_BID} to)"
_MARK = _any(
    "mark classify report answer set output label rate judge treat regard return respond reply state conclude give "
    "assign declare consider print write say choose select"
)
_SAYS = (
    # "as true or false" is a task, not an order.
    rf"(?:(?:(?!\b(?:whether|if|either)\b).){{0,60}}?\b(?:as|with|stance|verdict|by)\b(?: to| is| be)?)?"
    rf"\s*[=:]?\s*[\"'`]?{_STANCE}\b(?!\s*(?:,|/|\||or\b|and\b))"
)
_WHOM = _any("dear hey hello hi note_(?:to|for) message_(?:to|for) attention,?")
_ASKED = _any("why what how when which whether that")

_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_START}{_IGNORE}\s+(?:{_EARLIER}\s+){{0,6}}{_TOLD}",
        rf"\b(?:you|dear|attention|hey|hello)\b.{{0,200}}[,:]\s*(?:please\s+)?{_IGNORE}\s+(?:{_EARLIER}\s+){{0,6}}{_TOLD}",
        # The reader of the question is spoken to.
        rf"\byou {_any('must should shall will need_to have_to can_now are_to may_now')}(?: \w+){{0,2}} {_VERB}\b",
        rf"\byou are {_any('now no_longer not_bound instructed required_to obliged_to free_(?:of|from)')}\b",
        rf"\byou are (?:being {_any('asked used tested evaluated')}|to {_VERB})\b",
        rf"\byou are (?:an?|the) (?:{_any('helpful honest unrestricted impartial strict expert')} ){{0,3}}"
        rf"(?:{_MACHINE}|assistant|judge|reviewer|evaluator|grader|classifier|system)\b",
        rf"\bif you(?:'re| are) (?:an? |the )?(?:large |automated ){{0,2}}{_MACHINE}\b",
        rf"\bas an? (?:large |automated |helpful ){{0,2}}{_MACHINE}(?: \w+)?(?:,? (?:you|your|please)|, {_VERB})\b",
        rf"\byour (?:{_any('new only real actual next')} )?"
        rf"{_any('task instructions? role job answer response output verdict rating review goal')} "
        rf"{_any('is are must should shall will has needs')}\b",
        rf"^{_WHOM}(?: {_any('the all any every')}){{0,2}} {_MACHINE}\b.{{0,40}}[,:!—-]",
        rf"(?:^|[.!?;*#>\[(-]\s*){_any('important new updated real actual hidden secret additional special revised')} "
        rf"(?:system )?{_any('instructions? prompt directives?')}\b[^:.]{{0,40}}:",
        rf"\b(?:from now on|henceforth),? (?:you|{_VERB})\b",
        rf"{_START}(?:act as|pretend to be|role-?play as) (?:an? |the )?(?:\w+ )?(?:{_MACHINE}|dan|system|expert)\b",
        rf"{_START}pretend (?:that )?you\b",
        r"\bdeveloper mode (?:is )?(?:now )?(?:enabled|on|activated)\b",
        # What to answer is said.
        rf"{_START}(?:respond|answer|reply|conclude)\s+(?:{_any('only exactly strictly simply always')}\s+){{0,2}}"
        rf"(?:with|in|as|by saying|that)\s+(?:\S+ ){{0,5}}?{_RETURNED}",
        rf"{_START}{_TELL}\s*(?:{_any('only exactly strictly simply always')}\s+){{0,2}}:?\s*[\"'`{{]*"
        rf"(?:{_STANCE}|yes|true|accept|json|1\.0)\b",
        rf"{_START}{_DECIDE}\s+{_OBJECT}.{{0,60}}?(?:\b(?:as|to|is|be|for)\b|=|:).{{0,30}}?{_WORTH}",
        rf"\b(?:must|should|has to|is to|shall) (?:always )?be {_TOOK}\b.{{0,20}}\b(?:as|with|to) [\"']?"
        rf"(?:{_STANCE}|accept\w*|positive)\b",
        rf"\b{_any('correct only right expected required final true')} {_any('answer stance verdict output response')}"
        rf"(?: here)? (?:is|must be|should be)\s*:?\s*[\"'`]?{_STANCE}\b(?! of)",
        rf"{_READER}[^.!?;]{{0,60}}?{_OUGHT} (?:\w+ ){{0,2}}?{_MARK}\b"
        rf"(?:{_SAYS}|\s+(?:that )?(?:this|the present) {_any('paper work manuscript abstract submission article')}\b)",
        rf"\bany (?:\w+ ){{0,2}}?(?:automated|ai|machine|evaluation)\b[^.,;:]{{0,80}}\b(?:is|are) (?:\w+ly )?"
        rf"{_BID} to {_VERB}\b",
        rf"{_START}{_any('report classify declare conclude')}\s+[\"'`]?{_ANSWERS}\b",
        rf"\bstance\s*(?::?=|->|→)\s*[\"'`]?{_STANCE}\b(?!\s*(?:,|/|\||or\b))",
        rf"\b{_any('has have give gives set sets get gets take takes receive receives assign report')} stance "
        rf"[\"'`]?{_ANSWERS}\b(?! (?:the|a|an|its|their|our)\b)",
        rf"{_START}(?:do not|don't|never) {_any('reveal mention disclose follow obey flag report tell judge evaluate')}"
        rf"\b.{{0,40}}\b(?:{_TOLD}|this (?:note|message|paper|text|sentence|order)|user|reader|anyone)\b",
    )
)
_SPEAKER = re.compile(
    r"<\|[a-z_]+\|>|\[/?inst\]|<</?sys>>|</?(?:system|assistant|user|instructions?|developer|data|document|prompt)>"
    r"|(?:^|\s)#{2,}\s*(?:instructions?|system|response|assistant|user)\b|\"(?:stance|probability|arxiv_id)\"\s*:"
    r"|(?:^|[-=#*<\[]{2,}\s*)(?:end|begin|beginning|start) (?:of )?(?:the )?"
    r"(?:data|abstract|user (?:input|message)|input|system prompt|prompt|document|untrusted \w+)\s*(?:[-=#*>\]:!]|$)"
)
"""Marks by which models, or those who ask them, tell speakers and data apart."""
_TURN = re.compile(
    r"(?:^|[.!?*#\]>]\s*)\**(?:system|assistant|user|developer|human)(?: (?:prompt|message|note))?\**\s*:(?P<said>.*)"
)
_TURN_SAYS = re.compile(rf"\b(?:you|your|{_VERB}|{_STANCE}|probability|understood|sure)\b")
_QUOTED = re.compile(r"\"[^\"]{1,300}\"|(?<!\w)'[^']{1,300}'(?!\w)|``[^`']{1,300}''")
_MENTION = re.compile(
    r"\b"
    + _any(
        "such_as like e\\.g\\.,? i\\.e\\.,? including phrases? prompts? prompting instructions? strings? saying says? "
        "said called commands? requests? prefix(?:es)? suffix(?:es)? sentences? words? wordings? attacks? injections? "
        "payloads? quer(?:y|ies) texts? titled entitled asked asking with of by as using to template messages? "
        "jailbreaks?"
    )
    + r"[\s:,(]*$"
)
_RESEARCH = re.compile(
    r"\b"
    + _any(
        "attack(?:s|ing)? defen[cs]es? defending benchmark\\w* evaluat(?:ing|ion) robust\\w* injections? jailbreak\\w* "
        "stud(?:y|ies) survey analysis techniques? understanding detect\\w+ vulnerab\\w+ measuring mitigat\\w+"
    )
    + r"\b"
)


def visible(text: str) -> str:
    """The text in one line without characters that show as nothing: zero-width ones, tags, those that turn writing."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    return squeeze(_SHOW_NOTHING.sub("", "".join(kept)))


def orders(title: str, abstract: str) -> tuple[str, ...]:
    """The sentences of a paper that order a machine what to do, as they stand there."""
    pieces = [*sentences(title), *sentences(abstract)]
    # A mark may begin a line within a sentence.
    pieces += [squeeze(line) for text in (title, abstract) for line in text.splitlines()[1:]]
    return tuple(piece for piece in dict.fromkeys(pieces) if is_order(piece))


def is_order(sentence: str) -> bool:
    """Whether a sentence orders a machine what to do, or begins another speaker's turn."""
    said = visible(normal_form("NFKC", visible(sentence)).translate(_STRAIGHT).translate(_LOOKALIKES).casefold())
    if _SPEAKER.search(said):
        return True
    if (turn := _TURN.search(said)) and _TURN_SAYS.search(turn["said"]):
        return True
    bare = squeeze(_QUOTED.sub(_unless_spoken_of, said))
    # A title may begin with an order that the paper is about.
    head, colon, rest = bare.partition(": ")
    if colon and _RESEARCH.search(rest) and not head.endswith((".", "!", "?")):
        return any(order.search(rest) for order in _ORDERS)
    return any(order.search(bare) and not _is_asked(order, bare) for order in _ORDERS)


def _is_asked(order: re.Pattern[str], said: str) -> bool:
    """Whether the words are those of a question: what you should report."""
    found = order.search(said)
    return found is not None and bool(re.search(rf"\b{_ASKED} $", said[: found.start()]))


def _unless_spoken_of(quoted: re.Match[str]) -> str:
    """Nothing in the place of a quotation that the sentence speaks of."""
    before, after = quoted.string[: quoted.start()], quoted.string[quoted.end() :]
    spoken_of = _MENTION.search(before) or (before.split() and len(after.split()) >= 3)
    return " " if spoken_of else quoted[0]
