"""Publishing: a released dataset flows in, and a dataset of the Hugging Face Hub flows out.

Each config goes through `push_to_hub` of `datasets`, which makes the repository and writes shards of its own. One
commit then puts the folder as it was built in their place: card, croissant.json, CITATION.cff and Parquet files with
the bytes that Croissant's hashes and the card's signature name. The repository can be loaded after every commit. At
the end the commit is tagged ``vVERSION``; a tag that is there stays where it is.

The token is in HF_TOKEN and nowhere else; HF_ENDPOINT names another Hub.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from goldwire.errors import GoldwireError
from goldwire.labels.dataset import citation, croissant
from goldwire.labels.dataset.releases import Release, release, standing
from goldwire.labels.dataset.texts import RECORD
from goldwire.labels.dataset.verify import stated
from goldwire.study import Study

_TOKENS = "https://huggingface.co/settings/tokens"


@dataclass(frozen=True)
class Pushed:
    """What was pushed.

    Attributes
    ----------
    url : str
        Where the dataset is.
    commit : str
        Its last commit.
    tag : str
        The tag of the version, for ``load_dataset(repo, revision=tag)``.
    digest : str
        Of the data.
    """

    url: str
    commit: str
    tag: str
    digest: str


def publish(study: Study, repo: str, *, private: bool = True) -> Pushed:
    """Record the dataset of a study as the release of its version, and push it.

    Token, name and network are tried first, so that nothing is recorded when they are wrong. A push that broke off
    can be done again: the release is the same. See `push`, and `goldwire.labels.dataset.releases.release`.
    """
    with _in_words(repo), _quietly():
        _refuse_other_data(_made(repo, private), repo, standing(study.dataset))
    release(study)
    return push(study.dataset, repo, private=private)


def push(folder: Path, repo: str, *, private: bool = True) -> Pushed:
    """Push a dataset folder to the Hub. What is there under the same version must be the same data.

    Parameters
    ----------
    folder : Path
        As it was built.
    repo : str
        ``organisation/name``.
    private : bool
        Of a repository that is not there yet; one that is there stays as it is.

    Raises
    ------
    GoldwireError
        When the folder is not what its card says, HF_TOKEN is not set, the name is none, the Hub cannot be reached
        or refuses, or it has this version with other data.
    """
    made = standing(folder)
    with _in_words(repo), _quietly():
        api = _made(repo, private)
        _refuse_other_data(api, repo, made)
        _push_configs(folder, repo, private)
        return _finish(api, folder, repo, made)


def _made(repo: str, private: bool) -> Any:
    """Return the Hub's client, when the repository is there or could be made."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HFValidationError

    try:
        _utils().validate_repo_id(repo)
        named = repo.count("/") == 1
    except HFValidationError:
        named = False
    if not named:
        raise GoldwireError(
            f'"{repo}" is no name of a dataset', hint="Name it organisation/name: letters, digits, - _ and . in each."
        )
    api = HfApi(token=_token(), library_name="goldwire")
    api.create_repo(repo, repo_type="dataset", private=private, exist_ok=True)
    return api


def _token() -> str:
    token = os.environ.get("HF_TOKEN", "").strip()
    if not token:
        raise GoldwireError("HF_TOKEN is not set", hint=f"Make a token that may write at {_TOKENS}, and export it.")
    return token


def _refuse_other_data(api: Any, repo: str, made: Release) -> None:
    tags = {ref.name for ref in api.list_repo_refs(repo, repo_type="dataset").tags}
    if _tag(made) not in tags:
        return
    with TemporaryDirectory() as temporary:
        api.hf_hub_download(repo, "README.md", repo_type="dataset", revision=_tag(made), local_dir=temporary)
        there = stated(Path(temporary))
    if there != made.digest:
        raise GoldwireError(
            f"{repo} has version {made.version} with data {there}, and this is {made.digest}",
            hint="Raise version in params.yaml: what was released is never changed under its name.",
        )


def _push_configs(folder: Path, repo: str, private: bool) -> None:
    from datasets import get_dataset_config_names, load_dataset

    with TemporaryDirectory() as cache:
        for name in sorted(get_dataset_config_names(str(folder)), key=lambda name: (name != "gold", name)):
            load_dataset(str(folder), name, cache_dir=cache).push_to_hub(
                repo,
                config_name=name,
                set_default=True if name == "gold" else None,
                private=private,
                token=_token(),
                commit_message=f"Config {name}",
            )


def _finish(api: Any, folder: Path, repo: str, made: Release) -> Pushed:
    """Put the folder in the place of everything that is there, and tag it."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    files = {path.relative_to(folder).as_posix(): path for path in _built(folder)}
    there = set(api.list_repo_files(repo, repo_type="dataset")) - {".gitattributes"}
    commit = api.create_commit(
        repo,
        [
            *(CommitOperationAdd(path_in_repo=name, path_or_fileobj=str(path)) for name, path in files.items()),
            *(CommitOperationDelete(path_in_repo=name) for name in sorted(there - files.keys())),
        ],
        commit_message=f"Version {made.version}, data {made.digest}",
        repo_type="dataset",
    )
    api.create_tag(repo, tag=_tag(made), revision=commit.oid, repo_type="dataset", exist_ok=True)
    return Pushed(f"{api.endpoint}/datasets/{repo}", commit.oid, _tag(made), made.digest)


def _built(folder: Path) -> list[Path]:
    """Return the files that a build writes; whatever else somebody laid beside them stays where it is."""
    beside = [folder / name for name in ("README.md", citation.FILE, croissant.FILE, RECORD)]
    return [*(path for path in beside if path.is_file()), *sorted(folder.glob("*/*.parquet"))]


def _tag(made: Release) -> str:
    return f"v{made.version}"


def _utils() -> Any:
    """Return `huggingface_hub.utils`, which documents names that it does not list."""
    from huggingface_hub import utils

    return utils


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep `datasets` and `huggingface_hub` from telling what they do."""
    import datasets

    utils = _utils()
    before = datasets.logging.get_verbosity()
    spoken = utils.logging.get_verbosity()
    shown = not utils.are_progress_bars_disabled()
    bars = datasets.is_progress_bar_enabled()
    datasets.logging.set_verbosity_error()
    utils.logging.set_verbosity_error()
    datasets.disable_progress_bars()
    utils.disable_progress_bars()
    try:
        yield
    finally:
        datasets.logging.set_verbosity(before)
        utils.logging.set_verbosity(spoken)
        if bars:
            datasets.enable_progress_bars()
        if shown:
            utils.enable_progress_bars()


@contextmanager
def _in_words(repo: str) -> Iterator[None]:
    """Say what the Hub's refusals mean."""
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    of_the_client: Any = HfHubHTTPError.__bases__[0]  # of requests, httpx or httpx2: what huggingface_hub builds on
    try:
        yield
    except HfHubHTTPError as error:
        raise _refusal(repo, error) from None
    except LocalEntryNotFoundError as error:  # a download that failed; why, says its cause
        if isinstance(error.__cause__, HfHubHTTPError):
            raise _refusal(repo, error.__cause__) from None
        raise _unreached(error.__cause__ or error) from None
    except (of_the_client, ConnectionError, TimeoutError) as error:
        raise _unreached(error) from None


def _unreached(error: BaseException) -> GoldwireError:
    return GoldwireError(
        f"the Hub cannot be reached: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
        where=os.environ.get("HF_ENDPOINT") or "https://huggingface.co",
        hint="Is there a network, and is HF_ENDPOINT right? Nothing is lost: push again.",
    )


def _refusal(repo: str, error: Any) -> GoldwireError:
    status = error.response.status_code
    said = str(error.server_message or "").splitlines()
    hints = {
        401: f"The token in HF_TOKEN is not valid: make one that may write at {_TOKENS}.",
        403: f"The token in HF_TOKEN may not write there: is {repo.split('/')[0]} yours, and may the token write?",
        404: "Is the name right, and may your token see it?",
        409: "Somebody else pushed at the same time: push again.",
        429: "The Hub wants fewer requests: push again in a while. Nothing is lost.",
    }
    return GoldwireError(
        f"the Hub refused with {status}{': ' + said[0] if said else ''}",
        where=repo,
        hint=hints.get(status, "Push again later."),
    )
