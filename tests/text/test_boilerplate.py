"""Boilerplate: masked for comparing where it surely is, nowhere else. All texts are written for the test."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text.boilerplate import mask

STORY = "The harbour council met on Monday. It set no date."

DATELINES = [
    "LONDON (Reuters) - ",
    "WASHINGTON, Dec 11 (AP) — ",
    "WASHINGTON, D.C. (AP) -- ",
    "TORONTO, Oct. 22 (Reuters) - ",
    "SAN SALVADOR, 3 JAN 90 (AFP) -- ",
    "Near Port Holm, Norland (CNN) -- ",
    "(CNN) ",
    "(Reuters) - ",
    "(CNN)",
    "PARIS — ",
    "PORT HOLM, N.Y. -- ",
    "LOS ANGELES, September 29, 2017 — ",
    "BERLIN (dpa) - ",
    "Berlin (dpa/bb) - ",
    "PARIS, 11 décembre 2017 (AFP) - ",
    "MADRID (EFE).— ",
]
LINES = [
    "Advertisement",
    "ADVERTISEMENT",
    "Anzeige",
    "Publicité",
    "Photo: Ada Voss/Coastal Press",
    "Foto: dpa",
    "Crédit photo : Ada Voss",
    "Read more: Harbour talks fail again",
    "RELATED: Harbour talks fail again",
    "Lire aussi : Le port ferme",
    "Lesen Sie auch: Der Hafen schließt",
    "Lea también: Cierra el puerto",
    "Par AFP le 11/12/2017 à 10h30",
    "By The Associated Press",
    "Le Monde avec AFP",
    "Mit dpa",
    "(AFP)",
    "Quelle: dpa/AFP",
    "© dpa-infocom, dpa:210101-99-123456/2",
]
NOTES = [
    "This story has been updated.",
    "This article was amended on 10 November to correct a name.",
    "Editor’s note: This story has been updated with a comment from the mayor.",
    "This is a breaking news story.",
    "This is a developing story and will be filled in.",
    "(Reporting by Ada Voss; Editing by Jon Holm)",
    "(Additional reporting by Ada Voss in Port Holm; Writing by Jon Holm)",
    "Reporting by Ada Voss; Editing by Jon Holm",
    "Copyright 2017 The Coastal Press.",
    "© 2018 Coastal Media Group",
    "All rights reserved.",
    "Alle Rechte vorbehalten.",
    "Tous droits réservés.",
    "Todos los derechos reservados.",
    "This material may not be published, broadcast, rewritten or redistributed.",
    "Sign up for our daily newsletter.",
    "Subscribe to our newsletter and get the news first.",
    "Follow us on Twitter and Facebook.",
    "Follow Ada Voss on Twitter",
    "Click here to watch the video.",
    "The Associated Press contributed to this report.",
    "Associated Press writer Ada Voss in Port Holm contributed to this report.",
    "Diese Meldung wurde am 3. Mai aktualisiert.",
    "Cet article a été mis à jour à 10 heures.",
    "Esta noticia ha sido actualizada.",
    "(Con información de EFE)",
]
STAYS = [
    "LONDON (population 9 million) - the capital - voted.",
    "Reuters reported the vote first.",
    "(CNN reported the vote.) The mayor left.",
    "The council — all of it — met in PARIS.",
    "NATO — an old alliance — met.",
    "POPULATION -- OF WHICH HALF IS POOR -- VOTED.",
    "Advertisement fell by half.",
    "The advertisement",
    "Photos of the harbour were shown.",
    "Read more books, the mayor told children.",
    "By Tuesday it was over.",
    "By AP standards it was long.",
    "Quelle horreur.",
    "“This story has been updated,” the editor said.",
    "This story has been updated, the editor said.",
    "This story has been told many times.",
    "This is a breaking point.",
    "(The reporting by Ada Voss won a prize.)",
    "Reporting by the press is free.",
    "Copyright law changed in 2017.",
    "All rights reserved for members were taken away.",
    "Sign up for the army, he was told.",
    "Subscribe to the view that the port is lost.",
    "Follow us on the march to Twitter, they said.",
    "Follow us on Twitter, the mayor told the crowd.",
    "Click here to pay, the letter said.",
    "The Associated Press contributed to this report of the council, which was long.",
    "Cet article a été écrit en mai.",
]


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_goes(dateline: str) -> None:
    assert mask(dateline + STORY) == STORY
    assert mask(f"Council meets\n\n{dateline}{STORY}\n\nNo more is known.") == (
        f"Council meets\n\n{STORY}\n\nNo more is known."
    )


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_a_publishing_system_added_goes(line: str) -> None:
    assert mask(f"{STORY}\n{line}\nNo more is known.") == f"{STORY}\nNo more is known."


@pytest.mark.parametrize("note", NOTES)
def test_a_note_goes_as_a_line_and_as_the_last_sentence(note: str) -> None:
    assert mask(f"{STORY}\n{note}\nNo more is known.") == f"{STORY}\nNo more is known."
    assert mask(f"{STORY} {note}") == STORY


@pytest.mark.parametrize("sentence", STAYS)
def test_what_only_looks_like_boilerplate_stays(sentence: str) -> None:
    assert mask(sentence) == sentence
    assert mask(f"{STORY} {sentence}") == f"{STORY} {sentence}"


def test_several_notes_in_a_row_go() -> None:
    text = f"BERLIN (dpa) - {STORY} Copyright 2017 The Coastal Press. All rights reserved.\n\nAdvertisement\n"
    assert mask(text) == STORY


def test_a_long_line_is_masked_in_bounded_time_and_one_without_end_stays() -> None:
    for line in ["A" * 50_000, "A. " * 16_000, "PARIS " * 8_000, "(" * 50_000, "Reporting by " * 3_000]:
        assert mask(line) == line
    assert mask("(AP)" * 12_000 + "x") == mask("LONDON (AP) - " * 3_000 + "x") == "x"
    line = "LONDON (AP) - The port of Lunde was closed. " + "A" * 50_000
    assert mask(line) == line


PIECES = st.lists(st.sampled_from([*DATELINES, *LINES, *NOTES, *STAYS, " ", "\n", ". ", "A"]), max_size=12)


@settings(deadline=None)
@given(PIECES.map("".join) | PIECES.map(" ".join) | st.text())
def test_masking_twice_changes_nothing_and_nothing_is_added(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked
    left = iter("".join(text.split()))
    assert all(character in left for character in "".join(masked.split()))
