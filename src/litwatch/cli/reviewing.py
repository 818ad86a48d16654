"""The command `review`: the reader's word on what waits for it, one key each."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session, clock
from litwatch.model import Review

if TYPE_CHECKING:
    from litwatch.model import Line
    from litwatch.service.review_queue import Item

_NARROWEST, _WIDEST = 20, 80
_KEYS = "[c]onfirm  [r]eject  [s]kip  [o]pen its page  [a]bstract  [b]ack  [q]uit"
_END_OF_INPUT = "\x04"
"""What Ctrl-D is where keys come singly."""
_ESCAPE = "\x1b"
_SEQUENCE_SECONDS = 0.05
"""Within which the rest of a key's sequence comes."""
_HELP = """\
c  it is right: the paper does to the claim what the candidate says
r  it is wrong
s  not now: it comes again after all else
o  the paper's page on arXiv, in your browser where there is one
a  the abstract, here
b  back to the last one, to say otherwise
q  leave; what you said is kept, and the rest waits"""


def register(app: typer.Typer) -> None:
    app.command("review")(review)


def review(
    name: Annotated[str | None, typer.Argument(metavar="[LINE]", help="Only this line's; without it all.")] = None,
    taken: Annotated[
        bool,
        typer.Option("--taken", help="With --json: also papers that `check --take` brought; they have no verdict."),
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Go through the verdicts that wait for your word, the most useful first, one key each."""
    from litwatch.service.review_queue import review_queue

    session = Session(config)
    lines = (session.line(name),) if name else tuple(line for line in session.lines if line.active)
    session.catch_up()

    def queue() -> list[Item]:
        return review_queue(session.store, lines, session.config.judge.threshold)

    if json:
        show.as_json([_row(item) for item in queue() if item.verdict or taken])
        return
    waiting = queue()
    if not waiting:
        show.say("Nothing waits for your word.")
        return
    with _single_keys():
        answered = _Round(session, queue).go()
    left = len(queue())
    show.say(f"{left:,} left; `litwatch review{f' {name}' if name else ''}` goes on." if left else "Nothing is left.")
    _take_up(session, [line for line in lines if line.slug in answered])


class _Round:
    """One sitting. queue: what waits, anew after each answer, for an answer may make another one matter less."""

    def __init__(self, session: Session, queue: Callable[[], list[Item]]) -> None:
        self.session = session
        self.queue = queue
        self.passed: set[str] = set()
        """Keys of what was put off in this sitting."""
        self.last: Item | None = None
        self.lines: dict[str, None] = {}
        """Slugs of lines that a word was given on."""

    def go(self) -> dict[str, None]:
        """Until nothing is left or the reader leaves; gives the lines that a word was given on."""
        try:
            while left := self._left():
                if not self._ask(left[0], len(left)):
                    break
        except (KeyboardInterrupt, EOFError):
            show.say("")
        return self.lines

    def _left(self) -> list[Item]:
        return [item for item in self.queue() if item.key not in self.passed]

    def _ask(self, item: Item, left: int) -> bool:
        """False where the reader leaves."""
        _say(item, left)
        while True:
            key = _key(_KEYS)
            if key in ("c", "r"):
                self._answer(item, Review.CONFIRMED if key == "c" else Review.REJECTED)
                return True
            if key == "s":
                self._put_off(item)
                return True
            if key == "q":
                return False
            if key == "b":
                if self.last is None:
                    show.say("This is the first one.")
                    continue
                item = self.last
                _say(item, left)
            elif key == "o":
                show.say(item.paper.url)
                if sys.stdin is not None and sys.stdin.isatty():
                    typer.launch(item.paper.url)
            elif key == "a":
                _paragraph(item.paper.abstract or "Its text is kept no longer.", "  ")
            else:
                show.say(_HELP)

    def _answer(self, item: Item, review: Review) -> None:
        from litwatch.service.review_queue import answer

        answer(self.session.store, item, review, now=clock())
        self.last = item
        self.lines[item.line] = None
        self.passed.add(item.key)
        show.say(f"{review}.{_moved(item, review)}")

    def _put_off(self, item: Item) -> None:
        from litwatch.service.review_queue import put_off

        put_off(self.session.store, item, now=clock())
        self.passed.add(item.key)
        self.last = item
        show.say("Put off.")


@contextmanager
def _single_keys() -> Iterator[None]:
    """Has a terminal give each key as it is pressed, and none that was pressed before its question is lost. Where it
    cannot, as where none is there, a key counts once the line is ended."""
    try:
        import termios
        import tty
    except ImportError:
        yield
        return
    if sys.stdin is None or not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _key(prompt: str) -> str:
    """One key, in lower case; blanks and line ends are none. Raises EOFError at the end of the input."""
    sys.stdout.write("\n".join(_rows(prompt, "")) + " ")
    sys.stdout.flush()
    while (key := _next()).isspace():
        pass
    if key in ("", _END_OF_INPUT):
        raise EOFError
    show.say(key if key.isprintable() else "")
    return key.lower()


def _next() -> str:
    if sys.stdin is None:
        return ""
    if not sys.stdin.isatty():
        return sys.stdin.read(1)
    # Not through the buffer of sys.stdin, which waits for more than one.
    terminal = sys.stdin.fileno()
    key = os.read(terminal, 1).decode("ascii", "replace")
    if key == _ESCAPE:
        # An arrow or the like: the rest of its sequence holds letters, and none of them is an answer.
        while select.select([terminal], [], [], _SEQUENCE_SECONDS)[0]:
            os.read(terminal, 16)
    return key


def _say(item: Item, left: int) -> None:
    from litwatch.cli import marked
    from litwatch.digest import marks, wording

    paper, claim, verdict = item.paper, item.claim, item.verdict
    show.say("")
    show.say(f"{item.line}, {left} to review" + (", put off before" if item.skipped_at else ""))
    if claim and verdict:
        _paragraph(f"You hold {claim.id}: {claim.text or claim.title}", "")
        if item.kind == "reworded":
            stance = verdict.evidence.stance
            _paragraph(f"You confirmed that this {stance} it when {claim.id} read otherwise: does it still?", "")
        else:
            _paragraph(marked.head(claim, verdict), "")
    else:
        _paragraph("A paper that you took in: is it useful for this line?", "")
    _paragraph(wording.title(paper), "  ")
    _paragraph(", ".join(wording.byline(paper)), "  ")
    if verdict:
        for said in (wording.quote(verdict.evidence.sentence), marks.because(verdict)):
            _paragraph(said, "  ")
        _paragraph(_effect(item), "  ")


def _effect(item: Item) -> str:
    """What either answer does to the claim's standing."""
    claim = item.claim.id if item.claim else ""
    if item.if_confirmed is item.now_stands and item.if_rejected is item.now_stands:
        return f"Either way {claim} stays {item.now_stands}."
    return f"{claim} is {item.now_stands}; confirmed it would be {item.if_confirmed}, rejected {item.if_rejected}."


def _moved(item: Item, review: Review) -> str:
    after = item.if_confirmed if review is Review.CONFIRMED else item.if_rejected
    if item.claim is None or after is None or after is item.now_stands:
        return ""
    return f" {item.claim.id}: {item.now_stands} → {after}"


def _paragraph(text: str, inset: str) -> None:
    for row in _rows(show.safe(text), inset):
        show.say(row)


def _rows(text: str, inset: str) -> list[str]:
    width = min(max(get_terminal_size().columns, _NARROWEST), _WIDEST)
    return wrap(text, width, initial_indent=inset, subsequent_indent=inset, break_on_hyphens=False)


def _row(item: Item) -> dict[str, Any]:
    verdict = item.verdict
    evidence = verdict.evidence if verdict else None
    return {
        "verdict": verdict.id if verdict else None,
        "line": item.line,
        "claim": item.claim.id if item.claim else None,
        "arxiv_id": item.paper.arxiv_id,
        "stance": str(evidence.stance) if evidence else None,
        "probability": round(evidence.probability, 4) if evidence else None,
        "sentence": evidence.sentence if evidence else None,
        "kind": str(item.kind),
        "version": verdict.version if verdict else item.paper.version,
        "title": item.paper.title,
        "url": item.paper.url,
        "method": evidence.method if evidence else None,
        "reason": evidence.reason if evidence else None,
        "standing": str(item.now_stands) if item.now_stands else None,
        "if_confirmed": str(item.if_confirmed) if item.if_confirmed else None,
        "if_rejected": str(item.if_rejected) if item.if_rejected else None,
        "worth": round(item.worth, 4),
        "skipped": item.skipped_at,
    }


def _take_up(session: Session, lines: Sequence[Line]) -> None:
    """Moves the rankings by what was said."""
    from litwatch.service.feedback import take_up

    for line in lines:
        take_up(session.store, line, session.bench.ranker, now=session.now)
