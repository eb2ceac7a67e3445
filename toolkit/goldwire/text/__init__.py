"""Text: what is done to characters and words, wherever in the house it is needed.

In flow strings. Out flow normalised strings, sentences, paragraphs and words as offsets, a language with its score,
mended mojibake, and pairs of texts that say the same. Nothing here writes a file but `store`, in a place that its
caller names, and nothing calls out.
"""
