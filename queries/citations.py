"""Citations: an answer with what is needed to ask for it again, and whether it would come out the same today.

A citation file is one JSON document: {"citation": head, "answer": {...}}. The parameters are those as understood, names
resolved to ids, so that a later namesake cannot change what is asked. Two hashes stand in the head. `digest` names the
answer without its revision: a load that does not touch the answer leaves it the same. `seal` covers the whole document
but itself, so that any edit shows. Neither is a signature: who forges both is found out by asking again.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Generic, Literal, NamedTuple, NoReturn, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from graph.model.dates import AsOf
from graph.model.errors import InputError, NodeMissing, RechainError, UnreadableFile
from graph.readers.port import Reader
from queries.answer_changes import Change, changes_between
from queries.base import Answer, Params, Query, Record

FORMAT = "rechain-citation-1"
LARGEST = 64_000_000
_DEEPEST = 60
_CHANGES_SHOWN = 200
_HASH = r"^sha256:[0-9a-f]{64}$"

Payload = TypeVar("Payload")


class CitationHead(Record):
    """What is needed to ask again, and to see that nothing was edited."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["rechain-citation-1"] = Field(title="格式", description="format and its version")
    question: str = Field(title="问题", description="the question that was asked", examples=["certificate"])
    params: dict[str, Any] = Field(title="参数", description="its parameters as understood, names resolved to ids")
    as_of: str = Field(title="截至", description="the day the answer is about, ISO")
    known_at: str | None = Field(title="已知至", description="only sources dated up to this day; null: all")
    revision: int = Field(ge=0, title="数据版本", description="revision of the store that answered")
    digest: str = Field(pattern=_HASH, title="答案摘要", description="SHA-256 of the answer without its revision")
    seal: str = Field(pattern=_HASH, title="封印", description="SHA-256 of the whole document without the seal")


class Citation(Record, Generic[Payload]):
    """An answer that can be checked. Hashes are over canonical JSON: sorted keys, no spaces, UTF-8."""

    citation: CitationHead = Field(title="引用", description="what is needed to ask again")
    answer: Payload = Field(title="答案", description="the answer as it was given")


class Cited(NamedTuple):
    """A citation read back. `intact`: it is as it was written."""

    head: CitationHead
    answer: Mapping[str, Any]
    intact: bool


class Verdict(NamedTuple):
    """`same`, `changed` (and what), or `altered`: the document was edited, and was not asked again.

    `changes` are the first of them, of an altered bundle the files that are not as they were written; `truncated`
    tells of more. `error`: why the question cannot be answered any more, which counts as changed. `cited_revision` and
    `revision` are those of then and now, None: not asked again.
    """

    verdict: Literal["same", "changed", "altered"]
    changes: tuple[Change, ...]
    truncated: bool
    error: RechainError | None
    cited_revision: int
    revision: int | None


def cite(query: Query[Any, Any], answer: Answer) -> dict[str, Any]:
    """The citation of an answer, with the answer as its payload."""
    body = _plain(answer)
    head = {
        "format": FORMAT,
        "question": query.name,
        "params": {field.alias or name: body["params"][name] for name, field in query.params.model_fields.items()},
        "as_of": body["as_of"],
        "known_at": body["known_at"],
        "revision": body["revision"],
        "digest": digest_of(body),
    }
    whole = {"citation": head, "answer": body}
    head["seal"] = _hash(whole)
    return whole


def written(citation: Mapping[str, Any]) -> str:
    """A citation as the text of a file."""
    return json.dumps(citation, ensure_ascii=False, indent=1) + "\n"


def digest_of(answer: Mapping[str, Any]) -> str:
    """SHA-256 of an answer without its revision, as `sha256:` and hex."""
    return _hash({name: value for name, value in answer.items() if name != "revision"})


def read_citation(text: bytes, name: str) -> Cited:
    """A citation from a file's bytes; raises UnreadableFile when it is none, or of another format."""
    if len(text) > LARGEST:
        raise UnreadableFile("'{file}' is larger than {most} MB. No citation is.", file=name, most=LARGEST // 1_000_000)
    try:
        whole = json.loads(
            text.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_constant=_refuse_constant
        )
        _check_depth(whole)
        given = whole["citation"]
        if isinstance(given["format"], str) and given["format"] != FORMAT:
            raise UnreadableFile(
                "'{file}' is of the format '{format}', and this rechain reads '{known}'. Use the one that wrote it.",
                file=name,
                format=given["format"][:60],
                known=FORMAT,
            )
        head = CitationHead.model_validate(given)
        AsOf.parse(head.as_of, head.known_at)
        answer = whole["answer"]
        if not isinstance(answer, dict):
            raise TypeError
        unsealed = whole | {"citation": {field: value for field, value in given.items() if field != "seal"}}
        return Cited(head, answer, _hash(unsealed) == head.seal and digest_of(answer) == head.digest)
    except UnreadableFile:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, InputError):
        raise UnreadableFile(
            "'{file}' is not a citation of rechain. Give a file that was written with `-o`, whole.", file=name
        ) from None


def question_of(cited: Cited, questions: Mapping[str, Query[Any, Any]]) -> tuple[Query[Any, Any], Params]:
    """What a citation asks. Raises UnreadableFile for a question or parameters that are not of here."""
    query = questions.get(cited.head.question)
    if query is None:
        raise UnreadableFile("The citation asks '{name}', which is no question here.", name=cited.head.question[:60])
    try:
        params: Params = query.params.model_validate(dict(cited.head.params))
    except ValidationError as error:
        first = error.errors()[0]
        raise UnreadableFile(
            "The parameters of the citation do not fit the question '{name}': {where}: {why}.",
            name=query.name,
            where=".".join(str(part) for part in first["loc"])[:60] or "params",
            why=str(first["msg"])[:200],
        ) from None
    return query, params


def verify(cited: Cited, reader_at: Callable[[AsOf], Reader], questions: Mapping[str, Query[Any, Any]]) -> Verdict:
    """Ask again on a reader of the day the citation is about, and compare. What was edited is not asked again."""
    then = cited.head.revision
    if not cited.intact:
        return Verdict("altered", (), False, None, then, None)
    query, params = question_of(cited, questions)
    reader = reader_at(AsOf.parse(cited.head.as_of, cited.head.known_at))
    try:
        now = _plain(query.run(reader, params))
    except (InputError, NodeMissing) as error:
        # What it was about is gone: no fault of the file.
        return Verdict("changed", (), False, error, then, reader.revision)
    before = {name: value for name, value in cited.answer.items() if name != "revision"}
    now.pop("revision")
    changes = changes_between(before, now, _CHANGES_SHOWN + 1)
    shown = changes[:_CHANGES_SHOWN]
    verdict: Literal["same", "changed"] = "changed" if changes else "same"
    return Verdict(verdict, shown, len(changes) > len(shown), None, then, reader.revision)


def _plain(answer: Answer) -> dict[str, Any]:
    """An answer as JSON has it: what JSON cannot say (NaN, infinities) is null."""
    body: dict[str, Any] = json.loads(answer.model_dump_json(by_alias=True))
    return body


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    # Strict: half a surrogate pair is no text, and none was ever written.
    return "sha256:" + sha256(text.encode("utf-8")).hexdigest()


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _check_depth(value: Any) -> None:
    """No answer is nested deeply; what compares and prints them may recurse."""
    tier = [value]
    for _ in range(_DEEPEST):
        tier = [
            inner
            for one in tier
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not tier:
            return
    raise ValueError("nested too deeply")
