"""What a question is: typed parameters, a typed answer, and a pure function of a Reader between them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic.fields import FieldInfo

from graph.model.errors import AmbiguousName, BadInput, Candidate, NodeMissing, UnknownName
from graph.model.kinds import NODE_KINDS, looks_like_id
from graph.readers.port import Reader
from graph.readers.port_types import Node


class Params(BaseModel):
    """Parameters of a question; each field's title is its Chinese name, its description the English help text."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PagedParams(Params):
    """Parameters of a question whose answer is a list."""

    limit: int = Field(50, ge=1, le=10_000, title="条数上限", description="how many rows at most")
    offset: int = Field(0, ge=0, le=10_000_000, title="跳过条数", description="how many rows to leave out first")


class Record(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NodeRef(Record):
    """A node with its names."""

    id: str = Field(title="标识", examples=["ent:jl-mag"])
    name_zh: str | None = Field(None, title="中文名")
    name_en: str | None = Field(None, title="英文名")


class Answer(Record):
    """The envelope of every answer: the question, when it was asked of which state, and what it could not know."""

    question: str = Field(title="问题")
    params: dict[str, Any] = Field(title="参数", description="the parameters as understood, names resolved to ids")
    as_of: str = Field(title="截至", description="the day the answer is about, ISO")
    known_at: str | None = Field(title="已知至", description="only sources dated up to this day were used; null: all")
    revision: int = Field(title="数据版本", description="the store's revision")
    looked_at: dict[str, int] = Field(title="考察范围", description="denominators: how much was looked at")
    unplaced: int = Field(title="无地点", description="makers left out because no place is known for them")
    truncated: bool = Field(title="已截断", description="whether a limit cut the answer off")


# For a field of Params that holds a sheet: on the command line it is the name of a file.
FROM_FILE: dict[str, JsonValue] = {"file": True}


def is_from_file(field: FieldInfo) -> bool:
    """Whether the command line takes a parameter as the name of the file that holds it."""
    return isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("file") is True


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


# A parameter that may be given several times; one text alone is a list of one.
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]

ParamsT = TypeVar("ParamsT", bound=Params)
AnswerT = TypeVar("AnswerT", bound=Answer)


class Query(Generic[ParamsT, AnswerT]):
    """A question: everything the CLI, the API and the docs need to know of it.

    `positional` are the parameters given without a flag on the command line, in order. `flags` renames options
    (`start` -> `--from`). `render` lives at the edge, by name.
    """

    def __init__(
        self,
        name: str,
        zh: str,
        en: str,
        params: type[ParamsT],
        answer: type[AnswerT],
        run: Callable[[Reader, ParamsT], AnswerT],
        positional: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.zh = zh
        self.en = en
        self.params = params
        self.answer = answer
        self.run = run
        self.positional = positional


def envelope(question: str, reader: Reader, params: Params, **resolved: object) -> dict[str, Any]:
    """The fields every answer begins with; `resolved` overrides parameters by what they were understood as."""
    at = reader.as_of
    return {
        "question": question,
        "params": params.model_dump(mode="json") | resolved,
        "as_of": at.valid.isoformat(),
        "known_at": at.known_at.isoformat() if at.known_at else None,
        "revision": reader.revision,
    }


def ref(node: Node) -> NodeRef:
    """A node as answers show it."""
    return NodeRef(id=node.id, name_zh=node.name_zh, name_en=node.name_en)


def refs(reader: Reader, ids: Sequence[str]) -> dict[str, NodeRef]:
    """Nodes as answers show them, by the id asked for."""
    return {asked: ref(node) for asked, node in zip(ids, reader.nodes(ids), strict=True)}


def resolve_name(reader: Reader, text: str, kinds: tuple[str, ...] | None = None) -> str:
    """The id behind a name, an alias, a code or an id.

    A single exact match wins; else a single match at all. Raises UnknownName, AmbiguousName, or BadInput for an id of
    the wrong kind.
    """
    wanted = text.strip()
    if not wanted:
        raise BadInput("An empty name was given. Give a name, an alias, a code or an id.")
    if looks_like_id(wanted):
        try:
            node = reader.nodes([wanted])[0]
        except NodeMissing:
            raise UnknownName("There is no node '{name}'. Look it up with: rechain search", name=wanted) from None
        if kinds and node.kind not in kinds:
            raise BadInput(
                "'{name}' is a {kind}; here a {wanted} is asked for.",
                name=wanted,
                kind=NODE_KINDS[node.kind].en,
                wanted=" or ".join(NODE_KINDS[kind].en for kind in kinds),
            )
        return node.id
    matches = reader.find(wanted, kinds, limit=12)
    exact = [match for match in matches if match.how == "exact"] or list(matches)
    if not exact:
        raise UnknownName(
            "Nothing here is called '{name}'{among}. Try a shorter part of the name with: rechain search",
            name=wanted[:60],
            among=f" among {', '.join(NODE_KINDS[kind].en for kind in kinds)} names" if kinds else "",
        )
    if len(exact) > 1:
        raise AmbiguousName(wanted[:60], [Candidate(m.node.id, m.node.name_zh, m.node.name_en) for m in exact])
    return exact[0].node.id
