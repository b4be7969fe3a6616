"""Who imports whom, read from the source: also inside functions, and for types alone.

`python -m tests.architecture.imports` names every circle in the house and every import against the order
inside the kernel and inside mail; `make check` runs it.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Graph = Mapping[str, Mapping[str, int]]


def graph(base: Path, roots: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each module the modules of ours that it imports, each with the line.

    Args:
        base: the folder the packages lie in.
        roots: names of the packages; migrations are left out.
    """
    files = {
        _name(path.relative_to(base)): path
        for root in roots
        for path in (base / root).rglob("*.py")
        if "migrations" not in path.parts
    }
    return {module: dict(_imports(module, path, files)) for module, path in files.items()}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(module: str, path: Path, files: Mapping[str, Path]) -> Iterator[tuple[str, int]]:
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            named = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*above, *([node.module] if node.module else [])])
            named = [
                f"{whole}.{each.name}" if f"{whole}.{each.name}" in files else whole for each in node.names
            ]
        else:
            continue
        yield from ((each, node.lineno) for each in named if each in files and each != module)


def circles(modules: Graph) -> list[list[str]]:
    """Sets of modules each of which reaches all others of its set; of one module there is no circle."""
    reached = {module: _reached(modules, module) for module in modules}
    found: dict[str, list[str]] = {}
    for module, others in reached.items():
        circle = sorted(each for each in others if module in reached[each])
        if circle:
            found[circle[0]] = circle
    return sorted(found.values())


def _reached(modules: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    left = [start]
    while left:
        for each in modules[left.pop()]:
            if each not in seen:
                seen.add(each)
                left.append(each)
    return seen


def upward(modules: Graph, container: str, layers: Sequence[str]) -> list[str]:
    """Imports inside a package that run against its order.

    Args:
        modules: as `graph` gives them.
        container: the package.
        layers: from the top, each such as `"outbox"` or `"consents | links"`.
    """
    height = {
        name.strip(" ()"): len(layers) - place
        for place, layer in enumerate(layers)
        for name in layer.replace("|", ":").split(":")
    }

    def of(module: str) -> int | None:
        below = module.removeprefix(f"{container}.")
        return None if below == module else height.get(below.split(".")[0])

    return [
        f"{module}:{line} → {other}"
        for module, others in modules.items()
        for other, line in others.items()
        if (low := of(module)) is not None and (high := of(other)) is not None and high > low
    ]


def orders(base: Path) -> tuple[list[str], dict[str, list[str]]]:
    """The packages of a house, and the order inside those that have one, from its pyproject.toml."""
    told = tomllib.loads((base / "pyproject.toml").read_text())["tool"]["importlinter"]
    inside = {
        container: contract["layers"]
        for contract in told["contracts"]
        for container in contract.get("containers", ())
    }
    return told["root_packages"], inside


def faults(base: Path) -> list[str]:
    """What is wrong with the imports of a house, a line each.

    Args:
        base: its folder, with pyproject.toml.
    """
    roots, inside = orders(base)
    house = graph(base, roots)
    return [f"A circle: {' → '.join(each)}" for each in circles(house)] + [
        f"Against the order of {container}: {line}"
        for container, layers in inside.items()
        for line in upward(house, container, layers)
    ]


def main() -> int:
    """Print what is wrong with this house's imports."""
    found = faults(Path(__file__).parents[2])
    print("\n".join(found) or "No circle of imports, and none against the order of a package.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
