"""The whole way on the sample corpus, with a real Label Studio: what `goldwire demo` and `make demo` do."""

import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import Any

from goldwire import studio, tables, template
from goldwire.demo import recorded
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.study import Study

Say = Callable[[str], None]

ROUNDS = {"events": "event-plover", "stance": "stance-target"}
ANNOTATORS = ("annotator-01", "annotator-02", "annotator-03")
ADJUDICATOR = "adjudicator-01"
DISPUTES = "-disputes"
PASSWORD = "demonstration only"
TITLE = "goldwire sample corpus (demonstration data)"
CARD = f"""\
card:
  title: {TITLE}
  summary: >-
    Synthetic news articles with synthetic annotations, made to show goldwire. This is demonstration data, and
    evidence of nothing.
  collection: Written for goldwire by a large language model; see toolkit/goldwire/demo/DATASHEET.md.
  annotators: >-
    Three separate runs of a large language model, with the codebooks and with different reading habits that were
    assigned; the ties were settled by a fourth run as adjudicator. They are not people, and their agreement is no
    estimate of human agreement.
  limits: >-
    An invented world, hard cases far more frequent than in news, and classes about as frequent as each other by
    design. Use it to learn goldwire, for nothing else.
  licence: apache-2.0
  authors: [goldwire developers]
  datasheet:
    motivation: To show what goldwire does on articles that may be passed on, and to test it.
    selection: Every article was written for this corpus, to briefs about event types, style and difficulty.
    training: Two runs had the whole codebooks, one the definitions only; there was no trial round.
    compensation: None; no person labelled.
    uses: Demonstrations and tests of goldwire. Nothing about news, annotators or classifiers follows from it.
    distribution: With the source of goldwire.
    maintenance: With goldwire, by its developers.
"""


def run(folder: Path, *, keep: bool = False, say: Say = lambda _: None) -> str:
    """Take the sample corpus the whole way in the study `folder`, and return where everything is.

    The study is made when it is not there; a demonstration that ran in it before is replaced. Every process that
    is started is stopped at the end, on failure and on a signal too, unless `keep`.

    Raises
    ------
    GoldwireError
        When the study holds anything else than an earlier demonstration, or a step fails.
    """
    study = _prepared(folder)
    data = study.root / ".goldwire" / "demo"
    studio.down(data)  # what an earlier `--keep` left running
    shutil.rmtree(data, ignore_errors=True)
    with _signals_as_interrupts(say) as said:
        finished = False
        try:
            server = studio.up(data, say=said)
            _label(study, server, said)
            _adjudicate(study, server, said)
            _after_pull(study, said)
            finished = True
        finally:
            if not (keep and finished):
                studio.down(data)
    return _where(study, server if keep else None)


def params() -> str:
    """Return the params.yaml of the demonstration: that of every new study, with a card of its own."""
    text = (resources.files("goldwire") / "template" / "params.yaml").read_text(encoding="utf-8")
    return text[: text.index("card:")] + CARD


def _prepared(folder: Path) -> Study:
    study = Study(folder.resolve())
    folders = (study.rounds, study.labels / "tables", study.models, study.predictions, study.results)
    codebooks = (study.schemes / f"{scheme}.yaml" for scheme in ROUNDS.values())  # perhaps of an older goldwire
    single = (study.articles, study.annotators, *codebooks)
    known = study.params_file.exists()
    foreign = study.params().card.title != TITLE if known else any(path.exists() for path in (*folders, *single))
    if foreign:
        raise GoldwireError(
            "there is a study here that is no demonstration",
            where=str(study.root),
            hint="Name an empty folder: goldwire demo DIR",
        )
    if not known:
        study = template.create(study.root)
        write_text(study.params_file, params())
    others = [
        path.name
        for path in study.rounds.glob("*")
        if path.is_dir() and path.name.removesuffix(DISPUTES) not in ROUNDS
    ]
    if others:
        raise GoldwireError(
            f"this study has rounds of its own: {', '.join(sorted(others))}",
            where=str(study.root),
            hint="Name an empty folder: goldwire demo DIR",
        )
    for path in folders:
        shutil.rmtree(path, ignore_errors=True)
    for path in single:
        path.unlink(missing_ok=True)
    study.rounds.mkdir(parents=True)
    return study


def _label(study: Study, server: studio.Server, say: Say) -> None:
    from goldwire.corpus.ingest import ingest
    from goldwire.labels import exchange
    from goldwire.labels.compose import compose
    from goldwire.labels.server import connect
    from goldwire.labels.team import annotators
    from goldwire.studio.accounts import sign_up

    source = Path(str(recorded.folder()))
    imported = ingest([source / "articles.jsonl"], study.articles)
    say(f"corpus import: {imported.written} articles")
    admin = connect(server.url, server.api_key)
    emails = {name: f"{name}@demo.example" for name in (*ANNOTATORS, ADJUDICATOR)}
    annotators.write(study.annotators, {email: name for name, email in emails.items()})
    keys = {name: sign_up(server, emails[name], PASSWORD) for name in ANNOTATORS}
    for name, scheme in ROUNDS.items():
        pairs = source / "pairs.csv" if scheme == "stance-target" else None
        count = compose(study, name, scheme, pairs=pairs, overlap=len(ANNOTATORS))
        pushed = exchange.push_round(study, name, client=admin)
        say(f"labels push {name}: {count} units, project {pushed['project']}")
        submitted = _submit(
            study, name, pushed["project"], admin, {k: connect(server.url, v) for k, v in keys.items()}
        )
        say(f"submitted by {len(ANNOTATORS)} annotators under their own accounts: {submitted} answers")
        pulled = exchange.pull_round(study, name, client=admin)
        say(f"labels pull {name}: {pulled['annotations']} answers")


def _submit(study: Study, round_name: str, project: int, admin: Any, clients: dict[str, Any]) -> int:
    """Submit the recorded answers through the API, each under its annotator's account, in the order of the tasks."""
    from goldwire.labels.interface import controls
    from goldwire.scheme import load

    scheme = load(ROUNDS[round_name], study.schemes)
    names = controls(scheme)
    answers = defaultdict(list)
    for answer in recorded.load():
        if answer.scheme == scheme.name:
            answers[answer.article_id, answer.holder, answer.target].append(answer)
    count = 0
    for task in admin.tasks(project):
        unit = task["meta"]
        for answer in answers.pop((unit["article_id"], unit.get("holder"), unit.get("target")), []):
            result = recorded.result(answer, names, task["data"]["text"])
            clients[answer.annotator].submit(task["id"], result)
            count += 1
    if answers:
        raise GoldwireError(f"{len(answers)} recorded units have no task", where=f"round {round_name}")
    return count


def _adjudicate(study: Study, server: studio.Server, say: Say) -> None:
    """Have the ties settled: a round for each scheme, answered under the adjudicator's own account."""
    from goldwire.labels import exchange, rounds, stages
    from goldwire.labels.adjudicate import shown
    from goldwire.labels.adjudicate.make import adjudicate
    from goldwire.labels.interface import controls
    from goldwire.labels.server import connect
    from goldwire.studio.accounts import sign_up

    stages.build(study)
    stages.gold(study)
    admin = connect(server.url, server.api_key)
    own = connect(server.url, sign_up(server, f"{ADJUDICATOR}@demo.example", PASSWORD))
    rulings = {(one.scheme, one.article_id, one.holder, one.target): one for one in recorded.load_rulings()}
    for first, scheme_name in ROUNDS.items():
        name = first + DISPUTES
        made = adjudicate(study, name, of=[first], annotators=[ADJUDICATOR])
        say(f"labels adjudicate {name}: {made.units} units in dispute")
        pushed = exchange.push_round(study, name, client=admin)
        scheme = rounds.scheme_of(study, rounds.read(study.rounds / name))
        guesses = shown.guesses(scheme, rounds.tasks(study.rounds / name), shown.read(study, name))
        agreed = {guess.unit_id: guess.result for guess in guesses if guess.model == shown.AGREED}
        for task in admin.tasks(pushed["project"]):
            unit = task["meta"]
            key = (scheme_name, unit["article_id"], unit.get("holder"), unit.get("target"))
            if key not in rulings:
                raise GoldwireError(f"there is no recorded ruling on {unit['unit_id']}", where=f"round {name}")
            begun = agreed.get(unit["unit_id"], [])
            own.submit(task["id"], recorded.ruled(rulings[key], begun, controls(scheme)))
        pulled = exchange.pull_round(study, name, client=admin)
        say(f"labels pull {name}: {pulled['annotations']} rulings")


def _after_pull(study: Study, say: Say) -> None:
    from goldwire.corpus.stats import stats_of_file
    from goldwire.eval import assess, models, report
    from goldwire.eval.audit.study import findings
    from goldwire.eval.curve import curve_all
    from goldwire.eval.suspects import suspects_all
    from goldwire.labels import stages
    from goldwire.labels.links import task_links

    rows, _ = stages.build(study)
    say(f"labels build: {rows['votes']} votes, {rows['vote_mentions']} mentions, {rows['vote_relations']} relations")
    for name, entry in stages.agreement(study)["questions"].items():
        value = entry["alpha"]
        say(f"labels agreement: {name} alpha {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]")
    summary = stages.gold(study).summary
    say(f"labels gold: {summary['rows']} answers, {summary['ties']} ties")
    made, _, _ = stages.dataset(study, checks=partial(findings, study))
    say(f"labels dataset: {made.signature}")
    models.train_all(study)
    models.predict_all(study)
    for path in assess.score_all(study, corpus=stats_of_file(study.articles), tasks=task_links(study)).files:
        say(f"eval score: {path.relative_to(study.root)}")
    curve_all(study)
    suspects_all(study)
    report.write(study)


def _where(study: Study, server: studio.Server | None) -> str:
    lines = [
        f"articles  {study.articles}",
        f"votes     {study.table('votes')}",
        f"gold      {study.table('gold')} ({tables.read(study.table('gold'), 'gold').num_rows} answers)",
        f"dataset   {study.dataset}",
        f"report    {study.report}",
    ]
    if server is not None:
        lines += [
            f"server    {server.url}  {server.email}  {server.password}",
            f"          stop it with: goldwire studio down --data {server.data}",
        ]
    return "\n".join(["This is demonstration data: synthetic, and evidence of nothing.", *lines])


@contextmanager
def _signals_as_interrupts(say: Say) -> Iterator[Say]:
    """A closed terminal or a plain kill ends the demonstration as Ctrl-C does, so that the server is stopped.

    An interrupt that comes in a callback, say of a weak reference, gets lost there. What is said at the next step, by
    the function that this gives, raises it again; so nothing is printed about the loss.
    """
    asked, lost = False, sys.unraisablehook

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def said(text: str) -> None:
        if asked:
            raise KeyboardInterrupt
        say(text)

    def without_interrupts(what: "sys.UnraisableHookArgs") -> None:
        if not isinstance(what.exc_value, KeyboardInterrupt):
            lost(what)

    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    # nohup has the process ignore SIGHUP: that stays so
    caught = [number for number in ends if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in caught}
    sys.unraisablehook = without_interrupts
    try:
        yield said
        if asked:
            raise KeyboardInterrupt
    finally:
        sys.unraisablehook = lost
        for number, handler in before.items():
            signal.signal(number, handler)
