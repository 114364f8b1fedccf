"""A small client of the service, for notebooks and scripts: `from api.client import Rechain`. See docs/client.md.

It needs httpx2 alone; NetworkX and pandas are imported when a subgraph is turned into theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx2

from api.client_subgraph import SubgraphFound

_ROOT = "/api/v1/"
_TRIES = 3  # when the data changes between two pages
Json = dict[str, Any]


class ServiceError(Exception):
    """The service could not answer. `status` is its HTTP status, None when it was not reached at all.

    `title` and `detail` say what is wrong and what to do, `code` names it for programs (`unknown_name`), `problem` is
    all that was answered: `candidates` of an ambiguous name, `errors` by parameter.
    """

    def __init__(self, status: int | None, title: str, detail: str, problem: Mapping[str, Any] | None = None) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        self.problem: Mapping[str, Any] = problem or {}
        self.code = str(self.problem.get("code", ""))
        super().__init__(f"{title}: {detail}" if status is None else f"{status} {title}: {detail}")


class Rechain:
    """Asks a service. Use it in a `with`, or close it.

    ========================================== ======================================================
    `Rechain()`                                 the service that `rechain serve` starts on this machine
    `Rechain("http://host:8000", timeout=60)`   another one, and how many seconds an answer may take
    `Rechain(lang="zh")`                        errors and sentences in Chinese
    `Rechain(http=client)`                      over an httpx2 client of your own, which stays yours
    ========================================== ======================================================

    Parameters are those of the command line and of docs/answers.md: names, aliases, codes or ids wherever a node is
    asked for, `as_of` and `known_at` dates, lists for what may be given several times. A word of Python takes an
    underscore: `from_="钕"`. None leaves a parameter out. Without `limit`, `offset` or `cursor` the pages of an answer
    are fetched and joined; all methods raise ServiceError.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        http: httpx2.Client | None = None,
        timeout: float = 30.0,
        lang: str = "en",
        page: int = 1000,
    ) -> None:
        """`page`: rows fetched at a time after the first page."""
        self._page = page
        self._own = http is None
        self._http = http or httpx2.Client(base_url=url, timeout=timeout)
        self._headers = {"Accept": "application/json", "Accept-Language": lang}

    def __enter__(self) -> "Rechain":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections, unless they are those of a client given."""
        if self._own:
            self._http.close()

    def gaps(self, region: str, **params: Any) -> Json:
        """The missing, thin and unknown links of a region's chain."""
        return self.ask("gaps", region=region, **params)

    def targets(self, region: str, product: str | None = None, **params: Any) -> Json:
        """Whom to invite to a region, for a product or with `gap=True` for every open gap: `limit` of each."""
        return self.ask("targets", region=region, product=product, **{"limit": 10, **params})

    def subgraph(self, **params: Any) -> SubgraphFound:
        """A part of the graph, whole: `seed`, `region`, `chain` or `product` to begin at, `hops` and so on.

        `limit` is how many rows come at a time.
        """
        cited = self._pages("subgraph", {"limit": 10_000, **params, "citation": True})
        return SubgraphFound(_joined([page["answer"] for page in cited]), tuple(cited))

    def ask(self, question: str, **params: Any) -> Json:
        """The answer to any question: the JSON of `rechain QUESTION --json`."""
        if {"limit", "offset", "cursor"} & params.keys():
            return self._get(question, params)[0]
        return _joined(self._pages(question, params))

    def cite(self, question: str, **params: Any) -> Json:
        """The answer as a citation, which `verify` and `rechain verify FILE` take: one page of it."""
        return self._get(question, {**params, "citation": True})[0]

    def verify(self, citation: Mapping[str, Any]) -> Json:
        """Whether a citation holds: `verdict` is `same`, `changed` or `altered`."""
        return self._send("POST", f"{_ROOT}verify", json=citation)[0]

    def outcomes(self, list: str | None = None) -> Json:
        """The funnel of a frozen list, or of all."""
        return self._send("GET", f"{_ROOT}outcomes", params=_told({"list": list}))[0]

    def _pages(self, question: str, params: Mapping[str, Any]) -> list[Json]:
        """All pages, of one revision: when the data changes meanwhile, they are fetched anew."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return list(self._each_page(question, params))
            except ServiceError as error:
                if error.code != "stale_cursor" or not tries_left:
                    raise
        raise AssertionError

    def _each_page(self, question: str, params: Mapping[str, Any]) -> Iterator[Json]:
        page, cursor = self._get(question, params)
        yield page
        while cursor:
            page, cursor = self._get(question, {"limit": self._page, **params, "cursor": cursor})
            yield page

    def _get(self, question: str, params: Mapping[str, Any]) -> tuple[Json, str | None]:
        return self._send("GET", f"{_ROOT}{quote(question, safe='')}", params=_told(params))

    def _send(self, method: str, path: str, **given: Any) -> tuple[Json, str | None]:
        """What is answered, and the cursor of the next page."""
        try:
            answer = self._http.request(method, path, headers=self._headers, **given)
        except httpx2.TimeoutException as error:
            raise ServiceError(
                None, "No answer", "It took too long. Ask for less, or give a longer timeout."
            ) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            what = f"The service cannot be reached ({error}). Start it with: rechain serve"
            raise ServiceError(None, "No answer", what) from error
        try:
            body = answer.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise ServiceError(answer.status_code, "Not rechain", f"What answers at {answer.url} is another program.")
        if answer.is_success:
            return body, answer.headers.get("x-next-cursor")
        raise ServiceError(
            answer.status_code, str(body.get("title", answer.reason_phrase)), str(body.get("detail", "")), body
        )


def _told(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters as they stand in an address."""
    return [
        (name.removesuffix("_"), _text(one))
        for name, value in params.items()
        for one in (value if isinstance(value, list | tuple | set | frozenset) else (value,))
        if one is not None
    ]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _joined(pages: Sequence[Json]) -> Json:
    """Pages as one answer: the lists that were cut are put together, the rest is as on the first or last page."""
    whole = dict(pages[0])
    totals = whole.get("totals", {})
    for before, page in pairwise(pages):
        for name, rows in page.items():
            # A list that the pages do not cut is the same on each.
            if isinstance(rows, list) and (name in totals or rows != before[name]):
                whole[name] = [*whole[name], *rows]
    # A list that is not counted to its end is in the totals of the last page only.
    return whole | {name: pages[-1][name] for name in ("truncated", "totals") if name in whole}
