"""What came of checking a citation, as JSON: the same from `POST /api/v1/verify` and from `rechain verify --json`."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.texts import Tongue
from queries.citations import Cited, Verdict


class ChangeFound(BaseModel):
    """Where the answer differs."""

    path: str = Field(description="where in the answer; rows by what they are about", examples=["gaps[prd:x].users"])
    cited: Any = Field(description="what the citation says; null: nothing")
    now: Any = Field(description="what the store says now; null: nothing")


class VerdictFound(BaseModel):
    """Whether a citation holds."""

    verdict: Literal["same", "changed", "altered"] = Field(
        description="same; changed: another answer now; altered: the document was edited, and was not asked again"
    )
    question: str = Field(description="what the citation asks")
    as_of: str = Field(description="the day it is about")
    cited_revision: int = Field(description="revision that the citation was answered from")
    revision: int | None = Field(description="revision it was checked against; null where it was not asked again")
    changes: tuple[ChangeFound, ...] = Field(description="the first differences, at most 200")
    truncated: bool = Field(description="whether there are more")
    reason: str | None = Field(description="why the question cannot be answered any more; null: it can")


def verdict_of(cited: Cited, verdict: Verdict, tongue: Tongue) -> VerdictFound:
    """A verdict in words."""
    return VerdictFound(
        verdict=verdict.verdict,
        question=cited.head.question,
        as_of=cited.head.as_of,
        cited_revision=verdict.cited_revision,
        revision=verdict.revision,
        changes=tuple(ChangeFound(path=one.path, cited=one.cited, now=one.now) for one in verdict.changes),
        truncated=verdict.truncated,
        reason=tongue.error(verdict.error) if verdict.error else None,
    )
