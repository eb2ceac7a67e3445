"""`goldwire eval`: its group, and training."""

from pathlib import Path
from typing import Annotated

import typer

from goldwire.cli import output, wrote

group = typer.Typer(name="eval", help="Baselines, scores with intervals, the report.", no_args_is_help=True)


@group.command()
def train(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Train the baselines of params.yaml on the train split, into eval/models.

    Example: goldwire eval train
    """
    from goldwire.eval import models
    from goldwire.study import find

    def trained(stem: str, seconds: float) -> None:
        output.say(f"Trained {stem} in {seconds:.1f} s")

    wrote.say(models.train_all(find(Path.cwd()), trained=trained), as_json)
