"""GW504: a dataset folder that was changed by hand."""

from auditing_checks import subject
from goldwire.eval.audit.edited import look
from goldwire.eval.audit.finding import Fired, NotApplicable, Silent


def test_the_digest_on_the_card_is_that_of_the_content_or_the_folder_was_changed() -> None:
    assert look(subject([], digests=("0a1b", "2c3d"))) == Fired(
        "The card says the digest is 0a1b, and that of the content is 2c3d.", 1, ["0a1b -> 2c3d"]
    )
    assert look(subject([], digests=("0a1b", "0a1b"))) == Silent("The content has the digest on the card, 0a1b.")
    assert look(subject([])) == NotApplicable("no card of a dataset folder names its digest")
