"""The datasheet: what only people know (Gebru et al. 2021, Datasheets for Datasets, CACM 64(12), 86-92)."""

from goldwire.study import Datasheet

QUESTIONS = {
    "motivation": "Why was the dataset made, and for which task?",
    "funding": "Who paid for it?",
    "selection": "Which articles could come in, and which could not?",
    "consent": "What did people and publishers agree to?",
    "training": "How were annotators taught and tested?",
    "compensation": "What were annotators paid?",
    "review": "Was there an ethics review?",
    "uses": "What is it meant for, and what must it not be used for?",
    "distribution": "Where is it given out, and under which terms?",
    "maintenance": "Who keeps it, and how are mistakes reported?",
}


def datasheet(given: Datasheet) -> tuple[list[tuple[str, str]], list[str]]:
    """Return (question, answer) of what was stated, and the names of the fields that were not."""
    answers = {name: getattr(given, name).strip() for name in QUESTIONS}
    stated = [(QUESTIONS[name], text) for name, text in answers.items() if text]
    return stated, [name for name, text in answers.items() if not text]
