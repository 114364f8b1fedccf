"""Citations: an answer with what is needed to ask for it again, and whether it would come out the same today.

A citation file is JSON: {"citation": {format, question, params, as_of, known_at, revision, digest}, "answer": {...}}.
The digest is SHA-256 over the canonical JSON of the answer without its revision: a load that does not touch the
answer leaves it the same. Certificates, frozen lists and bundles are citations with their payload.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from graph.model.dates import AsOf
from graph.model.errors import UnreadableFile
from graph.readers.port import Reader
from queries.base import Answer, Query

FORMAT = "rechain-citation-1"
_CHANGES_SHOWN = 200


class Cited(NamedTuple):
    """A citation read back from a file. `intact`: its answer matches its digest."""

    question: str
    params: Mapping[str, Any]
    as_of: AsOf
    revision: int
    answer: Mapping[str, Any]
    intact: bool


class Change(NamedTuple):
    """Where an answer differs: a path as in `gaps[3].users`, the value cited and the value of today (None: absent)."""

    path: str
    cited: Any
    now: Any


class Verdict(NamedTuple):
    """`same`, `changed` (and what), or `altered`: the file does not match its own digest."""

    verdict: Literal["same", "changed", "altered"]
    changes: tuple[Change, ...]
    revision: int


def digest_of(answer: Mapping[str, Any]) -> str:
    """SHA-256 of an answer without its revision, as `sha256:` and hex."""
    body = {name: value for name, value in answer.items() if name != "revision"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def cite(answer: Answer, params: Mapping[str, Any]) -> dict[str, Any]:
    """The citation of an answer with the answer as its payload; `params` are those that were asked with."""
    body = answer.model_dump(mode="json", by_alias=True)
    return {
        "citation": {
            "format": FORMAT,
            "question": answer.question,
            "params": dict(params),
            "as_of": answer.as_of,
            "known_at": answer.known_at,
            "revision": answer.revision,
            "digest": digest_of(body),
        },
        "answer": body,
    }


def read_citation(text: str, name: str) -> Cited:
    """A citation from a file's text; raises UnreadableFile when it is none."""
    try:
        whole = json.loads(text)
        head, answer = whole["citation"], whole["answer"]
        if head["format"] != FORMAT:
            raise KeyError("format")
        as_of = AsOf.parse(head["as_of"], head["known_at"])
        matches = digest_of(answer) == head["digest"] and all(
            answer.get(field) == head[field] for field in ("question", "as_of", "known_at", "revision")
        )
        return Cited(head["question"], head["params"], as_of, int(head["revision"]), answer, matches)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableFile(
            "'{file}' is not a citation of rechain. Give a file that `rechain certificate` or `-o` wrote.", file=name
        ) from None


def verify(cited: Cited, reader: Reader, questions: Mapping[str, Query[Any, Any]]) -> Verdict:
    """Ask again on a reader at the citation's as_of and known_at, and compare."""
    if not cited.intact:
        return Verdict("altered", (), reader.revision)
    query = questions.get(cited.question)
    if query is None:
        raise UnreadableFile("The citation asks '{name}', which is no question here.", name=cited.question)
    try:
        params = query.params.model_validate(cited.params)
    except ValidationError as error:
        raise UnreadableFile(
            "The parameters of the citation do not fit the question '{name}': {why}.",
            name=cited.question,
            why=str(error.errors()[0]["msg"]),
        ) from None
    now = query.run(reader, params).model_dump(mode="json", by_alias=True)
    before = dict(cited.answer)
    before.pop("revision", None)
    now.pop("revision", None)
    changes = []
    for change in _differences("", before, json.loads(json.dumps(now))):
        changes.append(change)
        if len(changes) == _CHANGES_SHOWN:
            break
    return Verdict("changed" if changes else "same", tuple(changes), reader.revision)


def _differences(path: str, before: Any, now: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted(before.keys() | now.keys()):
            yield from _differences(f"{path}.{name}" if path else name, before.get(name), now.get(name))
    elif isinstance(before, list) and isinstance(now, list):
        for index in range(max(len(before), len(now))):
            old = before[index] if index < len(before) else None
            new = now[index] if index < len(now) else None
            yield from _differences(f"{path}[{index}]", old, new)
    elif before != now:
        yield Change(path, before, now)
