"""What stands around the papers of a digest: subject and heading, what to know first, the foot.

In plain text on one line with commands between backticks, as in `wording`.
"""

from __future__ import annotations

from litwatch.digest import alarm as alarming
from litwatch.digest import anchors, marks, wording
from litwatch.digest import notice as noticing
from litwatch.digest.coverage import closing, trouble
from litwatch.digest.room import Edition
from litwatch.digest.wording import count, listed, period, shorten
from litwatch.model import Digest, DigestKind, Section, Stance


def tally(digest: Digest) -> str:
    """ "12 papers, 2 likely contradictions, 1 anchor withdrawn": how much there is, the challenges by their kind."""
    papers = _placed(digest)
    told = count(papers, "paper") if papers else "no new papers"
    return ", ".join((told, *_challenges(digest), *anchors.tally(digest)))


def _placed(digest: Digest) -> int:
    """How many papers it tells, but for those drawn by chance."""
    return sum(entry.chance is None for entry in digest.entries)


def _challenges(digest: Digest) -> tuple[str, ...]:
    """Papers that likely challenge a claim, each counted once under its strongest mark."""
    stances = [
        next(verdict.evidence.stance for _, verdict in entry.marks if verdict.evidence.stance.challenges)
        for entry in digest.entries
        if entry.challenge
    ]
    parts = []
    if contradicting := stances.count(Stance.CONTRADICTS):
        parts.append(count(contradicting, "likely contradiction"))
    if superseding := stances.count(Stance.SUPERSEDES):
        parts.append(f"{superseding:,} likely superseding")
    return tuple(parts)


def subject(digest: Digest) -> str:
    if digest.alarm:
        return alarming.subject(digest.alarm)
    if digest.notice:
        return noticing.subject(digest.notice)
    name = "litwatch alert" if digest.kind is DigestKind.ALERT else "litwatch"
    when = period(digest.coverage.period_start, digest.coverage.period_end)
    return f"{name}: {tally(digest)} ({shorten(digest.channel, 60) or 'preview'}, {when})"


def heading(digest: Digest) -> str:
    if digest.alarm:
        return alarming.heading(digest.alarm)
    if digest.notice:
        return noticing.heading(digest.notice)
    if digest.kind is DigestKind.ALERT:
        return "litwatch alert"
    return f"litwatch, {period(digest.coverage.period_start, digest.coverage.period_end)}"


def summary(digest: Digest) -> str:
    """One line: what the reader will find."""
    if digest.alarm:
        return alarming.summary(digest.alarm, digest.coverage.categories)
    if digest.notice:
        return noticing.summary(digest.notice)
    read = f"{count(digest.coverage.papers_read, 'paper')} read"
    touched = anchors.summed_up(digest)
    papers = _placed(digest)
    if not papers:
        moved = ["the standing of claims changed"] if any(section.changes for section in digest.sections) else []
        but = " and ".join((*moved, *filter(None, (touched,))))
        beyond = " beyond what alerts told" if digest.alerted else ""
        return f"Nothing new bore on your lines{beyond}{f', but {but}' if but else ''}; {read}."
    told = count(sum(any(e.chance is None for e in section.entries) for section in digest.sections), "line")
    challenges = ", ".join(_challenges(digest)) or "none is marked as challenging a claim"
    said = f"{count(papers, 'paper')} on {told}: {challenges}."
    return " ".join((said, *([f"{touched}."] if touched else []), f"{read}."))


def caution(digest: Digest) -> str:
    """What the marks in it are, and how often such marks proved right; "" where none is left to review."""
    if not any(verdict.review is None for entry in digest.entries for _, verdict in entry.marks):
        return ""
    return " ".join(filter(None, (marks.CANDIDATES, marks.record(digest.tracks))))


def warning(digest: Digest) -> str:
    """What the reader must know before anything else; "" when all is well."""
    if digest.notice:
        return noticing.warning(digest.notice)
    return alarming.warning(digest.alarm) if digest.alarm else trouble(digest.coverage)


def details(digest: Digest) -> tuple[str, ...]:
    """Paragraphs below the summary: what there is to say of an alarm or a notice."""
    if digest.notice:
        return noticing.details(digest.notice)
    return alarming.details(digest.alarm) if digest.alarm else ()


def rest(section: Section, hidden_changes: int = 0, hidden_anchors: int = 0) -> str:
    """What a section counts without telling it; "" where nothing is."""
    slug = shorten(section.line, 60)
    parts = []
    if section.left_out:
        parts.append(f"{count(section.left_out, 'more paper')} had no room: `litwatch papers {slug}`")
    if hidden_changes:
        parts.append(f"{count(hidden_changes, 'more change')} of standing: `litwatch claims {slug}`")
    if hidden_anchors:
        parts.append(f"{count(hidden_anchors, 'more anchor')} changed: `litwatch show {slug}`")
    return " · ".join(parts)


def alerted(digest: Digest) -> str:
    """What opens the list of papers that alerts told; "" where they told none."""
    if not digest.alerted:
        return ""
    papers = len(digest.alerted)
    some = f", the last {wording.ALERTED_SHOWN} here" if papers > wording.ALERTED_SHOWN else ""
    return f"Told by alert since the last digest, and not counted above: {count(papers, 'paper')}{some}"


def identity(digest: Digest) -> tuple[str, ...]:
    """By what a person knows a repeat: the digest's id, which stays; nothing where no channel sends it."""
    if digest.channel in ("", "preview"):
        return ()
    return (f"This is {shorten(digest.id, 128)}; another message of this name is the same one, sent again.",)


def foot(edition: Edition) -> tuple[str, ...]:
    """Coverage, what is not told here, which message this is, and how to stop: one entry a line."""
    *said, stop = _foot(edition)
    return (*said, *identity(edition.whole), stop)


def _foot(edition: Edition) -> tuple[str, ...]:
    digest = edition.whole
    if digest.alarm:
        return (alarming.foot(digest.channel),)
    if digest.notice:
        return (noticing.foot(digest.notice, digest.channel),)
    said = []
    if edition.beyond:
        papers = sum(section.left_out for section in edition.beyond)
        changes = sum(edition.hidden_changes(section) for section in edition.beyond)
        counts = [count(papers, "paper")] if papers else []
        counts += [count(changes, "change") + " of standing"] if changes else []
        changed = sum(edition.hidden_anchors(section) for section in edition.beyond)
        counts += [f"what became of {count(changed, 'anchor')}"] if changed else []
        names = listed([section.line for section in edition.beyond])
        said.append(f"No room here for {' and '.join(counts)} on {names}: `litwatch papers LINE`")
    if edition.quiet:
        said.append(f"Nothing new on {listed(edition.quiet)}.")
    said += closing(digest.coverage)
    said.append("All that matched: `litwatch papers LINE`. Where each claim stands: `litwatch claims LINE`.")
    if any(entry.chance is not None for entry in edition.cut.entries):
        said.append("To be told nothing that is drawn by chance, set `explore = 0` under [rank] in litwatch.toml.")
    channel = shorten(digest.channel, 60)
    if channel in ("", "preview"):
        said.append("A preview: no channel sends it. Add one as [channels.NAME] in litwatch.toml.")
    elif digest.kind is DigestKind.ALERT:
        said.append(f"Sent at once by your channel {channel}; `alerts = false` under [channels.{channel}] stops it.")
    else:
        said.append(
            f"Sent by your channel {channel}. To stop it, remove [channels.{channel}] from litwatch.toml; "
            "to rest one line, `litwatch pause LINE`."
        )
    return tuple(said)
