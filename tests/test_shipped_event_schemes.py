"""The shipped schemes about events are those of PLOVER, ACLED, CAMEO and MUC-4."""

import re
from pathlib import Path

import pytest

from goldwire import scheme
from goldwire.scheme import Scheme
from schemed import every_label, spans

SIXTEEN = (
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST"),
    *("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)


MODES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "REJECT": "assist change yield meet",
    "THREATEN": "restrict arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial "
    "drone heavy-weapons crowd-control unconventional",
}


# ACLED's own names; a tree cannot have the slash, which stands for its levels
ACLED = {
    "Battles": ["Armed clash", "Government regains territory", "Non-state actor overtakes territory"],
    "Explosions/Remote violence": [
        *("Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack"),
        *("Remote explosive/landmine/IED", "Grenade"),
    ],
    "Violence against civilians": ["Sexual violence", "Attack", "Abduction/forced disappearance"],
    "Protests": ["Peaceful protest", "Protest with intervention", "Excessive force against protesters"],
    "Riots": ["Violent demonstration", "Mob violence"],
    "Strategic developments": [
        *("Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use"),
        *("Headquarters or base established", "Looting/property destruction"),
        *("Non-violent transfer of territory", "Other"),
    ],
}


CAMEO = (
    *("Make public statement", "Appeal", "Express intent to cooperate", "Consult"),
    *("Engage in diplomatic cooperation", "Engage in material cooperation", "Provide aid", "Yield", "Investigate"),
    *("Demand", "Disapprove", "Reject", "Threaten", "Protest", "Exhibit force posture", "Reduce relations", "Coerce"),
    *("Assault", "Fight", "Use unconventional mass violence"),
)


CODES = [f"{number:02}" for number in range(1, 21)]


INCIDENTS = ["ATTACK", "BOMBING", "KIDNAPPING", "ARSON", "ROBBERY", "FORCED WORK STOPPAGE", "HIJACKING"]


@pytest.fixture(scope="module")
def plover() -> Scheme:
    return scheme.load("event-plover")


# event-plover


def test_the_main_event_is_one_of_the_16_events_or_none_or_unsure(plover: Scheme) -> None:
    question = plover.question("main_event")
    assert list(question.label_names()) == [*SIXTEEN, "NO_EVENT", "UNSURE"]
    assert (question.type, question.required) == ("single", True)
    assert (question.label("NO_EVENT").role, question.label("UNSURE").role) == ("negative", "unsure")


def test_events_are_grouped_as_plover_groups_them(plover: Scheme) -> None:
    groups = {label.name: label.group for label in plover.question("main_event").labels}
    assert [groups[name] for name in SIXTEEN] == [
        *["verbal cooperation"] * 4,
        *["material cooperation"] * 3,
        *["verbal conflict"] * 4,
        *["material conflict"] * 5,
    ]


def test_triggers_are_the_16_events_under_the_shifted_key_of_the_answer(plover: Scheme) -> None:
    answers = {label.name: label.hotkey for label in plover.question("main_event").labels}
    triggers = {label.name: label.hotkey for label in spans(plover, "trigger")}
    assert triggers == {name: f"shift+{answers[name]}" for name in SIXTEEN}


def test_the_example_of_a_trigger_shows_which_words_to_mark(plover: Scheme) -> None:
    for label in [*spans(plover, "trigger"), *spans(plover, "participant"), *plover.relations]:
        assert label.example is not None
        assert len(re.findall(r"\[[^\[\]]+\]", label.example)) == 1, label.example


def test_modes_are_those_of_plover_each_asked_of_its_event(plover: Scheme) -> None:
    attributes = plover.mentions[0].attributes
    modes = {item.applies_to[0]: " ".join(item.label_names()) for item in attributes if item.name == "mode"}
    assert modes == MODES
    assert all(len(item.applies_to) == 1 and not item.required for item in attributes if item.name == "mode")


def test_flags_are_asked_of_every_event(plover: Scheme) -> None:
    flags = plover.mentions[0].attributes[-1]
    assert (flags.name, flags.type, flags.required, flags.applies_to) == ("flags", "multiple", False, [])
    assert list(flags.label_names()) == ["historical", "future", "hypothetical", "negated"]


def test_contexts_are_37_below_six_headings(plover: Scheme) -> None:
    question = plover.question("contexts")
    assert (question.type, question.required) == ("tree", False)
    assert len(question.labels) == 6
    contexts = [child.name for heading in question.labels for child in heading.children]
    assert len(contexts) == len(set(contexts)) == 37
    assert [child.name for heading in question.labels for child in heading.children if child.children] == []


def test_relations_lead_from_any_event_to_participant_place_and_date(plover: Scheme) -> None:
    assert [(r.name, tuple(r.from_), r.to) for r in plover.relations] == [
        ("actor", SIXTEEN, ["participant"]),
        ("recipient", SIXTEEN, ["participant"]),
        ("place", SIXTEEN, ["place"]),
        ("date", SIXTEEN, ["date"]),
    ]


def test_the_rules_that_coders_trip_over_are_there(plover: Scheme) -> None:
    assert {rule.name for rule in plover.rules} >= {
        *("main-event", "several-events", "no-event", "unsure", "own-text", "reported-speech", "denial", "visit"),
        *("future-meeting", "announced-withdrawal", "praise", "threat-in-offer", "protest-and-arrest"),
        *("historical", "future", "hypothetical", "negated", "anonymous-actors", "compound-actors", "scare-quotes"),
    }


@pytest.mark.shared
def test_modes_and_contexts_are_those_of_the_plover_manual(plover: Scheme, shared_data: Path) -> None:
    text = (shared_data / "plover_gsr" / "PLOVER_MANUAL.tex").read_text(encoding="utf-8")
    text = re.sub(r"(?<!\\)%.*", "", text)
    table = text[text.index(r"\label{tab:general-contexts}") : text.index(r"\end{longtable}")]
    cells = [row.split("&")[0] for row in table.splitlines() if "&" in row]
    rows = [re.sub(r"\\hyperref\[[^\]]*\]|[{}\\]", "", cell).strip() for cell in cells]
    contexts = {row for row in rows if re.fullmatch(r"[a-z_]+", row)}
    assert {path.split("/")[1] for path in plover.question("contexts").label_names() if "/" in path} == contexts
    for event, modes in MODES.items():
        section = text[text.index(f"\\section{{{event}}}") :]
        section = section[: section.index("Quad category")]
        found = re.findall(r"^([a-z-]+) *&", section, flags=re.MULTILINE)
        assert found == modes.split(), event


@pytest.mark.shared
def test_nothing_is_copied_from_the_plover_manual(plover: Scheme, shared_data: Path) -> None:
    def runs(text: str, length: int) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z0-9]+", re.sub(r"\\[a-z]+", " ", text.lower()))
        return set(zip(*(words[start:] for start in range(length)), strict=False))

    manual = runs((shared_data / "plover_gsr" / "PLOVER_MANUAL.tex").read_text(encoding="utf-8"), 6)
    texts = [label.definition for label in every_label(plover)]
    texts += [label.example or "" for label in every_label(plover)]
    texts += [text for rule in plover.rules for text in (rule.title, rule.text, rule.example or "")]
    shared = {" ".join(run) for text in texts for run in runs(text, 6) & manual}
    assert shared <= {"chemical biological radiological or nuclear weapons"}  # what CBRN stands for


# event-acled


def without_slash(name: str) -> str:
    return name.replace("/", " or ").replace("Remote violence", "remote violence")


def tree_of(found: Scheme) -> dict[str, list[str]]:
    return {label.name: [child.name for child in label.children] for label in found.questions[0].labels}


def test_the_main_event_of_acled_is_a_tree_of_6_types_and_25_sub_types() -> None:
    found = scheme.load("event-acled")
    tree = {without_slash(name): [without_slash(child) for child in below] for name, below in ACLED.items()}
    assert tree_of(found) == {**tree, "NO_EVENT": [], "UNSURE": []}
    assert sum(map(len, tree.values())) == 25
    (question,) = found.questions
    assert (question.type, question.required) == ("tree", True)
    assert "Battles/Armed clash" in question.label_names()
    assert (question.label("NO_EVENT").role, question.label("UNSURE").role) == ("negative", "unsure")


def test_a_trigger_of_acled_is_asked_for_the_sub_types_of_its_type_each_with_a_key() -> None:
    found = scheme.load("event-acled")
    tree = tree_of(found)
    asked = [item for item in found.mentions[0].attributes if item.name == "sub_type"]
    assert {tuple(item.applies_to): list(item.label_names()) for item in asked} == {
        (label.name,): tree[label.name] for label in spans(found, "trigger")
    }
    assert [label.name for item in asked for label in item.labels if not label.hotkey] == []
    fatalities = next(item for item in found.mentions[0].attributes if item.name == "fatalities")
    assert (fatalities.type, fatalities.required, fatalities.applies_to) == ("text", False, [])


def test_the_roles_of_acled_are_two_sides_and_civilians() -> None:
    found = scheme.load("event-acled")
    assert [(r.name, r.to) for r in found.relations] == [
        ("actor1", ["actor"]),
        ("actor2", ["actor"]),
        ("civilian_target", ["civilians"]),
        ("place", ["place"]),
        ("date", ["date"]),
    ]
    assert {tuple(r.from_) for r in found.relations} == {tuple(label.name for label in spans(found, "trigger"))}


# event-cameo


def test_the_codes_of_cameo_are_20_strings_with_their_names_in_the_definitions() -> None:
    found = scheme.load("event-cameo")
    question = found.question("main_event")
    assert list(question.label_names()) == [*CODES, "NO_EVENT", "UNSURE"]
    assert [question.label(code).definition.split(":")[0] for code in CODES] == list(CAMEO)
    assert (question.label("NO_EVENT").role, question.label("UNSURE").role) == ("negative", "unsure")
    assert question.hint is not None
    assert re.findall(r"\b\d\d\b", question.hint) == CODES


def test_triggers_of_cameo_are_its_codes_under_the_shifted_key_of_the_answer() -> None:
    found = scheme.load("event-cameo")
    keys = {label.name: label.hotkey for label in found.questions[0].labels}
    assert {label.name: label.hotkey for label in spans(found, "trigger")} == {
        code: f"shift+{keys[code]}" for code in CODES
    }


def test_the_roles_of_cameo_are_source_and_target() -> None:
    assert [(r.name, r.from_, r.to) for r in scheme.load("event-cameo").relations] == [
        ("source", CODES, ["participant"]),
        ("target", CODES, ["participant"]),
        ("place", CODES, ["place"]),
        ("date", CODES, ["date"]),
    ]


# event-muc4


def test_muc4_takes_several_incidents_or_none_which_is_given() -> None:
    found = scheme.load("event-muc4")
    question = found.question("incidents")
    assert list(question.label_names()) == [*INCIDENTS, "NO_INCIDENT", "UNSURE"]
    assert (question.type, question.required) == ("multiple", True)
    assert (question.label("NO_INCIDENT").role, question.label("UNSURE").role) == ("negative", "unsure")


def test_incidents_of_muc4_have_perpetrators_targets_and_weapons() -> None:
    found = scheme.load("event-muc4")
    assert {label.name: label.hotkey for label in spans(found, "trigger")} == {
        name: f"shift+{found.question('incidents').label(name).hotkey}" for name in INCIDENTS
    }
    assert [(r.name, r.from_, r.to) for r in found.relations] == [
        ("perpetrator", INCIDENTS, ["participant"]),
        ("human_target", INCIDENTS, ["participant"]),
        ("physical_target", INCIDENTS, ["object"]),
        ("weapon", INCIDENTS, ["weapon"]),
        ("place", INCIDENTS, ["place"]),
        ("date", INCIDENTS, ["date"]),
    ]
