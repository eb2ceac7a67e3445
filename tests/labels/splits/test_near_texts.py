"""Texts that are copies of one another at any length are one story. The texts are written for the test."""

from goldwire.labels.splits.near import stories

WIRE = (
    "The harbour of Velmora was closed on Tuesday after dockers walked out over pay, the port authority said, and "
    "three ships were sent on to Karsa while talks went on through the night at the mayor's office."
)


def test_equal_texts_and_cut_texts_are_one_story() -> None:
    other = "A bridge over the Tamsel will open in May, two years late, and the minister is to walk over it first."
    found = stories([WIRE, other, WIRE[:110], None, WIRE + " Nobody was hurt.", other])
    assert found.tolist() == [0, 1, 0, -1, 0, 1]


def test_short_texts_are_one_story_only_when_equal() -> None:
    assert stories(["Harbour closed", "Harbour closed today", "Harbour closed"]).tolist() == [0, 1, 0]


def test_no_texts_are_no_stories() -> None:
    assert stories([]).tolist() == []
    assert stories([None]).tolist() == [-1]
