"""What changed between two states of a study, or of a published dataset.

A state is a git revision, whose data DVC brings, or a folder. Two states flow in; what differs flows out: as a
dictionary (which is the JSON), as text, as Markdown and as a drafted changelog entry. Nothing is written.
"""
