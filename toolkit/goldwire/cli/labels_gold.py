"""`goldwire labels gold`: one answer from several."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import output, votes_file
from goldwire.cli.votes_file import Annotator, Duplicates, Label, Recode, Unit

if TYPE_CHECKING:
    import pyarrow as pa

    from goldwire.labels.gold.plain import Reading
    from goldwire.study import Study

Method = Literal["majority", "dawid-skene", "mace"]
Ties = Literal["unresolved", "first-label", "random"]


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire labels`."""
    group.command()(gold)


def gold(
    votes: Annotated[
        Path | None,
        typer.Argument(metavar="VOTES", help="A table of votes; without it, the study's.", show_default=False),
    ] = None,
    method: Annotated[
        Method | None,
        typer.Option(help="How votes become gold; else as params.yaml says, or majority.", show_default=False),
    ] = None,
    ties: Annotated[
        Ties | None,
        typer.Option(help="What becomes of a tie; else as params.yaml says, or unresolved.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of MACE, random ties and intervals; else that of params.yaml, or 0.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Score the methods against what is known; write nothing.")
    ] = False,
    gold_column: Annotated[
        str | None,
        typer.Option(metavar="COL", help="With --compare and VOTES: column with what is known.", show_default=False),
    ] = None,
    unit: Unit = None,
    annotator: Annotator = None,
    label: Label = None,
    duplicates: Duplicates = None,
    recode: Recode = None,
    into: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="With VOTES: where gold goes.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decide one answer from the votes: by majority, Dawid-Skene or MACE. Adjudicated units keep their ruling.

    A tie is flagged, whatever settles it. With --compare the methods are scored against what adjudicators
    ruled, or against a column of VOTES.
    Mentions and relations are decided by majority, or by dawid-skene where that is the method.

    Example: goldwire labels gold votes.csv --unit task --annotator worker --label label -o gold.csv
    """
    from goldwire.errors import UsageError

    if gold_column is not None and not (compare and votes):
        raise UsageError("--gold-column goes with VOTES and --compare", hint="Name the table, and give --compare.")
    if compare and (into or method or ties):
        raise UsageError("--compare scores every method and writes nothing", hint="Leave out --method, --ties, -o.")
    if votes is None:
        votes_file.only_with_votes(
            unit=unit, annotator=annotator, label=label, duplicates=duplicates, recode=recode, output=into
        )
        value = _of_study(compare, method, ties, seed)
    else:
        from goldwire.labels.gold.plain import Reading

        votes_file.check_columns(unit=unit, annotator=annotator, label=label)
        votes_file.check_output(into, votes, recode)
        reading = Reading(unit, annotator, label, duplicates, recode)
        value = _of_file(votes, reading, compare, gold_column, method or "majority", ties or "unresolved", seed, into)
    output.emit(value, as_json, lambda: _compared(value) if compare else _counts(value))


def _of_study(compare: bool, method: Method | None, ties: Ties | None, seed: int | None) -> dict[str, Any]:
    from goldwire.labels import stages
    from goldwire.study import find

    study = find(Path.cwd())
    if compare:
        return stages.compare_methods(study, seed=seed)
    _say_other(study, {"gold.method": method, "gold.ties": ties, "seed": seed})
    return stages.gold(study, method=method, ties=ties, seed=seed).summary


def _say_other(study: "Study", given: dict[str, str | int | None]) -> None:
    """What differs from params.yaml lasts until `dvc repro` decides again, and goes into no dataset."""
    params = study.params()
    said = {"gold.method": params.gold.method, "gold.ties": params.gold.ties, "seed": params.seed}
    for name, value in given.items():
        if value is not None and value != said[name]:
            output.say(
                f"Warning: {study.params_file} says {name}: {said[name]}, and dvc repro decides by that. To keep "
                f"{value}, write it there."
            )


def _of_file(
    path: Path,
    reading: "Reading",
    compare: bool,
    gold_column: str | None,
    method: Method,
    ties: Ties,
    seed: int | None,
    into: Path | None,
) -> dict[str, Any]:
    from goldwire import tables
    from goldwire.errors import UsageError
    from goldwire.labels.gold import plain

    if compare and gold_column is None:
        raise UsageError("--compare needs what is known", hint="Name its column: --gold-column COL")
    if into is not None:
        tables.ending(into)
    table = votes_file.read(path)
    with votes_file.in_file(path):
        read = plain.read(table, reading)
        if reading.recode is not None:
            votes_file.say_recoding(read.applied, read.unknown)
        if gold_column is not None:
            return plain.compare(read, gold_column, seed or 0)
        made = plain.decide_table(read, method=method, ties=ties, seed=seed or 0)
    if into is not None:
        with votes_file.writing(into):
            tables.write(made, into)
    return {"method": method, "ties_policy": ties, "seed": seed or 0, **_tally(made)}


def _tally(made: "pa.Table") -> dict[str, Any]:
    decided = made["decided_by"].to_pylist()
    return {
        "rows": made.num_rows,
        "decided_by": {name: decided.count(name) for name in sorted(set(decided))},
        "ties": sum(made["tied"].to_pylist()),
    }


def _counts(value: dict[str, Any]) -> str:
    decided = ", ".join(f"{count} {name}" for name, count in value["decided_by"].items())
    spans = f"; {value['mentions']} mentions, {value['relations']} relations" if "mentions" in value else ""
    lines = [f"{value['rows']} answers by {value['method']}: {decided}; {value['ties']} ties{spans}"]
    lines += [
        f"{fit['question']}: did not converge in {fit['iterations']} iterations"
        for fit in value.get("models", [])
        if fit.get("converged") is False
    ]
    lines += [
        f"{fit['question'] or 'the model'}: {doubt}"
        for fit in value.get("models", [])
        for doubt in fit.get("doubts", [])
    ]
    return "\n".join(lines)


def _compared(value: dict[str, Any]) -> str:
    questions = value.get("questions", {"": value})
    rows = [
        [
            name,
            method,
            question["n"],
            *(_figure(found[key]) for key in ("right", "right_if_drawn", "unresolved", "kappa")),
        ]
        for name, question in questions.items()
        for method, found in question["methods"].items()
    ]
    header = ["question", "method", "units", "right", "right if ties are drawn", "unresolved", "kappa"]
    if "questions" not in value:
        header, rows = header[1:], [row[1:] for row in rows]
    parts = [output.table(header, rows)] if rows else []
    parts += [_compared_spans(kind, value[kind]) for kind in ("mentions", "relations") if value.get(kind)]
    return "\n\n".join([*parts, *([value["warning"]] if "warning" in value else [])])


def _compared_spans(kind: str, layers: dict[str, Any]) -> str:
    rows = [
        [name, method, layer["n"], layer["of"], layer["marked"], found["marked"]]
        + [_figure(found[key]) for key in ("exact", "overlap")]
        for name, layer in layers.items()
        for method, found in layer["methods"].items()
    ]
    lines = [output.table([kind, "method", "units", "which", "ruled", "found", "F1 exact", "F1 overlap"], rows)]
    if any(layer["of"] == "ruled" for layer in layers.values()):
        lines.append(
            f"ruled: no dispute names these {kind}, so all ruled units are taken. There the adjudicators began from "
            "what the majority marked, which favours the majority."
        )
    return "\n".join(lines)


def _figure(one: dict[str, Any]) -> str:
    return output.figure(one["value"], one["low"], one["high"])
