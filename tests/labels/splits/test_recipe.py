"""The recipe goes with the table; another one divides everything anew, and says why."""

from pathlib import Path

import pytest

from dividing import SHARES, alone, column, run, where
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.splits.recipe import KEY, read_previous, recipe_of
from goldwire.study import Splits

ARTICLES = alone(*[f"a{i:02}" for i in range(40)])


def test_the_recipe_is_in_the_table_and_in_its_file(tmp_path: Path) -> None:
    made = run(ARTICLES, seed=3)
    recipe = recipe_of(made.table)
    assert recipe is not None
    assert recipe.asked == {
        "by": "random", "group_by": ["group", "headline"], "column": "split", "train": 0.6, "validation": 0.15,
        "test": 0.25, "folds": 0, "seed": 3,
    }  # fmt: skip
    path = tmp_path / "splits.parquet"
    assert read_previous(path) is None
    tables.write(made.table, path)
    read = read_previous(path)
    assert recipe_of(read) == recipe
    assert read == made.table


def test_another_recipe_divides_anew_and_says_why() -> None:
    before = run(ARTICLES)
    after = run(ARTICLES, params=Splits(by="time"), previous=before.table)
    assert after.anew == "splits.by was random and is time"
    assert after.notes[0] == "Everything was divided anew: splits.by was random and is time."
    assert after.kept == 0


def test_every_difference_is_said() -> None:
    before = run(ARTICLES)
    params = Splits(train=0.7, validation=0.1, test=0.2, group_by=())
    after = run(ARTICLES, params=params, previous=before.table, seed=1, version="0.2.0")
    assert after.anew == (
        "splits.group_by was group and headline and is nothing, splits.train was 0.6 and is 0.7, splits.validation "
        "was 0.15 and is 0.1, splits.test was 0.25 and is 0.2, seed was 0 and is 1"
    )
    assert where(after) == where(run(ARTICLES, params=params, seed=1))
    assert set(column(after, "since").values()) == {"0.1.0", "0.2.0"}


def test_what_settles_nothing_moves_nothing() -> None:
    before = run(ARTICLES)
    after = run(ARTICLES, params=SHARES.model_copy(update={"column": "part"}), previous=before.table)
    assert (after.anew, after.kept) == (None, 40)


def test_a_table_without_a_recipe_counts_as_the_same() -> None:
    before = run(ARTICLES[:30])
    after = run(ARTICLES, params=SHARES, previous=before.table.replace_schema_metadata(None))
    assert (after.anew, after.kept) == (None, 30)
    assert where(before).items() <= where(after).items()


def test_units_of_a_split_that_has_no_share_any_more_are_divided_anew() -> None:
    before = run(ARTICLES).table.replace_schema_metadata(None)
    after = run(ARTICLES, params=Splits(train=0.8, validation=0.0, test=0.2), previous=before)
    assert after.anew == "validation has units and no share"
    assert set(where(after).values()) == {"train", "test"}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"asked": 1, "cuts": [], "sides": []}'])
def test_a_recipe_that_cannot_be_read_is_refused(text: str) -> None:
    before = run(ARTICLES[:3]).table.replace_schema_metadata({KEY: text})
    with pytest.raises(GoldwireError, match="how the splits were made cannot be read"):
        run(ARTICLES, previous=before)
