"""Text: what is done to characters and words, wherever in the house it is needed.

In flow strings. Out flow normalised strings, sentences as offsets, a language with its score, and pairs of texts
that say the same. Nothing here reads or writes a file, and nothing calls out.
"""
