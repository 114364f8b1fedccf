"""One command a question, derived from the registry: arguments, options and help come from its parameters."""

import sys
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from api.defaults import STORE
from api.texts import Tongue
from api.validation import bad_parameters
from cli.beyond import beyond
from cli.errors import DONE, DONE_BUT, FAILED
from cli.opening import ask, opened
from cli.options import argument_name, flag_of, help_of, json_option, lang_option, output_option, store_option
from cli.sheets import read_file
from queries.base import Params, Query, is_from_file


def add_question(app: typer.Typer, query: Query[Any, Any], tongue: Tongue) -> None:
    """The command of a question."""

    def command(**given: Any) -> int:
        return _ask(query, given, tongue)

    takes(command, _parameters(query, tongue))
    app.command(query.name, help=tongue.pick((query.zh, query.en)))(command)


def takes(command: Callable[..., int], parameters: Sequence[Parameter]) -> None:
    """Say what a command takes: typer reads it from the signature, which here is made."""
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}


def _ask(query: Query[Any, Any], given: dict[str, Any], tongue: Tongue) -> int:
    extras = [(one, given.pop(one.name, None)) for one in beyond(query)]
    for extra, text in extras:
        if text and extra.instead:
            return extra.instead(text, given, tongue)
    own = given_of(query.params, given)
    params = understood(query.params, own, query.positional)
    with opened(given["store"]) as store:
        when = given["as_of"], given["known_at"]
        answer = ask(store, given["store"], *when, tongue, lambda reader: query.run(reader, params))
        for extra, text in extras:
            if text is not None and extra.after:
                extra.after(text, store, query, answer, tongue)
    if given["output"]:
        from cli.citing import write_citation

        write_citation(given["output"], query, answer, tongue)
    if given["as_json"]:
        sys.stdout.write(f"{answer.model_dump_json()}\n")
    elif not given["output"]:
        from cli.layout import print_blocks
        from cli.render import blocks_of

        print_blocks(blocks_of(query, answer, tongue))
    return DONE_BUT if FAILED.get(query.name, bool)(answer) and query.name in FAILED else DONE


def given_of(kind: type[Params], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given of these parameters, by the names they are told by; of files, what they hold."""
    return {
        field.alias or name: read_file(given[name]) if is_from_file(field) else given[name]
        for name, field in kind.model_fields.items()
        if given.get(name) not in (None, False, [])
    }


P = TypeVar("P", bound=Params)


def understood(kind: type[P], own: dict[str, Any], positional: Sequence[str] = ()) -> P:
    """The parameters; raises BadInput that names the option and its range."""
    fields = kind.model_fields

    def naming(name: str) -> str:
        own_name = next((own for own, field in fields.items() if name in (own, field.alias)), name)
        return argument_name(own_name) if own_name in positional else flag_of(own_name, fields[own_name])

    try:
        return kind.model_validate(own)
    except ValidationError as error:
        raise bad_parameters(kind, error, naming) from error


def _parameters(query: Query[Any, Any], tongue: Tongue) -> list[Parameter]:
    fields = query.params.model_fields
    arguments = [_argument(name, fields[name], tongue) for name in query.positional]
    options = [option_of(name, field, tongue) for name, field in fields.items() if name not in query.positional]
    return [*arguments, *options, *_common(tongue), *_extras(query, tongue)]


def _extras(query: Query[Any, Any], tongue: Tongue) -> list[Parameter]:
    return [
        parameter(
            one.name,
            str | None,
            typer.Option(f"--{one.name}", metavar=one.metavar, help=tongue.sentence(one.help.text, {})),
            None,
        )
        for one in beyond(query)
    ]


def _argument(name: str, field: FieldInfo, tongue: Tongue) -> Parameter:
    info = typer.Argument(metavar=argument_name(name), help=help_of(field, tongue), show_default=False)
    default = Parameter.empty if field.is_required() else None
    return parameter(name, str if field.is_required() else str | None, info, default)


def option_of(name: str, field: FieldInfo, tongue: Tongue) -> Parameter:
    """Everything but switches is taken as text: pydantic reads it, so that errors are ours and the same everywhere."""
    flag = flag_of(name, field)
    text = help_of(field, tongue, _choices(field.annotation))
    if field.annotation is bool:
        return parameter(name, bool, typer.Option(flag, help=text), False)
    metavar = "FILE" if is_from_file(field) else _metavar(field.annotation)
    info = typer.Option(flag, metavar=metavar, help=text, show_default=False)
    if _holds_many(field.annotation):
        return parameter(name, list[str] | None, info, None)
    return parameter(name, str | None, info, Parameter.empty if field.is_required() else None)


def when_options(tongue: Tongue) -> list[Parameter]:
    """--as-of and --known-at"""
    say = tongue.say
    as_of = typer.Option("--as-of", metavar="DATE", help=say("the day the answer is about; default today"))
    known = typer.Option("--known-at", metavar="DATE", help=say("use only sources dated up to this day; default all"))
    return [
        parameter("as_of", str | None, as_of, None),
        parameter("known_at", str | None, known, None),
    ]


def _common(tongue: Tongue) -> list[Parameter]:
    return [
        *when_options(tongue),
        parameter("output", str | None, output_option(tongue), None),
        parameter("as_json", bool, json_option(tongue), False),
        parameter("store", str, store_option(tongue), STORE),
        parameter("lang", str | None, lang_option(tongue), None),
    ]


def parameter(name: str, kind: Any, info: Any, default: Any) -> Parameter:
    """An option or argument of a command whose signature is made."""
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[kind, info], default=default)


def _choices(annotation: Any) -> tuple[str, ...]:
    for one in (annotation, *get_args(annotation)):
        if get_origin(one) is Literal:
            return tuple(str(choice) for choice in get_args(one))
    return ()


def _metavar(annotation: Any) -> str:
    kinds = {annotation, *get_args(annotation)}
    return "N" if int in kinds else "NUMBER" if float in kinds else "NAME"


def _holds_many(annotation: Any) -> bool:
    return any(get_origin(one) in (tuple, list, set, frozenset) for one in (annotation, *get_args(annotation)))
