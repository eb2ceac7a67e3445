"""Sources: which files there are, and how each is opened.

In flow paths: files, folders, patterns and standard input. Out flow items (a file, a member of an archive, or a part
of a large file), each with the name of its reader and opened as a stream that is unpacked within bounds. Nothing is
written to disk, and nothing of an article is understood here beyond what tells its reader.
"""

from goldwire.corpus.sources.items import STDIN, Item, parts, shown
from goldwire.corpus.sources.packed import Broken
from goldwire.corpus.sources.search import Found, find

__all__ = ["STDIN", "Broken", "Found", "Item", "find", "parts", "shown"]
