"""Sources to documents: files, folders and standard input, of text, Markdown, HTML, JSON, JSONL and captions."""

from extractors.sources.discover import SourceItem, discover
from extractors.sources.failure import Failure
from extractors.sources.read import read_documents, read_item

__all__ = ["Failure", "SourceItem", "discover", "read_documents", "read_item"]
