"""The option that every command has which talks to Label Studio."""

from typing import Annotated

import typer

from goldwire.cli import output

Insecure = Annotated[
    bool, typer.Option("--insecure", help="Accept any certificate of the server, such as one that it signed itself.")
]


def verify(insecure: bool) -> bool:
    """Return what `goldwire.labels.server.connect` takes as `verify`, after a warning where that is no."""
    if insecure:
        output.say(
            "Warning: the server's certificate is not checked; somebody in between could read the key and the answers"
        )
    return not insecure
