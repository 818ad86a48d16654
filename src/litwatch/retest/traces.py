"""Which command gives which figure of a report again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from litwatch.digest.wording import day
from litwatch.model import Durability, Status
from litwatch.retest.report import Held, Report, Trace

HOW = (
    "`jq` cuts a figure out of JSON. Every id, date, probability and sentence of a mark stands in `litwatch claims`; "
    "what is below the threshold in `litwatch review`; since when a category is whole in `litwatch show`; all with "
    "`--json`."
)


def traces(report: Report) -> tuple[Trace, ...]:
    """In the order in which the figures stand in the report; what is none of anything has no row, but where none is
    the news."""
    return tuple(_traces(report))


def _traces(report: Report) -> Iterator[Trace]:
    line, looked = shlex.quote(report.line.slug), report.looked
    since = f"{report.since:%Y-%m-%d}"
    claims, show = f"litwatch claims {line} --json", f"litwatch show {line} --json"
    papers, fresh = f"litwatch papers {line} --json", f"litwatch papers {line} --since {since} --json"

    again = f"litwatch retest {line}{'' if report.months == 6 else f' --months {report.months:g}'} --json --no-model"

    def jq(command: str, pattern: str) -> str:
        return f"{command} | jq '{pattern}'"

    yield Trace(
        figure="claims held",
        value=len(report.open_claims),
        command=jq(claims, 'map(select(.status!="retired")) | length'),
    )
    for status in Status:
        if number := sum(held.status is status for held in report.claims):
            pattern = f'map(select(.status=="{status}")) | length'
            yield Trace(figure=f"claims that are {status}", value=number, command=jq(claims, pattern))
    yield Trace(
        figure=f"matches since {day(report.since)} with a likely challenge",
        value=looked.marked,
        command=jq(fresh, "map(select(.challenges != [])) | length"),
    )
    if report.revised:
        yield Trace(
            figure="older papers that are marked by a newer version",
            value=report.revised,
            command=jq(again, ".against.revised"),
        )
    if report.older:
        yield Trace(
            figure="older papers that are marked against a claim",
            value=len(report.older),
            command=jq(again, ".older | length"),
        )
    if report.challenges:
        first = report.challenges[0].verdict
        yield Trace(
            figure=f"probability of verdict {first.id}; that of any other by its number",
            value=round(first.evidence.probability, 4),
            command=jq(claims, f".[].verdicts[] | select(.verdict=={first.id}) | .probability"),
        )
    for held in report.open_claims:
        yield from _evidence(held, report, claims)
    for side in Durability:
        yield Trace(
            figure=f"{side} claims",
            value=len(report.lasting(side)),
            command=jq(again, f".{side} | length"),
        )
    yield Trace(
        figure=f"stored papers submitted since {day(report.since)}",
        value=looked.stored,
        command=f"litwatch papers --all --since {since} | jq -s 'length'",
    )
    yield Trace(figure="those among them that match the line", value=looked.matched, command=jq(fresh, "length"))
    yield Trace(figure="matches of any date", value=looked.matched_ever, command=jq(show, ".matches"))
    yield Trace(
        figure="verdicts that you reviewed",
        value=looked.reviewed,
        command=jq(claims, "[.[].verdicts[] | select(.review and (.earlier_wording | not))] | length"),
    )
    yield Trace(
        figure="likely challenges that nobody reviewed",
        value=looked.unread,
        command=jq(papers, "[.[].marks[] | select(.review == null)] | length"),
    )
    harvests = f"litwatch harvests --since {since} --json"
    yield Trace(figure=f"harvests since {day(report.since)}", value=looked.harvests, command=jq(harvests, "length"))
    if looked.harvests_ill:
        pattern = 'map(select(.state=="stalled" or .state=="failed")) | length'
        yield Trace(figure="those that stalled or failed", value=looked.harvests_ill, command=jq(harvests, pattern))
    if looked.anchors:
        yield Trace(figure="papers that the line cites", value=looked.anchors, command=jq(show, ".anchors | length"))
    if looked.anchors_withdrawn:
        pattern = '.anchors | map(select(.state=="withdrawn")) | length'
        yield Trace(figure="those that were withdrawn", value=looked.anchors_withdrawn, command=jq(show, pattern))


def _evidence(held: Held, report: Report, claims: str) -> Iterator[Trace]:
    likely = f'(.review=="confirmed" or .probability>={report.threshold:g})'
    for number, what, stance in (
        (len(held.against), "against", '.stance!="supports"'),
        (len(held.support), "for", '.stance=="supports"'),
    ):
        if number:
            pattern = (
                f'[.[] | select(.id=="{held.claim.id}").verdicts[] | select(.counts and {stance} and {likely}) '
                "| .arxiv_id] | unique | length"
            )
            yield Trace(figure=f"papers {what} {held.claim.id}", value=number, command=f"{claims} | jq '{pattern}'")
    if held.weaker:
        yield Trace(
            figure=f"candidates below the threshold on {held.claim.id}",
            value=held.weaker,
            command=f"{claims} | jq '.[] | select(.id==\"{held.claim.id}\") | .below_threshold'",
        )
