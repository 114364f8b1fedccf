"""The hand-drawn chain that most tests stand on. Answers in the tests are worked out from this drawing, not copied from output.

reg:land ─ reg:province ─┬─ reg:zone          reg:abroad
                         └─ reg:town

ore (resource) ─┐                        ┌─> oxide-a ── prc:reduce ──> metal ─┐
                ├─ prc:separate ─────────┤                                    ├─ prc:press ──> magnet ─┐
acid (auxiliary)┘                        └─> oxide-b ─┬─ prc:mix ──> binder ──┘  uses plating (service)│
                                         resin (aux) ─┘                                                ├─ prc:wind ──> motor
                                                                                    copper-wire (other)┘
hot-magnet is a kind of magnet; magnet and motor are targets of chn:magnet; robot is made by nobody.

in reg:zone   mine makes ore; sep makes oxide-a (100 t/yr); smelt makes metal (80 t/yr); mag1, mag2, mag3 make magnet,
              mag3 through hot-magnet; sep supplies smelt (oxide-a), smelt supplies mag1 and mag2 (metal)
in reg:town   far makes binder and copper-wire; far supplies mag1 (binder); far owns 60 % of mag2
in reg:abroad motorco makes motor, mag1 supplies motorco (magnet)
no place      nowhere makes plating
project       prj:motor-plant in reg:zone: motor, 2024 signed, 2025-03 under_construction, completion 2027-06
"""

from graph.model.claims import Batch, Claim, Source

SOURCES = tuple(
    Source(f"src:s{number}", f"https://example.org/{number}", "example.org", date, grade)
    for number, (date, grade) in enumerate(
        (("2023-05-01", "official"), ("2023-06", "press"), ("2024", "company"), ("2024-02-02", "press"),
         ("2025-01-01", "other"), ("2025-03", "official"), (None, "other")),
        start=1,
    )
)  # fmt: skip


def claim(
    subject: str, predicate: str, object_or_value: str | float | None = None, *, amount: float | None = None, unit: str | None = None,
    qualifier: str = "", as_of: str | None = None, until: str | None = None, flags: tuple[str, ...] = (),
    source: str = "src:s1", note: str = "", confidence: float = 1.0, detail: tuple[tuple[str, str | float | bool], ...] = (),
) -> Claim:  # fmt: skip
    """A claim in few words: a text with a known prefix is an object, anything else a value."""
    is_link = isinstance(object_or_value, str) and object_or_value[3:4] == ":"
    return Claim(
        subject, predicate, object_or_value if is_link else None, amount if is_link else object_or_value, unit,
        qualifier, as_of, until, flags, detail, source, note, confidence,
    )  # fmt: skip


def _named(node: str, zh: str, en: str, **more: str) -> list[Claim]:
    claims = [claim(node, "name_zh", zh), claim(node, "name_en", en)]
    for predicate, value in more.items():
        claims.append(claim(node, predicate, value))
    return claims


def _recipe(process: str, zh: str, inputs: dict[str, float | None], outputs: dict[str, float | None]) -> list[Claim]:
    main = next(iter(outputs))
    return [
        claim(process, "name_zh", zh),
        claim(process, "process_kind", "step"),
        *(claim(p, "input_to", process, amount=v, unit="kg/kg", detail=(("basis", f"per kg {main}"), ("is_main", False)))
          for p, v in inputs.items()),
        *(claim(process, "yields", p, amount=v, unit="kg/kg",
                detail=(("basis", f"per kg {main}"), ("is_main", p == main))) for p, v in outputs.items()),
    ]  # fmt: skip


CLAIMS: tuple[Claim, ...] = (
    *_named("chn:magnet", "永磁链", "Magnet chain"),
    *_named("reg:land", "大陆", "Land"), *_named("reg:province", "甲省", "Province"), *_named("reg:zone", "甲高新区", "Zone"),
    *_named("reg:town", "乙市", "Town"), *_named("reg:abroad", "海外", "Abroad"),
    claim("reg:province", "part_of", "reg:land"), claim("reg:zone", "part_of", "reg:province"),
    claim("reg:town", "part_of", "reg:province"),
    *(c for product, zh, stage, role in (
        ("ore", "矿石", "mining", "resource"), ("acid", "酸", "separation", "auxiliary"), ("resin", "树脂", "separation", "auxiliary"),
        ("oxide-a", "氧化物甲", "separation", "link"), ("oxide-b", "氧化物乙", "separation", "link"),
        ("metal", "金属", "metal_alloy", "link"), ("binder", "粘结剂", "functional_material", "link"),
        ("magnet", "磁体", "functional_material", "link"), ("hot-magnet", "热压磁体", "functional_material", "link"),
        ("plating", "电镀", "functional_material", "service"), ("motor", "电机", "device", "link"), ("robot", "机器人", "end_use", "link"),
      ) for c in (*_named(f"prd:{product}", zh, product, stage=stage, role=role), claim(f"prd:{product}", "chain", "chn:magnet"))),
    *_named("prd:copper-wire", "铜线", "copper wire", stage="component", role="link"), claim("prd:copper-wire", "chain", "chn:other"),
    *_named("chn:other", "其他", "Other"),
    claim("prd:hot-magnet", "subclass_of", "prd:magnet"),
    claim("chn:magnet", "chain_target", "prd:magnet"), claim("chn:magnet", "chain_target", "prd:motor"),
    *_recipe("prc:separate", "分离", {"prd:ore": 2.5, "prd:acid": 1.0}, {"prd:oxide-a": 1.0, "prd:oxide-b": 0.5}),
    *_recipe("prc:reduce", "还原", {"prd:oxide-a": 1.25}, {"prd:metal": 1.0}),
    *_recipe("prc:mix", "混合", {"prd:oxide-b": 0.5, "prd:resin": 0.5}, {"prd:binder": 1.0}),
    *_recipe("prc:press", "压制", {"prd:metal": 0.8, "prd:binder": 0.2}, {"prd:magnet": 1.0}),
    claim("prc:press", "uses", "prd:plating", qualifier="service"),
    *_recipe("prc:wind", "绕线", {"prd:magnet": None, "prd:copper-wire": None}, {"prd:motor": 1.0}),
    *(c for name, zh, region in (
        ("mine", "甲矿业", "zone"), ("sep", "甲分离", "zone"), ("smelt", "甲冶炼", "zone"), ("mag1", "磁一", "zone"), ("mag2", "磁二", "zone"),
        ("mag3", "磁三", "zone"), ("far", "乙材料", "town"), ("motorco", "海外电机", "abroad"), ("nowhere", "无处电镀", ""),
      ) for c in (*_named(f"ent:{name}", zh, name),
                  *([claim(f"ent:{name}", "located_in", f"reg:{region}", as_of="2020")] if region else []))),
    claim("ent:mag1", "alias", "磁一股份", qualifier="磁一股份"), claim("ent:mag1", "code", "SZSE:300001", qualifier="SZSE:300001"),
    claim("ent:mine", "produces", "prd:ore", as_of="2022", source="src:s1"),
    claim("ent:sep", "produces", "prd:oxide-a", amount=100.0, unit="t/yr", qualifier="capacity", as_of="2023", source="src:s2"),
    claim("ent:smelt", "produces", "prd:metal", amount=80.0, unit="t/yr", qualifier="capacity", as_of="2023", source="src:s3"),
    claim("ent:mag1", "produces", "prd:magnet", amount=50.0, unit="t/yr", qualifier="capacity", as_of="2023", source="src:s3"),
    claim("ent:mag1", "produces", "prd:magnet", amount=90.0, unit="t/yr", qualifier="plan", as_of="2024", flags=("plan",), source="src:s4"),
    claim("ent:mag2", "produces", "prd:magnet", as_of="2024", source="src:s4"),
    claim("ent:mag3", "produces", "prd:hot-magnet", as_of="2025", source="src:s5"),
    claim("ent:far", "produces", "prd:binder", as_of="2024", source="src:s4"),
    claim("ent:far", "produces", "prd:copper-wire", as_of="2024", source="src:s4"),
    claim("ent:motorco", "produces", "prd:motor", as_of="2024", source="src:s5"),
    claim("ent:nowhere", "produces", "prd:plating", as_of="2024", source="src:s5"),
    claim("ent:sep", "supplies", "ent:smelt", qualifier="prd:oxide-a", as_of="2023", source="src:s2"),
    claim("ent:smelt", "supplies", "ent:mag1", qualifier="prd:metal", as_of="2023", source="src:s3"),
    claim("ent:smelt", "supplies", "ent:mag2", qualifier="prd:metal", as_of="2024", source="src:s4"),
    claim("ent:far", "supplies", "ent:mag1", qualifier="prd:binder", as_of="2024", source="src:s4"),
    claim("ent:mag1", "supplies", "ent:motorco", qualifier="prd:magnet", as_of="2025", source="src:s5"),
    claim("ent:far", "owns", "ent:mag2", amount=60.0, unit="%", as_of="2024", source="src:s4"),
    *_named("prj:motor-plant", "电机厂项目", "Motor plant"),
    claim("prj:motor-plant", "located_in", "reg:zone", as_of="2024", source="src:s4"),
    claim("prj:motor-plant", "project_product", "prd:motor", as_of="2024", source="src:s4"),
    claim("prj:motor-plant", "status", "signed", as_of="2024", source="src:s4"),
    claim("prj:motor-plant", "status", "under_construction", as_of="2025-03", source="src:s6"),
    claim("prj:motor-plant", "completion_date", "2027-06", as_of="2025-03", source="src:s6"),
    claim("reg:zone", "indicator", 12.0, unit="companies", qualifier="rare earth enterprises", as_of="2023", source="src:s1"),
)  # fmt: skip


def batch(
    claims: tuple[Claim, ...] = CLAIMS, key: str = "tiny-1", dataset: str = "tiny", replaces: bool = False,
    declared: str = "accepted", sources: tuple[Source, ...] = SOURCES,
) -> Batch:  # fmt: skip
    """The drawing as one batch."""
    return Batch(key, dataset, declared, replaces, "2026-01-01T00:00:00+00:00", "test", sources, claims)  # type: ignore[arg-type]
