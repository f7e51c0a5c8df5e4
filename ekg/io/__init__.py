"""Files and results: RDF in and out, SPARQL results in every format that people ask for."""

from ekg.io.export import export
from ekg.io.formats import EXPORT_EXTENSIONS, RDF_EXTENSIONS, rdf_format
from ekg.io.read import RdfFile, parse_rdf
from ekg.io.results import GRAPH_FORMATS, ROW_FORMATS, serialize, serialize_triples, write_result
from ekg.io.table import compact_iri

__all__ = [
    "EXPORT_EXTENSIONS",
    "GRAPH_FORMATS",
    "RDF_EXTENSIONS",
    "ROW_FORMATS",
    "RdfFile",
    "compact_iri",
    "export",
    "parse_rdf",
    "rdf_format",
    "serialize",
    "serialize_triples",
    "write_result",
]
