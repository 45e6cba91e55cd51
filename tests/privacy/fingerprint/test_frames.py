"""Which file is application code, which a library, on every system and in every kind of installation."""

from __future__ import annotations

import pytest

from otel_smart_agents.privacy.fingerprint import python_frames
from otel_smart_agents.privacy.fingerprint.form import Frame
from otel_smart_agents.privacy.fingerprint.javascript import function_name as javascript_name
from otel_smart_agents.privacy.fingerprint.python_frames import frame_of

STANDARD = [
    "/usr/lib/python3.11/json/decoder.py",
    "/usr/lib64/python3.9/json/decoder.py",
    "/usr/local/lib/python3.13t/json/decoder.py",
    "/opt/pypy/lib/pypy3.10/json/decoder.py",
    "/home/alice/.pyenv/versions/3.12.1/lib/python3.12/json/decoder.py",
    "/opt/conda/lib/python3.11/json/decoder.py",
    "/Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/json/decoder.py",
    "/opt/homebrew/Cellar/python@3.12/3.12.1/Frameworks/Python.framework/Versions/3.12/lib/python3.12/json/decoder.py",
    "/nix/store/0a1b-python3-3.11.6/lib/python3.11/json/decoder.py",
    "/var/lang/lib/python3.12/json/decoder.py",
    "/usr/lib/python311.zip/json/decoder.py",
    "C:\\Python312\\Lib\\json\\decoder.py",
    "c:\\python312\\lib\\json\\decoder.py",
    "C:\\Program Files\\Python312\\Lib\\json\\decoder.py",
    "C:\\Users\\dave\\AppData\\Local\\Programs\\Python\\Python312\\Lib\\json\\decoder.py",
    "C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.11_3.11.2544.0_x64__qbz5n2kfra8p0\\Lib\\json\\decoder.py",
    "C:\\hostedtoolcache\\windows\\Python\\3.12.1\\x64\\Lib\\json\\decoder.py",
    "C:\\Users\\dave\\.pyenv\\pyenv-win\\versions\\3.12.1\\Lib\\json\\decoder.py",
    "C:\\Users\\dave\\AppData\\Roaming\\uv\\python\\cpython-3.12.1-windows-x86_64-none\\Lib\\json\\decoder.py",
    "C:\\Users\\dave\\scoop\\apps\\python\\current\\Lib\\json\\decoder.py",
    "C:\\Users\\dave\\miniconda3\\Lib\\json\\decoder.py",
    "D:\\envs\\report\\Lib\\json\\decoder.py",
    "C:\\tools\\python.3.12.1\\tools\\Lib\\json\\decoder.py",
    "D:\\tools\\report\\runtime\\Lib\\json\\decoder.py",
    "C:\\embedded\\python312.zip\\json\\decoder.pyc",
    "<frozen json.decoder>",
]
INSTALLED = [
    "/home/alice/.venv/lib/python3.11/site-packages/thirdparty/client.py",
    "/usr/lib/python3/dist-packages/thirdparty/client.py",
    "/home/alice/.local/lib/python3.11/site-packages/thirdparty/client.py",
    "C:\\Users\\Dave\\proj\\.venv\\Lib\\site-packages\\thirdparty\\client.py",
    "C:/Users/Dave/proj/.venv/Lib/site-packages/thirdparty/client.py",
    "/home/alice/.cache/pypoetry/virtualenvs/x-py3.12/lib/python3.12/site-packages/thirdparty/client.py",
    "/home/alice/.pex/installed_wheels/ab/thirdparty-2.0-py3-none-any.whl/thirdparty/client.py",
    "/usr/lib/python3/dist-packages/thirdparty-2.0-py3.9.egg/thirdparty/client.py",
    "/srv/bazel/external/pip_thirdparty/site-packages/thirdparty/client.py",
    "/opt/python/thirdparty/client.py",
    "/opt/python/lib/python3.12/site-packages/thirdparty/client.py",
    "/var/runtime/thirdparty/client.py",
    "/srv/app/vendor/thirdparty/client.py",
    "/srv/app/acme/_vendor/thirdparty/client.py",
    "C:\\jobs\\third_party\\thirdparty\\client.py",
    "/opt/spark/run/app-1/0/deps.zip/thirdparty/client.py",
]
APPLICATION = [
    "/home/alice/proj/acme/lib/json/decoder.py",
    "/home/alice/python/lib/work.py",
    "C:\\jobs\\lib\\json\\decoder.py",
    "C:\\Users\\dave\\python-projects\\report\\lib\\queries.py",
    "/home/alice/lib/python/work.py",
    "/srv/site-packages-mirror/work.py",
    "/home/alice/frozen/work.py",
    "/srv/shop/vendor/views.py",
    "/opt/python/current/app/work.py",
    "/opt/python3/work.py",
    "/opt/spark/run/app-1/0/jobs.zip/acme/work.py",
    "/home/alice/pydev/work.py",
    "/home/alice/helpers/work.py",
]
DEBUGGERS = {
    "/home/alice/.vscode/extensions/ms-python.debugpy-2024.0.0/bundled/libs/debugpy/server/cli.py": "debugpy",
    "/srv/app/debugpy/_vendored/pydevd/_pydevd_bundle/pydevd_runpy.py": "_pydevd_bundle",
    "/Applications/PyCharm.app/Contents/plugins/python/helpers/pydev/pydevd.py": "pydev",
    "/opt/pycharm/plugins/python-ce/helpers/pycharm/_jb_pytest_runner.py": "pycharm",
    "/opt/pycharm-debug/pydevd.py": "pydevd",
    "C:\\tools\\_pydev_imps\\_pydev_execfile.py": "_pydev_imps",
}
CELLS = [
    "<ipython-input-3-0a1b2c>",
    "/tmp/ipykernel_4711/3456.py",
    "C:\\Users\\dave\\AppData\\Local\\Temp\\ipykernel_4711\\3456.py",
    "/tmp/ipython-input-7-123456.py",
    "/home/alice/Untitled.ipynb Cell 3",
    "/tmp/marimo_12/__marimo__cell_Hbol_.py",
    "<command-1234567>",
]
DYNAMIC = [
    "<string>",
    "<stdin>",
    "<console>",
    "<python-input-0>",
    "<attrs generated init acme.Point>",
    "<doctest acme[0]>",
    "<template>",
    "<eval>",
]


@pytest.mark.parametrize("file", STANDARD)
def test_standard_library(file: str):
    assert frame_of(file, "loads") == Frame("library", "json", "loads", "json")


@pytest.mark.parametrize("file", INSTALLED)
def test_installed_library(file: str):
    assert frame_of(file, "send") == Frame("library", "thirdparty/client", "send", "thirdparty")


@pytest.mark.parametrize("file", INSTALLED)
def test_named_packages_are_application_wherever_they_are(file: str):
    assert frame_of(file, "send", ("other", "thirdparty")) == Frame("fixed", "thirdparty/client", "send")


@pytest.mark.parametrize(
    ("file", "packages", "place"),
    [
        ("/home/alice/acme/src/acme/agents/runner.py", ("acme",), "acme/agents/runner"),
        ("C:\\src\\Acme\\agents\\runner.py", ("acme",), "acme/agents/runner"),
        ("/usr/lib/python3/dist-packages/acme.py", ("acme",), "acme"),
        ("/usr/lib/python3/dist-packages/contoso/acme/x.py", ("contoso.acme",), "contoso/acme/x"),
        ("/tmp/bundle/acme/x.py", ("acme",), "acme/x"),
    ],
)
def test_places_in_packages(file: str, packages: tuple[str, ...], place: str):
    assert frame_of(file, "run", packages) == Frame("fixed", place, "run")


def test_a_project_folder_with_the_packages_name_does_not_claim_its_virtual_environment():
    file = "/home/alice/acme/.venv/lib/python3.12/site-packages/thirdparty/client.py"
    assert frame_of(file, "send", ("acme",)).kind == "library"


@pytest.mark.parametrize("file", APPLICATION)
def test_application(file: str):
    assert frame_of(file, "run").kind == "app"


@pytest.mark.parametrize("file", CELLS)
def test_cells(file: str):
    assert frame_of(file, "run") == Frame("fixed", "<cell>", "run")


@pytest.mark.parametrize("file", DYNAMIC)
def test_code_without_a_file(file: str):
    assert frame_of(file, "run") == Frame("fixed", "<dyn>", "run")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("run", "run"),
        ("<lambda>", "<lambda>"),
        ("Outer.<locals>.inner", "inner"),
        ("Outer.run", "run"),
        ("größe", "größe"),
        ("block 'planted words'", "<dyn>"),
        ("top-level template code", "<dyn>"),
    ],
)
def test_function_names(printed: str, name: str):
    assert frame_of("/srv/app/x.py", printed).function == name


@pytest.mark.parametrize(
    "name",
    [
        "<module>",
        "<listcomp>",
        "<dictcomp>",
        "<setcomp>",
        "<genexpr>",
        "<cell line: 3>",
        "f.<locals>.<listcomp>",
        "<generic parameters of f>",
    ],
)
def test_scopes_that_are_no_functions_are_dropped(name: str):
    assert frame_of("/srv/app/x.py", name).kind == "hidden"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Runner.run", "run"),
        ("new Store", "Store"),
        ("get prop [as prop]", "prop"),
        ("Store.#secret", "#secret"),
        ("Object.<anonymous>", "<anonymous>"),
        ("", "<anonymous>"),
        ("update/<", "<anonymous>"),
        ("async*load", "load"),
        ("promise callback*load/then", "then"),
        ("$scope.$go", "$go"),
        ("module code", ""),
        ("a-b", "<dyn>"),
    ],
)
def test_javascript_function_names(printed: str, name: str):
    assert javascript_name(printed) == name


def test_what_is_remembered_is_bounded():
    for number in range(python_frames._CACHE_SIZE + 10):
        assert frame_of(f"/srv/app/x{number}.py", "run").place == f"/srv/app/x{number}"
    assert len(python_frames._cache) <= python_frames._CACHE_SIZE
    frame_of("/srv/" + "x" * 10**6 + "/y.py", "run" * 10**6)
    assert max(len(part) for key in python_frames._cache for part in key[:2]) <= 1024


@pytest.mark.parametrize(("file", "top"), DEBUGGERS.items())
def test_a_debugger_is_no_part_of_the_program(file, top):
    frame = frame_of(file, "main")
    assert (frame.kind, frame.package) == ("library", top)
