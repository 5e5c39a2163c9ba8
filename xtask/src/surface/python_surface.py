"""Print the public surface of the Python package, one name and signature a line.

Reads the sources and the native module's stub with ``ast``, so nothing is imported.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "keywright"
# Object's own, or without meaning for a caller.
UNINTERESTING = {"__slots__", "__match_args__", "__doc__", "__module__", "__all__"}


@dataclass
class Module:
    """A module's top-level names: definitions, and where imported ones come from."""

    name: str
    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    exported: list[str] | None = None

    @property
    def public(self) -> list[str]:
        """What ``__all__`` says, or all definitions without an underscore."""
        if self.exported is not None:
            return self.exported
        return [name for name in self.defined if not name.startswith("_")]


def main(source: Path) -> None:
    """Print the surface of the package below a source folder."""
    modules = {
        dotted(source, path): read(dotted(source, path), path)
        for suffix in ("py", "pyi")
        for path in sorted((source / PACKAGE).rglob(f"*.{suffix}"))
    }
    lines: set[str] = set()
    described: dict[tuple[str, str], str] = {}
    # The package itself first: what it passes on is described there, not where it lies.
    for name in sorted(modules, key=lambda name: (name.count("."), name)):
        if any(part.startswith("_") for part in name.split(".")):
            continue
        for public in modules[name].public:
            home = find(modules, name, public)
            path = f"{name}.{public}"
            if home is None:
                lines.add(f"{path}: from outside")
            elif home in described:
                if described[home] != path:
                    lines.add(f"{path}: same as {described[home]}")
            else:
                described[home] = path
                lines.update(describe(modules, home, path))
    print("\n".join(sorted(lines)))


def dotted(source: Path, path: Path) -> str:
    """Give the dotted name of a module file."""
    parts = list(path.relative_to(source).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read(name: str, path: Path) -> Module:
    """Read one file's top level."""
    module = Module(name)
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for statement in top_level(ast.parse(path.read_text(encoding="utf-8"))):
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                module.defined.setdefault(statement.name, []).append(statement)
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                module.exported = list(ast.literal_eval(value))
            case ast.Assign(targets=[ast.Name(id=target)]) | ast.AnnAssign(target=ast.Name(id=target)):
                if target == "__all__":
                    module.exported = list(ast.literal_eval(statement.value))  # type: ignore[arg-type]
                else:
                    module.defined[target] = [statement]
            case ast.ImportFrom(module=origin, names=names, level=level):
                above = package.split(".")[: package.count(".") + 2 - level] if level else []
                whole = ".".join([*above, *([origin] if origin else [])])
                for alias in names:
                    module.imported[alias.asname or alias.name] = (whole, alias.name)
    return module


def top_level(tree: ast.Module) -> list[ast.stmt]:
    """Give the statements of a module, also those under ``if``."""
    found: list[ast.stmt] = []
    for statement in tree.body:
        found.extend([*statement.body, *statement.orelse] if isinstance(statement, ast.If) else [statement])
    return found


def find(modules: dict[str, Module], name: str, public: str) -> tuple[str, str] | None:
    """Follow imports to the module that defines a name."""
    seen: set[tuple[str, str]] = set()
    while (name, public) not in seen:
        seen.add((name, public))
        if f"{name}.{public}" in modules:
            return (f"{name}.{public}", "")
        module = modules.get(name)
        if module is None:
            return None
        if public in module.defined:
            return (name, public)
        if public not in module.imported:
            return None
        name, public = module.imported[public]
    return None


def describe(modules: dict[str, Module], home: tuple[str, str], path: str) -> list[str]:
    """Write a definition's lines."""
    name, public = home
    if not public:
        return [f"{path}: module"]
    lines: list[str] = []
    for statement in modules[name].defined[public]:
        match statement:
            case ast.ClassDef():
                bases = [ast.unparse(base) for base in statement.bases]
                keywords = [ast.unparse(keyword) for keyword in statement.keywords]
                shown = [*marks(statement), f"class({', '.join([*bases, *keywords])})"]
                lines.append(f"{path}: {' '.join(shown)}")
                lines += members(modules, name, statement, path)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                lines.append(f"{path}: {signature(statement)}")
            case _:
                lines.append(f"{path}: {value(statement)}")
    return lines


def members(modules: dict[str, Module], name: str, cls: ast.ClassDef, path: str) -> list[str]:
    """Write a class's members, with those of bases that are not public themselves."""
    lines: list[str] = []
    own: set[str] = set()
    for statement in cls.body:
        match statement:
            case ast.FunctionDef(name=member) | ast.AsyncFunctionDef(name=member):
                text = signature(statement)
            case ast.AnnAssign(target=ast.Name(id=member)) | ast.Assign(targets=[ast.Name(id=member)]):
                text = value(statement)
            case _:
                continue
        own.add(member)
        if member in UNINTERESTING or (member.startswith("_") and not member.endswith("__")):
            continue
        lines.append(f"{path}.{member}: {text}")
    for base in cls.bases:
        home = find(modules, name, base.id) if isinstance(base, ast.Name) else None
        if home and home[1] not in modules[PACKAGE].public:
            for statement in modules[home[0]].defined[home[1]]:
                if isinstance(statement, ast.ClassDef):
                    inherited = members(modules, home[0], statement, path)
                    lines += [line for line in inherited if line[len(path) + 1 :].split(":")[0] not in own]
    return lines


def marks(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Write the decorators, which say how a name is used."""
    return [f"@{ast.unparse(decorator)}" for decorator in node.decorator_list]


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Write a function without its name."""
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return " ".join([*marks(node), f"{word}({ast.unparse(node.args)}){result}"])


def value(statement: ast.stmt) -> str:
    """Write an attribute's type, or its value where it has none."""
    if isinstance(statement, ast.AnnAssign):
        return ast.unparse(statement.annotation)
    return f"= {ast.unparse(statement.value)}" if isinstance(statement, ast.Assign) else "?"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
