"""ekg: questions in English, search by words and timelines over event graphs."""

from queries.answering import ask
from queries.output import answer_dict
from queries.search import SearchResult, SearchResults, search
from queries.timeline import timeline

__all__ = ["SearchResult", "SearchResults", "answer_dict", "ask", "search", "timeline"]
