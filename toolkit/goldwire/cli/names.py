"""Names that a user gives: one that is not there is a mistake in how the command was called (exit 2)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from goldwire.scheme import Scheme
    from goldwire.study import Study

Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A baseline; the first of params.yaml that reads.", show_default=False),
]


@contextmanager
def given() -> Iterator[None]:
    """Make an error about what a name leads to one of usage.

    Raises
    ------
    UsageError
    """
    from goldwire.errors import GoldwireError, UsageError

    try:
        yield
    except UsageError:
        raise
    except GoldwireError as error:
        raise UsageError(error.message, where=error.where, hint=error.hint) from None


def check_baselines(*names: str | None) -> None:
    """Refuse a name that no baseline has; None is none.

    Raises
    ------
    UsageError
    """
    from goldwire.errors import UsageError
    from goldwire.eval.baselines.registry import known

    for name in names:
        if name is not None and name not in known():
            raise UsageError(f'there is no baseline "{name}"', hint=f"There are: {', '.join(known())}")


def check_metrics(names: Iterable[str]) -> None:
    """Refuse a name that no metric of labels has; whether the question has it is seen later.

    Raises
    ------
    UsageError
    """
    from goldwire.errors import UsageError
    from goldwire.eval.metrics import METRICS

    for name in names:
        if name not in METRICS:
            raise UsageError(f'there is no metric "{name}"', hint=f"There are: {', '.join(METRICS)}")


def scheme(name: str, study: "Study") -> "Scheme":
    """Return a scheme of the study, or a shipped one.

    Raises
    ------
    UsageError
        When there is none of that name.
    GoldwireError
        When its file is not valid.
    """
    from goldwire.scheme import load

    if (study.schemes / f"{name}.yaml").is_file():
        return load(name, study.schemes)
    with given():
        return load(name, study.schemes)


def changed(study: "Study", name: str, scheme_hash: str) -> bool:
    """Whether the study has another version of a scheme than that with this hash."""
    from goldwire.errors import GoldwireError
    from goldwire.scheme import read

    path = study.schemes / f"{name}.yaml"
    if path.is_file():
        with suppress(GoldwireError):
            return read(path).hash != scheme_hash
    return False
