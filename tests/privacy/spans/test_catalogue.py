"""The catalogue: names that a product's own code declares."""

from __future__ import annotations

import importlib
import runpy
import sys
from types import ModuleType

import pytest

from otel_smart_agents.privacy import literals_of
from otel_smart_agents.privacy.catalogue import Catalogue

SOURCE = '''
"""Documentation."""
NAMES = ("planner", frozenset({"inner"}))
KIND = {"key": "value"}
def outer(name="default"):
    def local():
        return f"agent {name}"
    return local
class Team:
    def lead(self, word="said"):
        return "x" * 200
LONG = "%s"
''' % ("y" * 129)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A package that is really imported, and forgotten afterwards."""
    folder = tmp_path / "shop_of_tests"
    folder.mkdir()
    (folder / "__init__.py").write_text(SOURCE)
    (folder / "late.py").write_text('WORD = "much later"')
    (folder / "__main__.py").write_text('WORD = "from main"')
    (tmp_path / "shop_of_tests_two.py").write_text('WORD = "another product"')
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module("shop_of_tests")
    importlib.import_module("shop_of_tests_two")
    yield "shop_of_tests"
    for name in [name for name in sys.modules if name.startswith("shop_of_tests")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "name", ["planner", "inner", "value", "default", "outer", "outer.local", "local", "Team", "Team.lead", "lead", "said"]
)
def test_what_the_code_says_is_declared(shop, name):
    assert Catalogue((shop,))(name)


@pytest.mark.parametrize("name", ["jane", "agent jane", "another product", "y" * 129, "<locals>", "much later"])
def test_what_it_does_not_say_is_not(shop, name):
    assert not Catalogue((shop,))(name)


def test_a_module_that_is_loaded_later_is_read_at_the_next_unknown_name(shop):
    catalogue = Catalogue((shop,))
    assert not catalogue("much later")
    assert not catalogue("much later")
    importlib.import_module("shop_of_tests.late")
    assert catalogue("much later")
    assert catalogue("planner")


def test_several_products_do_not_mix(shop):
    assert Catalogue((f"{shop}_two",))("another product")
    assert not Catalogue((f"{shop}_two",))("planner")
    assert Catalogue((shop, f"{shop}_two"))("planner")
    assert not Catalogue(())("planner")


def test_a_program_that_runs_as_a_module_is_found_under_its_own_name(shop):
    main = ModuleType("__main__")
    main.__spec__ = importlib.util.find_spec("shop_of_tests.__main__")
    assert Catalogue((shop,), modules={"__main__": main})("from main")


def test_a_script_declares_its_names_as_main(tmp_path):
    script = tmp_path / "script.py"
    script.write_text('WORD = "in a script"')
    runpy.run_path(str(script))
    main = ModuleType("__main__")
    main.__spec__ = None
    main.__loader__ = importlib.machinery.SourceFileLoader("__main__", str(script))
    assert Catalogue(("__main__",), modules={"__main__": main})("in a script")


def test_modules_without_readable_code_declare_nothing():
    class Loader:
        def get_code(self, name):
            raise ImportError(name)

    broken, empty, odd = ModuleType("acme.broken"), ModuleType("acme.empty"), ModuleType("acme.odd")
    broken.__spec__ = None
    broken.__loader__ = Loader()
    odd.__loader__ = type("Odd", (), {"get_code": lambda self, name: "no code"})()
    odd.__spec__ = None
    modules = {"acme.broken": broken, "acme.empty": empty, "acme.odd": odd, "acme.none": None, "acme": importlib.import_module("_thread")}
    assert not Catalogue(("acme",), modules=modules)("x")


def test_one_catalogue_per_product():
    assert literals_of(("json",)) is literals_of(("json",))
    assert literals_of(("json",))("JSONDecoder")
