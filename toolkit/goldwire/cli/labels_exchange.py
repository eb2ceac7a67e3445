"""`goldwire labels push` and `goldwire labels pull`: to Label Studio, and back."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldwire.cli import labels_predictions, output
from goldwire.cli.adopted import stories
from goldwire.cli.labels_predictions import Extra, Mentions, Model, Predictions, Relations, Without
from goldwire.cli.server_options import Insecure, verify

if TYPE_CHECKING:
    from goldwire.labels.foreign.adopt import Adopted
    from goldwire.study import Study

Round = Annotated[str, typer.Argument(metavar="ROUND", help="The name of the round.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(group: typer.Typer) -> None:
    """Add the commands to `goldwire labels`."""
    group.command()(push)
    group.command()(pull)


def push(
    round_: Round,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete tasks that are not in the round any more, and have no answer.")
    ] = False,
    predictions: Predictions = None,
    without: Without = False,
    mentions: Mentions = None,
    relations: Relations = None,
    model: Model = None,
    extra: Extra = "error",
    insecure: Insecure = False,
    as_json: AsJson = False,
) -> None:
    """Send a round's tasks to Label Studio; make its project when it is not there, of a blind round one an annotator.

    The server is that of LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY. Pushing again adds what is new and updates what
    changed, where nobody has answered. It may be interrupted: the next push finds what arrived.

    With --predictions, and in a round that eval next made, annotators start from a model's answers, and tend to leave
    them: keep some units without.

    Example: goldwire labels push events-1 --dry-run
    """
    from goldwire.labels import rounds
    from goldwire.labels.exchange import push_round
    from goldwire.labels.predictions.preannotate import preannotate_round, refuse_adjudication
    from goldwire.labels.server import connect
    from goldwire.study import find

    study = find(Path.cwd())
    own = study.rounds / round_ / rounds.PREDICTIONS
    given = predictions or [], mentions or [], relations or []
    files = labels_predictions.files_of(given, own if own.is_file() else None, model, without=without)
    wanted = any(files)
    if wanted:
        refuse_adjudication(rounds.read(study.rounds / round_))  # before anything is sent
    client = connect(verify=verify(insecure))
    value = push_round(
        study,
        round_,
        client=client,
        dry_run=dry_run,
        delete=delete,
        progress=lambda n: output.progress(f"{n} imported"),
    )
    _warn(value)
    if wanted:
        value["predictions"] = preannotate_round(
            study,
            round_,
            value["projects"],
            client=client,
            predictions=files[0],
            mentions=files[1],
            relations=files[2],
            model=model,
            extra=extra,
            dry_run=dry_run,
            progress=lambda n: output.progress(f"{n} predictions"),
        )
        value["predictions"]["files"] = [
            path.relative_to(study.root).as_posix() if path == own else str(path)
            for path in files[0] + files[1] + files[2]
        ]
    output.emit(value, as_json, lambda: _pushed(value))


def pull(
    round_: Round,
    project: Annotated[
        int | None,
        typer.Option(
            metavar="ID", help="A project that goldwire did not make, or whose mark was removed.", show_default=False
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="EXPORT", help="An export as JSON that was downloaded by hand.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="With --file: the project's labelling configuration, XML.", show_default=False
        ),
    ] = None,
    text_field: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="The field of a task that has the text.", show_default=False),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything, and write every task again, changed or not.")
    ] = False,
    drafts: Annotated[bool, typer.Option("--drafts", help="Bring answers that were only begun.")] = False,
    proof: Annotated[
        bool, typer.Option("--verify", help="Also compare with everything on the server; 3 when it differs.")
    ] = False,
    insecure: Insecure = False,
    as_json: AsJson = False,
) -> None:
    """Bring a round's answers back, as a new part file when anything changed.

    The first pull reads everything, the next ones what changed since. A project that goldwire did not make becomes a
    round of its own with --project ID: its texts become articles, its configuration the draft of a scheme.

    Example: goldwire labels pull events-1
    """
    from goldwire.errors import UsageError
    from goldwire.labels import exchange
    from goldwire.labels.foreign import takeover
    from goldwire.labels.server import connect
    from goldwire.study import find

    if proof and (full or drafts):
        raise UsageError("--verify does not go with --full or --drafts", hint="Use one of them.")
    if config and not file:
        raise UsageError("--config goes with --file: a project on the server has its own")
    study = find(Path.cwd())
    if file:
        if proof or full or drafts or project:
            raise UsageError("--file goes with --config and --text-field alone", hint="A file is read whole.")
        made, brought = takeover.adopt_file(
            study, round_, file, stories=stories(study), config=config, text_field=text_field
        )
        _adopted(made, study)
        told = {**asdict(brought), "part": brought.part and brought.part.relative_to(study.root).as_posix()}
        output.emit({**told, "deleted": 0}, as_json, lambda: _from_file(told))
        return
    client = connect(verify=verify(insecure))
    if takeover.is_foreign(study, round_, project):
        _adopted(
            takeover.adopt_project(
                study, round_, project, client=client, stories=stories(study), text_field=text_field
            ),
            study,
        )
    elif text_field:
        raise UsageError("--text-field goes with --file, and with --project of a project that goldwire did not make")
    if proof:
        value = exchange.verify_round(study, round_, client=client, project=project)
    else:
        value = exchange.pull_round(study, round_, client=client, full=full, drafts=drafts, project=project)
    output.emit(value, as_json, lambda: _pulled(value))
    if proof:
        exchange.refuse_difference(value, round_)


def _warn(value: dict[str, Any]) -> None:
    for unit in value["kept"]:
        output.say(f"Warning: {unit} would change, or go, and stays, since somebody has answered or begun it")
    if left := value["left"]:
        output.say(
            f"Warning: {len(left)} tasks are not in the round any more, such as {left[0]}; to delete those without "
            "answers: --delete"
        )


def _pushed(value: dict[str, Any]) -> str:
    projects = ", ".join(map(str, value["projects"])) or "None"
    lines = [
        f"project {projects}: {value['created']} created, {value['updated']} updated, "
        f"{value['unchanged']} unchanged, {value['deleted']} deleted"
    ]
    if value.get("lists"):
        lines.append("Adjudicators open each task from the list, where every answer is a tab above the form:")
        lines += [f"{who}  {address}" for who, address in value["tabs"].items()] or value["lists"]
    elif value["tabs"]:
        lines.append('Send each annotator their address; there they choose "Label Tasks As Displayed":')
        lines += [f"{who}  {address}" for who, address in value["tabs"].items()]
    if "predictions" in value:
        lines.append(labels_predictions.text(value["predictions"]))
    return "\n".join(lines)


def _adopted(made: "Adopted", study: "Study") -> None:
    """Say what became of a project that goldwire did not make."""
    for remark in [*made.remarks, *made.problems]:
        output.say(f"Warning: {remark}")
    if made.units:
        path = made.scheme_file.relative_to(study.root)
        output.say(f"{made.articles} articles, {made.units} units; the scheme is a draft, to be filled in: {path}")


def _from_file(value: dict[str, Any]) -> str:
    written = f" -> {value['part']}" if value["part"] else ", nothing to write"
    return (
        f"{value['tasks']} tasks, {value['annotations']} answers: {value['new']} new, "
        f"{value['changed']} changed{written}"
    )


def _pulled(value: dict[str, Any]) -> str:
    written = " -> " + ", ".join(value["parts"]) if value["parts"] else ", nothing to write"
    same = "\nEverything on the server is in the parts." if value.get("differing") == [] else ""
    return (
        f"{value['tasks']} tasks, {value['annotations']} answers: {value['new']} new, "
        f"{value['changed']} changed, {value['deleted']} deleted{written}{same}"
    )
