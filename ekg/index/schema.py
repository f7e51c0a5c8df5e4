"""Tables of the index. Times are seconds since 1970-01-01T00:00Z, half-open, NULL where unknown."""

from __future__ import annotations

VERSION = "9"
"""Changes with the tables; an index of another version is rebuilt, never migrated."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT NOT NULL, label TEXT NOT NULL,
  begin_at INTEGER, end_at INTEGER, begin TEXT, end TEXT, granularity TEXT, recorded TEXT,
  place INTEGER, polarity TEXT, modality TEXT, confidence REAL NOT NULL, mentions INTEGER NOT NULL);
CREATE TABLE entity (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT NOT NULL, name TEXT NOT NULL, mentions INTEGER NOT NULL,
  begin TEXT, end TEXT);
CREATE TABLE alias (norm TEXT NOT NULL, entity INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE located (entity INTEGER NOT NULL, place TEXT NOT NULL, norm TEXT NOT NULL, itself INTEGER NOT NULL);
CREATE TABLE participation (
  event INTEGER NOT NULL, entity INTEGER, role TEXT NOT NULL, text TEXT, confidence REAL NOT NULL, statement TEXT);
CREATE TABLE role_status (event INTEGER NOT NULL, role TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE relation (
  source INTEGER NOT NULL, kind TEXT NOT NULL, target INTEGER NOT NULL, confidence REAL NOT NULL, statement TEXT);
CREATE TABLE type_year (type TEXT NOT NULL, year INTEGER, events INTEGER NOT NULL);
CREATE TABLE mention (
  event INTEGER NOT NULL, iri TEXT NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  text TEXT NOT NULL, media_start REAL, media_end REAL);
CREATE TABLE argument (
  event INTEGER NOT NULL, mention TEXT NOT NULL, document INTEGER NOT NULL, role TEXT NOT NULL, entity INTEGER,
  start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, confidence REAL NOT NULL, statement TEXT);
CREATE TABLE document (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT, published TEXT,
  published_at INTEGER, publisher TEXT, url TEXT, recorded TEXT, lead TEXT);
CREATE TABLE entity_mention (
  entity INTEGER NOT NULL, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  mention INTEGER NOT NULL); -- a hash of its IRI: an update replaces the rows of the mentions that it touches
CREATE TABLE passage (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  media_start REAL, media_end REAL);
CREATE VIRTUAL TABLE passage_text USING fts5(text, title, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE event_text USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE document_text USING fts5(title, lead, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE entity_text USING fts5(name, tokenize = 'unicode61 remove_diacritics 2');
"""

FIRST, LAST = "coalesce(begin_at, end_at - 1)", "coalesce(end_at, begin_at + 1)"
"""An event's first second and the one after its last; where one bound is not known, it lasts a second at the other."""
LONG = 400 * 86_400
"""Seconds. What lasts no longer begins within so many of any window that it overlaps; the rest is indexed apart."""

INDEXES = f"""
CREATE INDEX event_begin ON event (begin_at);
CREATE INDEX event_end ON event (end_at);
CREATE INDEX event_first ON event ({FIRST});
CREATE INDEX event_long ON event ({FIRST}) WHERE {LAST} - {FIRST} > {LONG};
CREATE INDEX event_type ON event (type, begin_at);
CREATE INDEX event_place ON event (place);
CREATE INDEX alias_norm ON alias (norm);
CREATE INDEX alias_entity ON alias (entity);
CREATE INDEX located_place ON located (place);
CREATE INDEX located_norm ON located (norm);
CREATE INDEX located_entity ON located (entity);
CREATE INDEX participation_event ON participation (event);
CREATE INDEX participation_entity ON participation (entity);
CREATE INDEX role_status_event ON role_status (event);
CREATE INDEX role_status_role ON role_status (role COLLATE NOCASE, status, event);
CREATE INDEX participation_role ON participation (role COLLATE NOCASE, event);
CREATE INDEX relation_source ON relation (source);
CREATE INDEX relation_target ON relation (target);
CREATE INDEX mention_event ON mention (event);
CREATE INDEX mention_place ON mention (document, start);
CREATE INDEX argument_event ON argument (event);
CREATE INDEX entity_mention_place ON entity_mention (document, start);
CREATE INDEX entity_mention_entity ON entity_mention (entity);
CREATE INDEX passage_place ON passage (document, start);
"""

YEARS = "SELECT type, CAST(begin AS INTEGER), count(*) FROM event"
"""Events by type and year, once grouped: a date's text begins with its year."""
