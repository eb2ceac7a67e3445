"""The command tree. Groups are named after the folders of a study."""

import os
from pathlib import Path
from typing import Annotated

import typer

from goldwire import __version__
from goldwire.cli import (
    corpus,
    corpus_sample,
    corpus_view,
    evaluate,
    evaluate_audit,
    evaluate_baselines,
    evaluate_benchmark,
    evaluate_compare,
    evaluate_curve,
    evaluate_next,
    evaluate_predict,
    evaluate_report,
    evaluate_score,
    evaluate_suspects,
    labels,
    labels_adjudicate,
    labels_agreement,
    labels_dataset,
    labels_diff,
    labels_enough,
    labels_exchange,
    labels_export,
    labels_gold,
    labels_migrate,
    labels_people,
    labels_publish,
    labels_quality,
    labels_split,
    labels_status,
    project,
    schemes,
    studio,
)
from goldwire.errors import GoldwireError

app = typer.Typer(
    name="goldwire",
    help="Labelled news data that can be trusted, and evaluations whose every number can be defended.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
project.register(app)
corpus_view.register(corpus.group)
corpus_sample.register(corpus.group)
labels_dataset.register(labels.group)
labels_diff.register(labels.group)
labels_split.register(labels.group)
labels_publish.register(labels.group)
labels_exchange.register(labels.group)
labels_export.register(labels.group)
labels_people.register(labels.group)
labels_quality.register(labels_people.people)
labels_status.register(labels.group)
labels_agreement.register(labels.group)
labels_enough.register(labels.group)
labels_adjudicate.register(labels.group)
labels_gold.register(labels.group)
labels_migrate.register(labels.group)
for command in (
    evaluate_predict,
    evaluate_score,
    evaluate_compare,
    evaluate_audit,
    evaluate_curve,
    evaluate_suspects,
    evaluate_next,
    evaluate_baselines,
    evaluate_benchmark,
    evaluate_report,
):
    command.register(evaluate.group)
labels.group.add_typer(schemes.group)
for part in (studio, corpus, labels, evaluate):
    app.add_typer(part.group)


def _version(wanted: bool) -> None:
    if wanted:
        from goldwire.cli import output

        output.data(__version__)
        raise typer.Exit


@app.callback()
def options(
    folder: Annotated[
        Path | None, typer.Option("-C", metavar="DIR", help="Run as if started in DIR.", show_default=False)
    ] = None,
    version: Annotated[  # noqa: ARG001 - read by its callback
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    if folder is None:
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise GoldwireError(f"cannot be entered: {error.strerror}", where=str(folder)) from None
