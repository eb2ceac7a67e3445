"""GW103: train has units from after the test units begin, so a model is asked about a past that it has read about."""

from typing import TYPE_CHECKING

from goldwire.eval.audit.finding import SHOWN, Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, portion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def look(subject: Subject) -> Outcome:
    """Compare the dates of train with those of test."""
    units = subject.units
    if not units["published_at"].notna().any():
        return NotApplicable("no date is known")
    dated = units[units["published_at"].notna()]
    train, test = (dated[dated["split"] == split] for split in ("train", "test"))
    if train.empty or test.empty:
        return NotApplicable(f"no unit of {'train' if train.empty else 'test'} has a date")
    begins = test["published_at"].min()
    late = train[train["published_at"] > begins].sort_values(["published_at", "unit_id"], ascending=[False, True])
    placed = units["split"].isin(["train", "test"])
    undated = int((placed & units["published_at"].isna()).sum())
    rest = f" Without a date: {counted(undated, 'unit')} of train and test." if undated else ""
    if late.empty:
        return Silent(f"Train ends {_day(train['published_at'].max())}, test begins {_day(begins)}.{rest}")
    wrong = _wrong(train["published_at"].to_numpy(), test["published_at"].to_numpy())
    text = (
        f"{portion(len(late), len(train))} units of train were published after the first of test, "
        f"{_day(begins)}. Of the pairs of a train and a test unit, {wrong:.1%} are in the wrong order; of a random "
        f"split, about 50% are.{rest}"
    )
    cases = [f"{row.unit_id} is of {_day(row.published_at)}" for row in late.head(SHOWN).itertuples()]
    return Fired(text, len(late), cases)


def _wrong(train: "NDArray[np.datetime64]", test: "NDArray[np.datetime64]") -> float:
    """Return the share of pairs whose train unit is the later one; equal times count half."""
    import numpy as np

    test = np.sort(test)
    before, not_after = np.searchsorted(test, train, "left"), np.searchsorted(test, train, "right")
    return float((before + not_after).sum() / (2 * len(train) * len(test)))


def _day(time: object) -> str:
    return str(time)[:10]


CHECK = Check("GW103", "time_leak", "Train has articles from after the test begins", "warning", False, look)
