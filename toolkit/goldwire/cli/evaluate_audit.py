"""`goldwire eval audit`: the checks of a dataset."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goldwire.cli import gate, output

if TYPE_CHECKING:
    from goldwire.eval.audit.finding import Finding, Severity
    from goldwire.eval.audit.from_file import Columns
    from goldwire.eval.audit.subject import Other, Subject


def register(group: typer.Typer) -> None:
    """Add the command to `goldwire eval`."""
    group.command()(audit)


def _column(help_text: str, name: str) -> Any:
    return typer.Option(
        f"--{name}", metavar="COL", help=f"With a table: column with {help_text}.", show_default=False
    )


def audit(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]", help="A table or a dataset folder; without it, the study.", show_default=False
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning"] | None,
        typer.Option(help="The severity from which it fails; that of params.yaml, else error.", show_default=False),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE=WHY", help="Accept what a check finds, for this reason.", show_default=False),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Another dataset, to look for overlap with.", show_default=False),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only these checks.", show_default=False)
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Print the page of a check; all lists them.", show_default=False),
    ] = None,
    unit_id: Annotated[str | None, _column("the unit's id", "id")] = None,
    text: Annotated[str | None, _column("the text", "text")] = None,
    label: Annotated[list[str] | None, _column("the answers to a question", "label")] = None,
    split: Annotated[str | None, _column("the split", "split")] = None,
    shared: Annotated[list[str] | None, _column("values that belong in one split", "shared")] = None,
    article: Annotated[str | None, _column("the article's id", "article")] = None,
    story: Annotated[str | None, _column("the story", "story")] = None,
    target: Annotated[str | None, _column("the target", "target")] = None,
    holder: Annotated[str | None, _column("the holder", "holder")] = None,
    outlet: Annotated[str | None, _column("the outlet", "outlet")] = None,
    date: Annotated[str | None, _column("the date", "date")] = None,
    licence: Annotated[str | None, _column("the licence of the text", "licence")] = None,
    annotator: Annotated[str | None, _column("the annotator; then a row is one answer", "annotator")] = None,
    into: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the JSON to a file as well.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a dataset for leaks, labels that conflict or are lacking, shortcuts, and texts that may not be passed on.

    Exits with 3 when a check of the chosen severity fires that is not accepted. Columns of a table are found by our
    own names (unit_id, text, label, split, article_id, ...) where none is given; what is not known is not looked at.

    Example: goldwire eval audit pairs.csv --label stance --split split --shared body_id --shared headline
    """
    if explain is not None:
        _explain(explain, as_json)
        return
    from goldwire.eval.audit import run
    from goldwire.eval.audit.checks import known
    from goldwire.eval.audit.from_file import Columns

    _refuse_to_overwrite(into, path, against or [])
    reasons = _reasons(accept or [])
    only = known(check or [])
    columns = Columns(
        id=unit_id,
        text=text,
        label=label or [],
        split=split,
        shared=shared or [],
        article=article,
        story=story,
        target=target,
        holder=holder,
        outlet=outlet,
        date=date,
        licence=licence,
        annotator=annotator,
    )
    subject, severity, accepted = _subject(path, columns, against or [], fail_on)
    findings = run.audit(subject, {**accepted, **reasons}, only)
    value = run.summary(findings, severity)
    if into is not None:
        from goldwire.files import write_json

        write_json(into, value)
        output.say(f"Written: {into}")
    output.emit(value, as_json, lambda: _text(findings))
    gate.stop(value["checks"], severity)


def _refuse_to_overwrite(into: Path | None, path: Path | None, against: list[str]) -> None:
    from goldwire.errors import UsageError

    if into is None:
        return
    if into.is_dir():
        raise UsageError(f"-o {into} is a folder", hint="Name a file to write.")
    read = [Path(name).resolve() for name in ([path] if path else []) + [Path(name) for name in against]]
    if any(into.resolve() == one or one in into.resolve().parents for one in read):
        raise UsageError(f"-o {into} would change what is checked", hint="Name another file to write.")


def _reasons(accept: list[str]) -> dict[str, str]:
    from goldwire.errors import UsageError
    from goldwire.eval.audit.checks import known

    found = {}
    for item in accept:
        code, _, why = item.partition("=")
        if not code or not why.strip():
            raise UsageError(f'--accept takes CODE=WHY, not "{item}"')
        found[known([code])[0]] = why.strip()
    return found


def _subject(
    path: Path | None, columns: "Columns", against: list[str], fail_on: "Severity | None"
) -> "tuple[Subject, Severity, dict[str, str]]":
    """Return what is audited, from which severity it fails, and what params.yaml accepts."""
    from goldwire.errors import UsageError
    from goldwire.eval.audit.from_dataset import of_dataset
    from goldwire.eval.audit.from_file import of_file
    from goldwire.eval.audit.others import read_others

    if (path is None or path.is_dir()) and columns.given():
        raise UsageError(
            f"--{columns.given()[0]} goes with a table of one's own", hint="Name the table, or leave it out."
        )
    others: list[Other] = read_others(against)
    if path is None:
        from goldwire.eval.audit.from_study import of_study
        from goldwire.study import find

        study = find(Path.cwd())
        params = study.params().audit
        others = [*read_others(params.against, study.root), *others]
        digests = _digests(study.dataset) if study.dataset.is_dir() else None
        return of_study(study, others=others, digests=digests), fail_on or params.fail_on, dict(params.accept)
    if path.is_dir():
        return of_dataset(path, others=others, digests=_digests(path)), fail_on or "error", {}
    return of_file(path, columns, others=others), fail_on or "error", {}


def _digests(folder: Path) -> tuple[str, str] | None:
    """Return the digest that the card's signature names, and that of the content; None where no card names one."""
    from goldwire.errors import GoldwireError
    from goldwire.labels.dataset.digest import digest_of
    from goldwire.labels.dataset.verify import stated

    try:
        named = stated(folder)
    except GoldwireError:  # somebody else's card, or none
        return None
    return named, digest_of(folder)


def _explain(code: str, as_json: bool) -> None:
    from goldwire.eval.audit.checks import STEMS, check, known, page

    if code.lower() == "all":
        listed = [check(name) for name in STEMS]
        value = [{"code": c.code, "name": c.name, "severity": c.severity, "title": c.title} for c in listed]
        header = ["code", "check", "severity", "fires when"]
        rows = [list(row.values()) for row in value]
        output.emit({"checks": value}, as_json, lambda: output.table(header, rows))
        return
    (code,) = known([code])
    output.emit({"code": code, "page": page(code)}, as_json, lambda: page(code).rstrip())


def _text(findings: "list[Finding]") -> str:
    from goldwire.eval.audit.run import SEVERITIES

    ordered = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.code, f.question or ""))
    header = ["severity", "code", "check", "question", "state", "cases"]
    rows = [[f.severity, f.code, f.name, f.question, f.state, f.count or None] for f in ordered]
    parts = [output.table(header, rows)]
    parts += [_fired(f) for f in ordered if f.state in ("fired", "accepted")]
    lacking: dict[str, list[str]] = {}
    for f in ordered:
        if f.state == "not applicable":
            lacking.setdefault(f.text, []).append(f.code + (f" ({f.question})" if f.question else ""))
    if lacking:
        parts.append("\n".join(f"Not applicable, because {why}: {', '.join(c)}" for why, c in lacking.items()))
    return "\n\n".join(parts)


def _fired(finding: "Finding") -> str:
    from goldwire.eval.audit.finding import SHOWN

    question = f" ({finding.question})" if finding.question else ""
    lines = [f"{finding.code} {finding.title}{question}", finding.text]
    if finding.accepted is not None:
        lines.append(f"Accepted: {finding.accepted}")
    lines += [f"  - {case}" for case in finding.cases]
    if len(finding.cases) == SHOWN < finding.count:
        lines.append("  - and more")
    return "\n".join(lines)
