"""Settings come from the environment, and the pages made from the code are what the code gives."""

import pytest

from api import defaults
from api.settings import Settings
from api.validation import BadParameters
from cli.docs import pages


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECHAIN_PORT", "9000")
    monkeypatch.setenv("RECHAIN_HOSTS", "a.example, b.example")
    settings = Settings.read(port=9001, store="sqlite:x.db")
    assert (settings.port, settings.store, settings.hosts) == (9001, "sqlite:x.db", ("a.example", "b.example"))
    assert Settings.read().port == 9000


def test_without_any_they_are_the_defaults() -> None:
    settings = Settings.read()
    assert (settings.store, settings.host, settings.port) == (defaults.STORE, defaults.HOST, defaults.PORT)
    assert not settings.allow_remote


def test_a_setting_that_cannot_be_used_is_named_as_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadParameters, match="'--port' should be from 0 to 65535, not 99999"):
        Settings.read(port=99999)
    monkeypatch.setenv("RECHAIN_WORKERS", "many")
    with pytest.raises(BadParameters, match="'RECHAIN_WORKERS' should be a whole number, not 'many'"):
        Settings.read()


@pytest.mark.parametrize("name", ["answers.md", "settings.md", "citation.schema.json", "certificate.schema.json"])
def test_a_page_is_what_the_code_gives(name: str) -> None:
    path, text = next((path, text) for path, text in pages().items() if path.name == name)
    assert path.read_text("utf-8") == text, "run: make docs"
