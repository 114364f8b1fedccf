"""No text that anybody could have a hand in reaches Neo4j as Cypher: a walk over the code that talks to it.

A door is where text becomes a statement: `run(`, `execute_query(`, `Query(`, and `ask(`, the readers' way through it.
What goes in must be a constant of a `neo4j_statements` module, by its name or by a key of a table there. In those
modules every constant is a literal, or made at import from the closed lists of kinds and predicates by a checked
helper. Values go as parameters, which this does not look at.
"""

import ast
from pathlib import Path

import pytest
from conftest import ROOT

DOORS = {"run", "execute_query", "Query", "ask"}
HELPERS = {"_for_each_kind", "_for_each"}
# What joins constants to constants; format, %, f-strings and replace are not among it.
_JOINING = (ast.Add,)
FILES = sorted(
    path for folder in ("stores", "readers") for path in (ROOT / "graph" / folder).glob("neo4j*.py")
)  # fmt: skip


def faults(source: str) -> list[str]:
    """Where something else than a constant goes through a door."""
    tree = ast.parse(source)
    modules, constants = _imported(tree)
    constants |= _looped(tree, modules)
    # Inside a function that is a door itself, its own parameter may go through.
    passed_on = {
        id(call): {argument.arg for argument in function.args.args}
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in DOORS
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
    }
    found = []
    called: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in DOORS:
            called.add(id(node.func))
            given = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in _TEXTS), None)
            own = isinstance(given, ast.Name) and given.id in passed_on.get(id(node), ())
            if given is None or not (own or _is_constant(given, modules, constants)):
                found.append(f"line {node.lineno}: {ast.unparse(node)[:80]}")
    found += [
        f"line {node.lineno}: {ast.unparse(node)} is given another name"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DOORS and id(node) not in called
    ]
    return found


_TEXTS = ("query", "query_", "text", "statement")


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _imported(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Names of statement modules, and of constants taken from them."""
    modules, constants = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name.startswith("neo4j_statements"):
                    modules.add(alias.asname or alias.name)
                elif (node.module or "").rpartition(".")[2].startswith("neo4j_statements"):
                    constants.add(alias.asname or alias.name)
    return modules, constants


def _looped(tree: ast.Module, modules: set[str]) -> set[str]:
    """Names that take on the texts of a table, one after the other."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension | ast.For):
            match node.target, node.iter:
                case (
                    ast.Tuple(elts=[_, ast.Name(id=name)]),
                    ast.Call(func=ast.Attribute(value=table, attr="items"), args=[]),
                ) | (ast.Name(id=name), ast.Call(func=ast.Attribute(value=table, attr="values"), args=[])):
                    if _is_constant(table, modules, set()):
                        found.add(name)
    bound = [
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del)
    ]
    return {name for name in found if bound.count(name) == 1}


def _is_constant(given: ast.expr, modules: set[str], constants: set[str]) -> bool:
    match given:
        case ast.Attribute(value=ast.Name(id=module)):
            return module in modules
        case ast.Name(id=name):
            return name in constants
        case ast.Subscript(value=table):
            return _is_constant(table, modules, constants)
        case ast.IfExp(body=one, orelse=other):
            return _is_constant(one, modules, constants) and _is_constant(other, modules, constants)
    return False


def unfixed(source: str) -> list[str]:
    """Which texts of a statement module are not fixed when it is imported."""
    tree = ast.parse(source)
    known: set[str] = set()
    found = []
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                if not _is_fixed(value, known):
                    found.append(f"line {node.lineno}: {name}")
                known.add(name)
            case ast.FunctionDef(name=name) if name in HELPERS:
                if not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                    found.append(f"line {node.lineno}: {name} checks nothing")
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                found.append(f"line {node.lineno}: {ast.unparse(node)[:60]}")
    return found


def _is_fixed(value: ast.expr, known: set[str]) -> bool:
    match value:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in known
        case ast.BinOp(op=op, left=left, right=right):
            return isinstance(op, _JOINING) and _is_fixed(left, known) and _is_fixed(right, known)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return all(_is_fixed(part, known) for part in parts)
        case ast.Starred(value=inner) | ast.Subscript(value=inner):
            return _is_fixed(inner, known)
        case ast.Dict(values=parts):
            return all(_is_fixed(part, known) for part in parts)
        case ast.DictComp(value=ast.Name(id=told), generators=[ast.comprehension(target=target, iter=table)]):
            # A table of what is fixed, under other keys.
            return told in {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} and _is_fixed(table, known)
        case ast.Call(func=ast.Name(id=helper), args=[first, *rest]) if helper in HELPERS:
            return all(_is_fixed(part, known) or _is_closed(part) for part in (first, *rest))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile"), args=parts):
            return all(_is_fixed(part, known) for part in parts)
    return False


def _is_closed(value: ast.expr) -> bool:
    """Made from nothing but the closed lists."""
    read = {node.id for node in ast.walk(value) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    made = {node.id for node in ast.walk(value) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return bool(read & {"NODE_KINDS", "PREDICATES"}) and read <= made | {"NODE_KINDS", "PREDICATES"}


def test_there_is_something_to_walk_over() -> None:
    assert {"neo4j.py", "neo4j_statements.py", "neo4j_recording.py"} <= {path.name for path in FILES}
    doors = [path.name for path in FILES if any(f"{door}(" in path.read_text("utf-8") for door in DOORS)]
    assert len(doors) > 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_only_constants_reach_the_driver(path: Path) -> None:
    check = unfixed if path.name.startswith("neo4j_statements") else faults
    assert check(path.read_text("utf-8")) == []


IMPORT = "from graph.stores import neo4j_statements as statements\n"


@pytest.mark.parametrize(
    "planted",
    [
        'tx.run(f"MATCH (n:{label}) RETURN n")',
        'tx.run("MATCH (n {name: \'" + name + "\'}) RETURN n")',
        'tx.run("MATCH (n:%s) RETURN n" % label)',
        'tx.run("MATCH (n:{}) RETURN n".format(label))',
        "tx.run(statements.META + where)",
        "tx.run(statements.META.replace('one', name))",
        'text = f"MATCH (n:{label})"\ntx.run(text)',
        "tx.run(query=text)",
        'driver.execute_query(f"{text}")',
        'neo4j.Query(f"{text}")',
        "ask(text)",
        "tx.run(others.META)",
        "go = tx.run\ngo(text)",
        "tx.run(statements.META if name else name)",
        "tx.run(*texts)",
        'tx.run("RETURN 1")',
        "[ask(text) for name, text in others.items()]",
        "for name, text in statements.SCHEMA.items():\n    text = name\n    ask(text)",
    ],
)
def test_a_planted_text_is_found(planted: str) -> None:
    assert faults(IMPORT + planted)


@pytest.mark.parametrize(
    "fine",
    [
        "tx.run(statements.META)",
        "tx.run(statements.CLAIMS_BY[way], parameters)",
        "tx.run(statements.META if empty else statements.LOCK, name=name)",
        "[ask(text) for name, text in statements.SCHEMA.items()]",
        "def ask(statement, **values):\n    return tx.run(statement, values)\nask(statements.META)",
    ],
)
def test_constants_pass(fine: str) -> None:
    assert faults(IMPORT + fine) == []


@pytest.mark.parametrize(
    "planted",
    [
        'A = f"MATCH (n:{LABEL})"',
        'A = "MATCH (n:%s)" % LABEL',
        'A = open("a").read()',
        'A = "a" + os.environ["B"]',
        'A = {key: f"MATCH {key}" for key in KEYS}',
        "A = _for_each_kind(open('a').read())",
        "A = _for_each({1: os.environ['B']}, 'x', 'y')",
        "def make(label):\n    return label",
        "def _for_each_kind(template):\n    return template",
    ],
)
def test_a_planted_statement_is_found(planted: str) -> None:
    assert unfixed(planted)
