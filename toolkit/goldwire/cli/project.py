"""`goldwire init`, `demo` and `doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from goldwire.cli import output
from goldwire.cli.server_options import Insecure, verify


def register(app: typer.Typer) -> None:
    """Add the commands that belong to no group."""
    app.command("init")(init)
    app.command("demo")(demo)
    app.command("doctor")(doctor)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    ci: Annotated[
        bool, typer.Option("--ci", help="Write a GitHub workflow too, which checks pull requests; also in a study.")
    ] = False,
) -> None:
    """Make a study: the folders, params.yaml, dvc.yaml and the ignore files.

    Example: goldwire init my-study
    """
    from goldwire.template import create, create_with_workflow

    was = (folder / "params.yaml").exists()
    if ci:
        _, workflow = create_with_workflow(folder)
        output.say(f"Wrote {workflow}, which checks every pull request on GitHub. Its head says what it needs.")
    else:
        create(folder)
    if not was:
        output.say(f"Made a study in {folder}. Next:")
        output.data(f"cd {folder} && git init && dvc init\ngoldwire corpus import YOUR_ARTICLES")


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A study over the sample corpus; made when it is not there.")
    ] = Path("goldwire-demo"),
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave Label Studio running, and print its address and login.")
    ] = False,
) -> None:
    """Take the sample corpus the whole way: Label Studio, dataset, baselines, report.

    Articles and answers are the demonstration data that come with goldwire.

    Example: goldwire demo --keep
    """
    from goldwire.demo.run import run

    output.data(run(folder, keep=keep, say=output.say))


def doctor(
    insecure: Insecure = False, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Check what goldwire needs: packages, the study, the Label Studio server and token.

    Exits with 3 when a check fails.

    Example: goldwire doctor
    """
    from goldwire.cli.checkup import checkup
    from goldwire.errors import CheckFailedError

    findings = checkup(Path.cwd(), verify=verify(insecure))
    output.emit(
        {"checks": findings},
        as_json,
        lambda: output.table(["check", "state", "detail"], [list(f.values()) for f in findings]),
    )
    if any(finding["state"] == "failed" for finding in findings):
        raise CheckFailedError("a check failed", hint="The table says which, and what to do.")
