"""Captions and transcripts: our own reader, which repairs what is damaged and counts every repair."""

from extractors.captions.model import Captions, Cue
from extractors.captions.read import check, parse_captions, read_captions
from extractors.captions.text import compose
from extractors.captions.transcript import looks_like_transcript

__all__ = ["Captions", "Cue", "check", "compose", "looks_like_transcript", "parse_captions", "read_captions"]
