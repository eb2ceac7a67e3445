"""Who answers which unit: what holds for every design, and what a leaving and a joining annotator change."""

from collections import Counter
from collections.abc import Collection
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from goldwire.errors import GoldwireError
from goldwire.labels.team.assign import Assignment, Design, Unit, assign
from goldwire.labels.team.assigned import filter_value, shown, together

NAMES = [f"annotator-{number:02}" for number in range(1, 13)]


def units(number: int, first: int = 0) -> list[Unit]:
    return [Unit(f"u{index}", f"s{index // 3}") for index in range(first, first + number)]


def loads(assignment: Assignment, design: Design) -> list[int]:
    counts = Counter(who for assigned in assignment.values() for who in assigned)
    return [counts[who] for who in design.annotators]


def spread(counts: list[int]) -> int:
    return max(counts) - min(counts)


def pairs(assignment: Assignment, skip: Collection[str] = ()) -> Counter[tuple[str, str]]:
    """How many units every two annotators share."""
    kept = (assigned for unit, assigned in assignment.items() if unit not in skip)
    return Counter(pair for assigned in kept for pair in combinations(sorted(assigned), 2))


def shared(assignment: Assignment, design: Design) -> list[int]:
    found = pairs(assignment, design.everyone)
    return [found[pair] for pair in combinations(sorted(design.annotators), 2)]


@st.composite
def designs(draw: st.DrawFn) -> tuple[list[Unit], Design]:
    annotators = NAMES[: draw(st.integers(1, 8))]
    listed = units(draw(st.integers(0, 60)))
    everyone = draw(st.sets(st.sampled_from([unit.id for unit in listed]), max_size=5)) if listed else set()
    return listed, Design(
        annotators,
        overlap=draw(st.integers(1, len(annotators))),
        overlap_share=draw(st.sampled_from([0.01, 0.2, 0.5, 1.0])),
        everyone=everyone,
        seed=draw(st.integers(0, 99)),
    )


@given(designs())
@settings(deadline=None)
def test_each_unit_has_its_number_of_annotators_and_everybody_as_many_units(
    drawn: tuple[list[Unit], Design],
) -> None:
    listed, design = drawn
    made = assign(listed, design)
    assert list(made) == [unit.id for unit in listed]
    assert all(len(set(assigned)) == len(assigned) for assigned in made.values())
    assert all(list(assigned) == sorted(assigned) for assigned in made.values())  # the order of the design
    sizes = Counter(len(made[unit.id]) for unit in listed if unit.id not in design.everyone)
    assert set(sizes) <= {1, design.overlap}
    if design.overlap > 1:
        assert abs(sizes[design.overlap] - design.overlap_share * sizes.total()) <= 0.5
    assert all(made[unit] == tuple(design.annotators) for unit in design.everyone)
    assert spread(loads(made, design)) <= 1
    assert assign(listed, design) == made


@given(designs(), st.integers(1, 40))
@settings(deadline=None)
def test_more_units_change_no_earlier_assignment(drawn: tuple[list[Unit], Design], more: int) -> None:
    listed, design = drawn
    first = assign(listed, design)
    grown = assign([*listed, *units(more, len(listed))], design, first)
    assert {unit: grown[unit] for unit in first} == first
    assert spread(loads(grown, design)) <= 1
    sizes = Counter(len(grown[unit]) for unit in grown if unit not in design.everyone)
    if design.overlap > 1:
        assert abs(sizes[design.overlap] - design.overlap_share * sizes.total()) <= 0.5


@pytest.mark.parametrize("number", [30, 200])
@pytest.mark.parametrize("team", [3, 4, 5, 8])
@pytest.mark.parametrize("overlap", [2, 3])
def test_every_two_annotators_share_about_as_many_units(number: int, team: int, overlap: int) -> None:
    for seed in range(5):
        design = Design(NAMES[:team], overlap, seed=seed)
        assert spread(shared(assign(units(number), design), design)) <= 3


def test_a_fifth_of_the_units_is_drawn_by_the_seed_and_the_rest_answered_once() -> None:
    listed = units(50)
    draws = []
    for seed in (0, 1):
        made = assign(listed, Design(NAMES[:4], 3, 0.2, seed=seed))
        draws.append({unit for unit, assigned in made.items() if len(assigned) == 3})
        assert Counter(map(len, made.values())) == {3: 10, 1: 40}
    assert draws[0] != draws[1]
    # a draw hangs on the ids, not on their order
    again = assign(listed[::-1], Design(NAMES[:4], 3, 0.2, seed=0))
    assert {unit for unit, assigned in again.items() if len(assigned) == 3} == draws[0]


def test_copies_of_one_story_go_to_several_annotators() -> None:
    made = assign(units(30), Design(NAMES[:3]))
    for story in range(10):
        assert len({made[f"u{story * 3 + copy}"][0] for copy in range(3)}) == 3


# leaving and joining


@st.composite
def staffs(draw: st.DrawFn) -> tuple[list[Unit], Design, Assignment, dict[str, set[str]]]:
    listed, design = draw(designs())
    assume(len(design.annotators) > 1 and listed)
    before = assign(listed, design)
    slots = [(unit, who) for unit, assigned in before.items() for who in assigned]
    answered: dict[str, set[str]] = {}
    for unit, who in draw(st.sets(st.sampled_from(slots))):
        answered.setdefault(unit, set()).add(who)
    return listed, design, before, answered


def kept(before: Assignment, after: Assignment, answered: dict[str, set[str]]) -> bool:
    """Whether every answered unit is still that of who answered it."""
    return all(answered.get(unit, set()) <= set(after[unit]) for unit in before)


@given(staffs())
@settings(deadline=None)
def test_who_leaves_keeps_what_was_answered_and_the_rest_goes_to_others(
    drawn: tuple[list[Unit], Design, Assignment, dict[str, set[str]]],
) -> None:
    listed, design, before, answered = drawn
    left = design.annotators[0]
    rest = Design(design.annotators[1:], design.overlap, design.overlap_share, design.everyone, design.seed)
    after = assign(listed, rest, before, answered)
    assert kept(before, after, answered)
    for unit, assigned in after.items():
        if unit in design.everyone:
            assert set(assigned) - {left} == set(rest.annotators)
            assert (left in assigned) == (left in answered.get(unit, set()))
            continue
        assert len(assigned) == len(before[unit])
        assert set(before[unit]) - {left} <= set(assigned)
        if left in assigned and left not in answered.get(unit, set()):
            assert set(rest.annotators) <= set(assigned)  # nobody is there who could take it
    assert assign(listed, rest, after, answered) == after


@given(staffs())
@settings(deadline=None)
def test_who_joins_takes_over_a_fair_share_and_no_answer_is_lost(
    drawn: tuple[list[Unit], Design, Assignment, dict[str, set[str]]],
) -> None:
    listed, design, before, answered = drawn
    team = [*design.annotators, "new"]
    grown = Design(team, design.overlap, design.overlap_share, design.everyone, design.seed)
    after = assign(listed, grown, before, answered)
    assert kept(before, after, answered)
    open_ = Counter(
        who for unit, assigned in after.items() for who in assigned if who not in answered.get(unit, set())
    )
    movable = {
        who
        for unit, assigned in after.items()
        for who in assigned
        if unit not in design.everyone and "new" not in assigned and who not in answered.get(unit, set())
    }
    assert all(open_[who] <= open_["new"] + 1 for who in movable)
    assert all(len(after[unit]) == len(before[unit]) + (unit in design.everyone) for unit in before)
    was = Counter(who for unit, assigned in before.items() for who in assigned if who not in answered.get(unit, ()))
    assert open_["new"] <= max(was.values(), default=0) + len(design.everyone)
    assert assign(listed, grown, after, answered) == after


def test_a_replacement_takes_the_unanswered_units_of_who_left_and_then_a_fair_share() -> None:
    listed = units(12)
    before = assign(listed, Design(["a", "b", "c"], 3))
    answered = {f"u{number}": {"a"} for number in range(4)} | {"u0": {"a", "b", "c"}}
    after = assign(listed, Design(["b", "c", "d"], 3), before, answered)
    assert after["u0"] == ("b", "c", "a")
    assert all(after[f"u{number}"] == ("b", "c", "d") for number in range(4, 12))
    assert all("a" in after[f"u{number}"] for number in range(1, 4))
    assert Counter(who for number in range(1, 4) for who in after[f"u{number}"]) == {"a": 3, "b": 2, "c": 2, "d": 2}


def test_units_that_nobody_can_take_over_stay_open_until_somebody_joins() -> None:
    listed = units(4)
    before = assign(listed, Design(["a", "b", "c"], 3))
    without = assign(listed, Design(["b", "c"], 3), before, {"u0": {"a"}})
    assert without == {unit.id: ("b", "c", "a") for unit in listed}
    joined = assign(listed, Design(["b", "c", "d"], 3), without, {"u0": {"a"}})
    assert joined == {"u0": ("b", "c", "a")} | {f"u{number}": ("b", "c", "d") for number in (1, 2, 3)}


def test_who_comes_back_takes_over_when_that_is_said() -> None:
    listed = units(20)
    before = assign(listed, Design(["a", "b"]))
    answered = {next(unit for unit, who in before.items() if who == ("a",)): {"a"}}
    away = assign(listed, Design(["b"]), before, answered)
    assert Counter(who for assigned in away.values() for who in assigned) == {"a": 1, "b": 19}
    assert assign(listed, Design(["a", "b"]), away, answered) == away
    back = assign(listed, Design(["a", "b"]), away, answered, joining=["a"])
    assert Counter(who for assigned in back.values() for who in assigned) == {"a": 10, "b": 10}


def test_new_units_go_to_all_alike_also_to_who_joined_late() -> None:
    before = {f"u{number}": ("a",) if number < 8 else ("b",) for number in range(10)}
    answered = {unit: set(assigned) for unit, assigned in before.items()}
    after = assign(units(16), Design(["a", "b"]), before, answered)
    assert Counter(after[f"u{number}"][0] for number in range(10, 16)) == {"a": 3, "b": 3}


def test_a_unit_that_becomes_calibration_goes_to_all() -> None:
    before = assign(units(4), Design(["a", "b"]))
    after = assign(units(4), Design(["a", "b"], everyone=["u1"]), before)
    assert after == before | {"u1": ("a", "b")}


def test_who_joins_gets_shared_units_and_single_ones_in_proportion() -> None:
    listed = units(500)
    before = assign(listed, Design(NAMES[:4], 3, 0.2))
    after = assign(listed, Design([*NAMES[:4], "new"], 3, 0.2), before)
    sizes = Counter(len(assigned) for assigned in after.values() if "new" in assigned)
    assert sizes == {3: 60, 1: 80}  # of 300 and 400 slots, a fifth
    assert min(count for pair, count in pairs(after).items() if "new" in pair) >= 25  # of 120 pairs, a quarter: 30


# errors and the server's form


def test_a_design_that_cannot_be_is_refused() -> None:
    cases = [
        (Design([]), "there is no annotator to give units to"),
        (Design(["a", "a"]), "annotator a stands twice"),
        (Design(["a", "b"], 3), "3 annotators a unit are asked for, and there are 2: a, b"),
        (Design(["Anna", "anna"]), "Anna and anna differ in capitals only, which Label Studio's filters do not see"),
    ]
    for design, message in cases:
        with pytest.raises(GoldwireError) as caught:
            assign(units(2), design)
        assert str(caught.value) == message
    with pytest.raises(GoldwireError, match="anna and Anna"):
        assign(units(1), Design(["anna"]), {"u0": ("Anna",)})


def test_one_name_within_another_is_not_found_by_its_filter() -> None:
    field = shown(["annotator-1", "annotator-10"])
    assert field == "|annotator-1|annotator-10|"
    assert filter_value("annotator-1") in field
    assert filter_value("annotator-1") not in shown(["annotator-10", "x-annotator-1"])
    with pytest.raises(GoldwireError, match="is no pseudonym"):
        together(["a|b"])
