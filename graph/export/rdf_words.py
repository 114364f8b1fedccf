"""The classes and properties of the RDF we write: our own, and those of others that say the same."""

from graph.export.rdf_terms import iri, own

TYPE = iri("rdf", "type")
LABEL = iri("skos", "prefLabel")
CLAIM = own("Claim")
SUBJECT, PREDICATE, OBJECT, VALUE, QUANTITY = map(own, ("subject", "predicate", "object", "value", "quantity"))
QUALIFIER, QUALIFIED_BY, AS_OF, UNTIL = map(own, ("qualifier", "qualifiedBy", "asOf", "until"))
FLAG, FLAG_LIST, CONFIDENCE, FACT, CONFLICTS = map(own, ("flag", "flagList", "confidence", "fact", "conflictsWith"))
NOTE = iri("skos", "note")
SOURCE = iri("prov", "wasDerivedFrom")
NUMBER, UNIT, QUANTITY_VALUE = iri("qudt", "numericValue"), iri("qudt", "unit"), iri("qudt", "QuantityValue")
URL, PUBLISHER, LICENCE = iri("schema", "url"), iri("schema", "publisher"), iri("schema", "license")
PUBLISHED, GRADE = iri("schema", "datePublished"), own("grade")
SOURCE_CLASS = own("Source")
# The name of a detail follows.
DETAIL = "detail_"

# The classes that others know, beside our own.
CLASSES: dict[str, tuple[tuple[str, str], ...]] = {
    "enterprise": (("org", "FormalOrganization"), ("schema", "Organization")),
    "product": (("skos", "Concept"), ("schema", "Product")),
    "process": (("prov", "Plan"),),
    "project": (("schema", "Project"),),
    "region": (("schema", "Place"),),
    "institution": (("org", "Organization"), ("schema", "Organization")),
    "policy": (("schema", "Legislation"),),
    "chain": (("skos", "ConceptScheme"),),
    "source": (("prov", "Entity"), ("schema", "CreativeWork")),
}
# The properties that others know and that say the same: written beside ours.
KNOWN_AS: dict[str, tuple[str, str]] = {
    "name_zh": ("skos", "prefLabel"),
    "name_en": ("skos", "prefLabel"),
    "alias": ("skos", "altLabel"),
    "code": ("skos", "notation"),
    "hs_code": ("skos", "notation"),
    "country": ("schema", "addressCountry"),
    "chain": ("skos", "inScheme"),
    "founded": ("schema", "foundingDate"),
    "website": ("schema", "url"),
    "remark": ("skos", "note"),
    "subclass_of": ("skos", "broader"),
    "located_in": ("schema", "location"),
    "part_of": ("schema", "containedInPlace"),
}
