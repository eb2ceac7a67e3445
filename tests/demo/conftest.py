"""What the tests of the demonstration share."""

from pathlib import Path

import pytest

from goldwire.study import Study


@pytest.fixture(scope="module")
def study(demonstration: Path) -> Study:
    """The demonstration. Copy it to change it."""
    return Study(demonstration)
