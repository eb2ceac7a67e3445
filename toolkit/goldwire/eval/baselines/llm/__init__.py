"""An LLM as a coder: any OpenAI-compatible endpoint, asked with the codebook as the prompt.

The texts are sent to the endpoint that GOLDWIRE_LLM_URL names; there is none by default. Answers are cached, so the
same units are asked about once, and predicting again needs no endpoint (`llm_cache`).

=========================== =========================================================================================
GOLDWIRE_LLM_URL            base URL, such as ``http://127.0.0.1:8000/v1``
GOLDWIRE_LLM_API_KEY        key, where the endpoint wants one
GOLDWIRE_LLM_MODEL          name of the model; part of the recipe, so training needs it
GOLDWIRE_LLM_WORKERS        requests at the same time, 4 without it
GOLDWIRE_LLM_MOST           most requests of one run; when they are spent it stops, and the answers are kept
GOLDWIRE_LLM_CACHE          folder of the cache, else eval/cache of the study, else that of the user
GOLDWIRE_LLM_SEND_TEXTS     1: send texts to another machine though params.yaml has ``dataset.texts: false``
=========================== =========================================================================================

A remote model may answer otherwise tomorrow, at temperature 0 and with a seed too: the cache is what makes a result
one that can be had again, so it is kept with the predictions.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.baselines.llm.answer import parse, shares, tokens_of
from goldwire.eval.baselines.llm.cache import Cache
from goldwire.eval.baselines.llm.endpoint import MODEL, Endpoint, Settings
from goldwire.eval.baselines.llm.prompt import Messages, again, messages, schema, shown, system
from goldwire.eval.task import TYPES, Answer, Array, Task
from goldwire.provenance import digest, digest_json

if TYPE_CHECKING:
    import pandas as pd

_MOST = 24_000  # characters of a text that are sent
_MOST_OF_EXAMPLE = 2_000
_KEPT = 4_000  # characters of an answer in the cache; a longer one is none anyway

Coded = tuple[Answer, dict[str, float] | None]
"""An answer, and the shares of the labels where the endpoint told them."""


class Llm(Model):
    """Ask an LLM. It learns nothing: from training it has a few examples, and what it says where it has no answer.

    A refusal, or an answer that is not of the form asked for, is asked about once more. A unit that has no answer
    then gets the shares of the labels in training, and so the most frequent label: silence is worth no more than the
    majority baseline, and is no finding of "nothing". How many there were is in `notes`.

    The examples' texts are in the model's file, and only they.
    """

    def __init__(self, task: Task, seed: int, examples: int) -> None:
        super().__init__(task, seed)
        self._per_label = examples
        self._examples: list[tuple[str, Answer]] = []
        self._prior: Array = np.zeros(len(task.labels))
        self._units = self._abstained = self._sent = 0

    @property
    def notes(self) -> list[str]:
        """What became of the units since the model was loaded."""
        said = [f"{self._sent} requests for {self._units} units"] if self._sent else []
        if self._abstained:
            said.append(f"{self._abstained} of {self._units} units have no answer, and got the label of the majority")
        return said

    def fit(self, rows: "pd.DataFrame", shared: Shared) -> None:
        """Take the examples and the shares of the labels; nothing is sent.

        Raises
        ------
        GoldwireError
            When GOLDWIRE_LLM_MODEL does not name the model.
        """
        name = os.environ.get(MODEL, "").strip()
        if not name:
            raise GoldwireError(f"the model is not named: set {MODEL}", hint="It becomes part of the recipe.")
        self._prior = np.asarray(self.task.marks(list(rows["labels"])).mean(axis=0))
        chosen = _examples(rows, self.task, self._per_label, self.seed)
        self._examples = [(shown(row, _MOST_OF_EXAMPLE), row["labels"]) for row in _records(rows.iloc[chosen])]
        self.parameters = {
            "llm": name,
            "prompt": digest(system(self.task)),
            "examples": [str(unit) for unit in rows["unit_id"].iloc[chosen]],
            "characters": _MOST,
            "no_answer": "the shares of the labels in training",
        }

    def shares(self, rows: "pd.DataFrame", shared: Shared) -> Array:
        """Return what the LLM answered; its own shares where the endpoint tells the probabilities of tokens.

        Raises
        ------
        GoldwireError
            When not all answers are cached and there is no endpoint, or it does not answer.
        """
        name = os.environ.get(MODEL, "").strip()
        if name and name != self.parameters["llm"]:
            raise GoldwireError(
                f'{MODEL} is "{name}", and the model was trained for "{self.parameters["llm"]}"',
                hint="Unset it, or train again: goldwire eval train",
            )
        asked = [messages(self.task, row, self._examples, _MOST) for row in _records(rows)]
        coded = self._coded(asked)
        self._units += len(asked)
        self._abstained += sum(one is None for one in coded)
        found = [self._prior if one is None else self._row(*one) for one in coded]
        return np.array(found, dtype=np.float64).reshape(len(rows), len(self.task.labels))

    def _row(self, answer: Answer, given: dict[str, float] | None) -> Array:
        if given is not None and set(given) == set(self.task.labels):
            row = np.array([given[label] for label in self.task.labels])
            return np.asarray(row / row.sum())
        return np.asarray(self.task.marks([answer])[0], dtype=np.float64)

    def _coded(self, asked: Sequence[Messages]) -> list[Coded | None]:
        """Return what is said of each prompt, asking about those that are not in the cache, each once."""
        cache = Cache.here()
        keys = [digest_json(prompt) for prompt in asked]
        prompts = dict(zip(keys, asked, strict=True))
        found: dict[str, Coded | None] = {}
        for key, prompt in prompts.items():
            try:
                found[key] = self._code(prompt, cache, None)
            except _NotCachedError:
                continue
        if missing := [key for key in prompts if key not in found]:
            settings = Settings.from_environment()
            with Endpoint(settings) as endpoint, ThreadPoolExecutor(settings.workers) as pool:
                waiting = {key: pool.submit(self._code, prompts[key], cache, endpoint) for key in missing}
                try:
                    found |= {key: future.result() for key, future in waiting.items()}
                except BaseException:
                    endpoint.stop()
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
                finally:
                    self._sent += endpoint.sent
        return [found[key] for key in keys]

    def _code(self, prompt: Messages, cache: Cache, endpoint: Endpoint | None) -> Coded | None:
        """Return what is said of a prompt, or None where there is no answer at the second try either."""
        for turn in range(2):
            entry = self._entry(prompt, cache, endpoint)
            answer = parse(entry.get("content"), self.task)
            if answer is not None:
                return answer, entry.get("shares")
            if not turn:
                prompt = again(prompt, entry.get("content"))
        return None

    def _entry(self, prompt: Messages, cache: Cache, endpoint: Endpoint | None) -> dict[str, Any]:
        name = self.parameters["llm"]
        key = digest_json({"model": name, "messages": prompt, "seed": self.seed}, length=32)
        if (entry := cache.get(key)) is not None:
            return entry
        if endpoint is None:
            raise _NotCachedError
        reply = endpoint.ask(name, prompt, schema(self.task), self.seed)
        answer = parse(reply.content, self.task)
        entry = {
            "model": name,
            "content": None if reply.content is None else reply.content[:_KEPT],
            "shares": None if answer is None else shares(self.task, answer, tokens_of(reply.choice)),
        }
        cache.put(key, entry)
        return entry


class _NotCachedError(Exception):
    pass


def _records(rows: "pd.DataFrame") -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _examples(rows: "pd.DataFrame", task: Task, per_label: int, seed: int) -> list[int]:
    """Return the positions of examples, for each label so many where there are, one a story, in order of labels."""
    order = sorted(range(len(rows)), key=lambda at: digest(str(seed), rows["unit_id"].iloc[at]))
    marks = task.marks(list(rows["labels"]))
    clusters = list(rows["cluster"])
    taken: list[int] = []
    stories: set[str] = set()
    for column in range(len(task.labels)):
        wanted = per_label - int(marks[taken, column].sum())
        for at in order:
            if wanted <= 0:
                break
            if marks[at, column] and clusters[at] not in stories:
                taken.append(at)
                stories.add(clusters[at])
                wanted -= 1
    return taken


BASELINES = (
    Baseline(
        "llm",
        "a large language model at an endpoint of yours, the codebook as its prompt",
        lambda task, seed: Llm(task, seed, examples=0),
        types=TYPES,
    ),
    Baseline(
        "llm-few",
        "llm, with two examples of each label from the train split",
        lambda task, seed: Llm(task, seed, examples=2),
        types=TYPES,
    ),
)
