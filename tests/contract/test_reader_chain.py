"""What every Reader says of the recipe graph."""

from oracles.comparing import (
    chain_shape,
)
from oracles.readers import ReaderOf
from tiny import claim


def test_chain_of_the_drawing(reader_of: ReaderOf) -> None:
    shape = chain_shape(reader_of().chain())
    assert [product[:4] for product in shape["products"]] == [
        ("prd:acid", "auxiliary", "magnet", "separation"),
        ("prd:binder", "link", "magnet", "functional_material"),
        ("prd:copper-wire", "link", "other", "component"),
        ("prd:hot-magnet", "link", "magnet", "functional_material"),
        ("prd:magnet", "link", "magnet", "functional_material"),
        ("prd:metal", "link", "magnet", "metal_alloy"),
        ("prd:motor", "link", "magnet", "device"),
        ("prd:ore", "resource", "magnet", "mining"),
        ("prd:oxide-a", "link", "magnet", "separation"),
        ("prd:oxide-b", "link", "magnet", "separation"),
        ("prd:plating", "service", "magnet", "functional_material"),
        ("prd:resin", "auxiliary", "magnet", "separation"),
        ("prd:robot", "link", "magnet", "end_use"),
    ]
    assert {name: (above, below) for name, _, _, _, above, below in shape["products"] if above or below} == {
        "prd:hot-magnet": (["prd:magnet"], []),
        "prd:magnet": ([], ["prd:hot-magnet"]),
    }
    assert shape["processes"] == [
        ("prc:mix", "step", None, ["prd:oxide-b", "prd:resin"], ["prd:binder"], [], []),
        ("prc:press", "step", None, ["prd:binder", "prd:metal"], ["prd:magnet"], ["prd:plating"], []),
        ("prc:reduce", "step", None, ["prd:oxide-a"], ["prd:metal"], [], []),
        ("prc:separate", "step", None, ["prd:acid", "prd:ore"], ["prd:oxide-a", "prd:oxide-b"], [], []),
        ("prc:wind", "step", None, ["prd:copper-wire", "prd:magnet"], ["prd:motor"], [], []),
    ]


def test_chain_when_little_is_said(reader_of: ReaderOf) -> None:
    """Role link, kind step, no chain, stage or site. Doubtful flows are left out. A site and a press are seen."""
    shape = chain_shape(
        reader_of(
            [
                claim("prd:a", "input_to", "prc:quiet"),
                claim("prd:b", "input_to", "prc:quiet", flags=("doubtful",)),
                claim("prc:told", "process_kind", "recycling"),
                claim("prc:told", "site", "reg:mine"),
                claim("prc:told", "uses", "prd:c", qualifier="equipment"),
            ]
        ).chain()
    )
    assert shape["products"] == [(f"prd:{letter}", "link", None, None, [], []) for letter in "abc"]
    assert shape["processes"] == [
        ("prc:quiet", "step", None, ["prd:a"], [], [], []),
        ("prc:told", "recycling", "reg:mine", [], [], [], ["prd:c"]),
    ]


def test_amounts_of_the_drawing(reader_of: ReaderOf) -> None:
    """As drawn, per kg of the first output; what winding takes is not told."""
    assert chain_shape(reader_of().chain())["amounts"] == [
        ("inputs", "prc:mix", "prd:oxide-b", 0.5),
        ("inputs", "prc:mix", "prd:resin", 0.5),
        ("inputs", "prc:press", "prd:binder", 0.2),
        ("inputs", "prc:press", "prd:metal", 0.8),
        ("inputs", "prc:reduce", "prd:oxide-a", 1.25),
        ("inputs", "prc:separate", "prd:acid", 1.0),
        ("inputs", "prc:separate", "prd:ore", 2.5),
        ("outputs", "prc:mix", "prd:binder", 1.0),
        ("outputs", "prc:press", "prd:magnet", 1.0),
        ("outputs", "prc:reduce", "prd:metal", 1.0),
        ("outputs", "prc:separate", "prd:oxide-a", 1.0),
        ("outputs", "prc:separate", "prd:oxide-b", 0.5),
        ("outputs", "prc:wind", "prd:motor", 1.0),
    ]


def test_only_amounts_of_mass_in_mass_are_told(reader_of: ReaderOf) -> None:
    """3 kg/t is 0.003 kg/kg; pieces and bare numbers are none of it; 0 is a number; what is doubtful is not read."""
    flows = [
        claim("prd:a", "input_to", "prc:p", amount=3.0, unit="kg/t"),
        claim("prd:b", "input_to", "prc:p", amount=0.0, unit="kg/kg"),
        claim("prd:c", "input_to", "prc:p", amount=5.0),
        claim("prd:d", "input_to", "prc:p", amount=5.0, unit="kg/unit"),
        claim("prd:e", "input_to", "prc:p", amount=5.0, unit="kg/kg", flags=("doubtful",)),
        claim("prd:f", "input_to", "prc:p", amount=7.0),
        claim("prd:f", "input_to", "prc:p", amount=8.0, unit="kg/kg"),
    ]
    shape = chain_shape(reader_of(flows).chain())
    assert shape["amounts"] == [
        ("inputs", "prc:p", "prd:a", 0.003),
        ("inputs", "prc:p", "prd:b", 0.0),
        ("inputs", "prc:p", "prd:f", 8.0),
    ]


def test_classes_in_a_circle_and_with_two_parents(reader_of: ReaderOf) -> None:
    """a -> b -> c -> a is one class of three; d is a kind of b and of e. Nobody is above himself."""
    links = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "b"), ("d", "e")]
    shape = chain_shape(reader_of([claim(f"prd:{x}", "subclass_of", f"prd:{y}") for x, y in links]).chain())
    assert {name[4:]: ("".join(p[4:] for p in above), "".join(p[4:] for p in below))
            for name, _, _, _, above, below in shape["products"]} == {
        "a": ("bc", "bcd"), "b": ("ac", "acd"), "c": ("ab", "abd"), "d": ("abce", ""), "e": ("", "d"),
    }  # fmt: skip
