"""The errors a user can cause and mend. Each says what happened, where, and what to do next."""


class GoldwireError(Exception):
    """A known failure: the command line prints it without a traceback and exits with `exit_code`.

    Parameters
    ----------
    message : str
        What happened, in one sentence.
    where : str, optional
        The place, as ``file:line: field`` or as much of it as is known.
    hint : str, optional
        What to do next.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(GoldwireError):
    """The command was called with arguments that do not go together."""

    exit_code = 2


class CheckFailedError(GoldwireError):
    """The command ran, and a check or a threshold was not met."""

    exit_code = 3
