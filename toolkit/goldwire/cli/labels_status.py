"""`goldwire labels status` and `goldwire labels retest`: how far rounds are, and asking again after weeks."""

from pathlib import Path
from typing import Annotated, Any

import typer

from goldwire.cli import output

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(group: typer.Typer) -> None:
    """Add the commands to `goldwire labels`."""
    group.command()(status)
    group.command()(retest)


def status(
    round_: Annotated[
        str | None,
        typer.Argument(metavar="ROUND", help="The name of the round; all rounds without it.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how far rounds are, as of the last pull: done, skipped, who, how fast, until when, agreement so far.

    The expected end divides what is missing by the answers per day of the last seven days with an answer: at their
    upper and at their lower quartile. No server is asked: goldwire labels pull ROUND brings the numbers up to date.

    Example: goldwire labels status events-1
    """
    from goldwire.labels.team import status as labels_status
    from goldwire.study import find

    study = find(Path.cwd())
    if round_ is None:
        rows = labels_status.overview(study)
        output.emit({"rounds": rows}, as_json, lambda: _overview_text(rows))
    else:
        value = labels_status.status(study, round_)
        output.emit(value, as_json, lambda: _status_text(value))


def retest(
    name: Annotated[str, typer.Argument(metavar="NEW_ROUND", help="The round to make, or to add to.")],
    of: Annotated[str, typer.Option("--of", metavar="ROUND", help="The round whose units are asked again.")],
    units: Annotated[
        int | None, typer.Option("--units", metavar="N", help="Units for each annotator.", show_default=False)
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", help="Or the share of each annotator's units; 0.1.", show_default=False)
    ] = None,
    after: Annotated[int, typer.Option("--after", metavar="DAYS", help="Days since the first answer.")] = 21,
    annotator: Annotated[
        list[str] | None,
        typer.Option("--annotator", metavar="PSEUDONYM", help="Who is asked; all without it. Give it for each."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the draw; that of params.yaml.", show_default=False)] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Count days until then; today.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask annotators again what they answered weeks ago, in a blind round. These answers never count as votes.

    Pull ROUND first. Push NEW_ROUND, and when it is answered, pull it: goldwire labels status NEW_ROUND then says how
    well they agree with themselves. Ask them not to look into the project of ROUND, where their first answers stand.

    Example: goldwire labels retest events-1-again --of events-1 --share 0.1 --after 28
    """
    from dataclasses import asdict

    from goldwire.labels.team.retest import make_retest
    from goldwire.study import find

    made = make_retest(
        find(Path.cwd()),
        name,
        of,
        units=units,
        share=share,
        after=after,
        annotators=annotator or (),
        seed=seed,
        as_of=_date(as_of),
    )
    rows = [[one.annotator, one.old, one.asked, one.new] for one in made.annotators]
    head = f"{made.units} units in {name}, {made.added} of them new"
    output.emit(asdict(made), as_json, lambda: f"{head}\n{output.table(['annotator', 'old', 'asked', 'new'], rows)}")


def _date(text: str | None) -> Any:
    from datetime import date

    from goldwire.errors import UsageError

    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UsageError(f'"{text}" is no date', hint="Give it as 2026-03-31.") from None


def _overview_text(rows: list[dict[str, Any]]) -> str:
    header = ["round", "scheme", "units", "done", "begun", "skipped", "left", "answers", "a day", "end", "pulled"]
    return output.table(
        header,
        [
            [
                *(row[name] for name in ("round", "scheme", "units", "done", "begun", "skipped", "left", "answers")),
                _per_day(row["rate"]["per_day"] if row["rate"] else None),
                _end(row),
                row["pulled"] or ("file" if row["from_file"] else "never"),
            ]
            for row in rows
        ],
    )


def _status_text(value: dict[str, Any]) -> str:
    again = f", asks {value['retest_of']} again" if value["retest_of"] else ""
    again += f", settles {', '.join(value['adjudicates'])}" if value["adjudicates"] else ""
    pulled = value["pulled"] or ("an export" if value["from_file"] else "no pull yet")
    lines = [
        f"round {value['round']}: scheme {value['scheme']}{again}; as of {pulled}",
        f"units: {value['units']}; {value['done']} done, {value['begun']} begun, {value['skipped']} skipped, "
        f"{value['left']} left",
        f"answers: {value['answers']} submitted, {value['skips']} skipped, {value['remaining']} to come"
        + _speed(value["rate"]),
        f"expected end: {_end(value)}",
        "",
        output.table(*_annotators_table(value)),
    ]
    for key, what in (("agreement", "agreement so far"), ("agreement_without_references", "without known answers")):
        if value[key]:
            lines += ["", output.table(*_agreement_table(what, value[key]["questions"]))]
    if value["retest"]:
        lines += ["", output.table(*_retest_table(value["retest"]))]
    return "\n".join(lines)


def _annotators_table(value: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    counts = ["assigned", "answered", "skipped", "left"]
    header = ["annotator", *counts, "median s", "a day", "last day", "first", "last"]
    known = [name for name in ("calibration", "control") if any(one[name] for one in value["annotators"])]
    rows = [
        [
            one["annotator"] + _gone(one),
            *(one[name] for name in counts),
            _per_day(one["lead_time_s"]),
            _per_day(one["per_day"]),
            *(one[name] for name in ("last_day", "first", "last")),
            *(_score(name, one[name], value["threshold"]) for name in known),
        ]
        for one in value["annotators"]
    ]
    return [*header, *known], rows


def _agreement_table(what: str, questions: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    rows = [[name, one["units_with_two"], output.figure(**_bounds(one["alpha"]))] for name, one in questions.items()]
    return [what, "units with two", "alpha"], rows


def _retest_table(found: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [
            row["annotator"] or "all",
            *(row[name] for name in ("question", "units", "unsure")),
            output.figure(**_bounds(row["agreement"])),
            output.figure(**_bounds(row["alpha"])),
            row["kappa"],
        ]
        for row in found
    ]
    return ["first and second answer of", "question", "units", "unsure", "the same", "alpha", "kappa"], rows


def _score(name: str, score: dict[str, Any] | None, threshold: float | None) -> str | None:
    if score is None or score["of"] == 0:
        return None
    text = f"{score['right']}/{score['answered']}"
    if score["unsure"]:
        text += f", {score['unsure']} unsure"
    if name == "control":
        bounds = _bounds(score["share"])
        return text if bounds["low"] is None else f"{text} [{bounds['low']:.2f}, {bounds['high']:.2f}]"
    if threshold is None:
        return f"{text} of {score['of']}"
    return {True: f"{text} passed", False: f"{text} failed", None: f"{text} of {score['of']}, not yet"}[
        score["passed"]
    ]


def _gone(one: dict[str, Any]) -> str:
    if one["active"]:
        return ""
    return " (has left)" if one["assigned"] else " (not in the round)"


def _bounds(interval: dict[str, Any]) -> dict[str, float | None]:
    return {name: interval[name] for name in ("value", "low", "high")}


def _speed(rate: dict[str, Any] | None) -> str:
    if rate is None:
        return ""
    return f"; {_per_day(rate['per_day'])} a day ({_per_day(rate['slow'])} to {_per_day(rate['fast'])})"


def _per_day(number: float | None) -> str | None:
    return None if number is None else f"{number:.1f}"


def _end(value: dict[str, Any]) -> str:
    end = value["expected_end"]
    if end["earliest"] is None:
        return end["why"] if value["remaining"] == 0 else f"unknown: {end['why']}"
    return end["earliest"] if end["earliest"] == end["latest"] else f"{end['earliest']} to {end['latest']}"
