"""What a step of `goldwire eval` wrote, said the same way by every command."""

from typing import TYPE_CHECKING, Any

from goldwire.cli import output

if TYPE_CHECKING:
    from goldwire.eval.models import Written
    from goldwire.study import Study


def say(written: "Written", as_json: bool, more: dict[str, Any] | None = None, table: str = "") -> None:
    """Print the files that were written, and on stderr what was left out and why.

    Parameters
    ----------
    more : dict, optional
        Further keys of the JSON.
    table : str
        What stands below the files where no JSON is asked for.
    """
    for skipped in written.skipped:
        output.say(f"Not applicable: {skipped.key}, because {skipped.reason}")
    for warning in written.warnings:
        output.say(f"Warning: {warning}")
    for note in written.notes:
        output.say(f"Note: {note}")
    files = [str(path) for path in written.files]
    value = {
        "files": files,
        "models": written.models,
        "not_applicable": [{"question": skipped.key, "reason": skipped.reason} for skipped in written.skipped],
        "warnings": written.warnings,
        **(more or {}),
    }
    output.emit(value, as_json, lambda: "\n".join([*files, *(["", table] if table else [])]))


def main_figures(study: "Study") -> str:
    """Return the main figure of each question and model of a study that was scored, as a table."""
    from goldwire.eval import result

    rows = []
    for each in result.read_all(study.results)[0]:
        for model in each.models:
            main = model.metrics[result.HEADLINE]
            rows.append([each.key, model.name, output.figure(main.value, main.low, main.high)])
    return output.table(["question", "model", result.HEADLINE], rows)
