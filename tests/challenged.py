"""A challenge of the shape of FNC-1, of twelve headlines in train and twelve in test, written for the tests."""

from pathlib import Path

LABELS = ("agree", "disagree", "discuss", "unrelated")


def challenge(folder: Path) -> Path:
    """Write its files into a folder, as their authors ship them, and return it."""
    for side, prefix, place in (("train", "train", "Lunde"), ("test", "competition_test", "Torr")):
        bodies, stances = ["Body ID,articleBody"], ["Headline,Body ID,Stance"]
        for at in range(12):
            bodies.append(f"{at},Boat {side}{at} sank off {place}{at} at noon. Nobody of crew {at * 7} was hurt.")
            stances.append(f"Boat {side}{at} sinks off {place}{at},{at},{LABELS[at % 3]}")
            stances.append(f"Boat {side}{at} sinks off {place}{at},{(at + 1) % 12},unrelated")
        for name, lines in (("bodies", bodies), ("stances", stances)):
            (folder / f"{prefix}_{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
