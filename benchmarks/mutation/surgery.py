"""Puts a mutant into the running process: code of functions is exchanged, constants and defaults are bound anew."""

from __future__ import annotations

import ast
import gc
import sys
from functools import cached_property
from types import CodeType, FunctionType, ModuleType
from typing import Any

from benchmarks.mutation.operators import Mutant


def put_in(mutant: Mutant, tree: ast.Module, module: ModuleType) -> None:
    """Make this process behave as if the mutated file had been imported. There is no way back: fork first.

    Raises:
        LookupError: nothing alive corresponds to the mutated code.
    """
    mutant.put_in()
    if not mutant.in_function:
        _bind(mutant, tree, module)
        return
    function = _function(module, mutant.unit)
    code = _code(compile(tree, str(module.__file__), "exec", dont_inherit=True), mutant.unit)
    if function is None or code is None:
        raise LookupError(f"{mutant.file}: no live function {mutant.unit}")
    function.__code__ = code
    arguments = _definition(tree, mutant.unit).args
    if arguments.defaults:
        function.__defaults__ = tuple(_value(node, module) for node in arguments.defaults)
    for argument, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if node is not None:
            assert function.__kwdefaults__ is not None
            function.__kwdefaults__[argument.arg] = _value(node, module)


def bound_names(mutant: Mutant, tree: ast.Module) -> list[str]:
    """Names of the constants, or of the field, that a mutant outside of functions changes."""
    scope = _definition(tree, mutant.unit) if mutant.unit else tree
    for statement in scope.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _holds(statement, mutant):
            return _targets(statement)
    return []


def _holds(statement: ast.stmt, mutant: Mutant) -> bool:
    return any(node is mutant.parent for node in ast.walk(statement))


def _bind(mutant: Mutant, tree: ast.Module, module: ModuleType) -> None:
    names = bound_names(mutant, tree)
    if not names:
        raise LookupError(f"{mutant.file}: no name is bound at line {mutant.line}")
    scope = _definition(tree, mutant.unit) if mutant.unit else tree
    bindings = [(k, s) for k, s in enumerate(scope.body) if isinstance(s, ast.Assign | ast.AnnAssign)]
    number, statement = next((k, s) for k, s in bindings if _holds(s, mutant))
    if mutant.unit:
        assert statement.value is not None
        _bind_field(getattr(module, mutant.unit), names[0], _value(statement.value, module))
        return
    changed = _bind_constants(module, statement)
    for later in scope.body[number + 1 :]:
        if isinstance(later, ast.Assign | ast.AnnAssign) and changed & _names(later):
            changed |= _bind_constants(module, later)


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    """What a statement binds: one name, or several at once."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    return [
        node.id for node in (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(node, ast.Name)
    ]


def _names(statement: ast.Assign | ast.AnnAssign) -> set[str]:
    """What a constant is made of."""
    return {node.id for node in ast.walk(statement.value or statement) if isinstance(node, ast.Name)}


def _bind_constants(module: ModuleType, statement: ast.Assign | ast.AnnAssign) -> set[str]:
    """Bind what a statement of the module says anew; the names."""
    names = _targets(statement)
    value = _value(statement.value, module) if statement.value else None
    values: Any = value if len(names) > 1 else [value]
    for name, one in zip(names, values, strict=True):
        _bind_constant(module, name, one)
    return set(names)


def _bind_constant(module: ModuleType, name: str, value: Any) -> None:
    old = getattr(module, name)
    for other in list(sys.modules.values()):
        if getattr(other, "__dict__", {}).get(name) is old:
            setattr(other, name, value)
    for function in [o for o in gc.get_objects() if isinstance(o, FunctionType)]:
        given = function.__defaults__ or ()
        if isinstance(old, float) and any(default is old for default in given):
            function.__defaults__ = tuple(value if default is old else default for default in given)


def _bind_field(cls: type, name: str, value: Any) -> None:
    """A new default of a dataclass' field, also for the instances made with the old one."""
    init: Any = vars(cls)["__init__"]
    names = init.__code__.co_varnames[: init.__code__.co_argcount]
    given: tuple[Any, ...] = init.__defaults__ or ()
    defaults = dict(zip(names[-len(given) :], given, strict=True))
    if name not in defaults:
        raise LookupError(f"{cls.__qualname__}: no default of {name}")
    old, defaults[name] = defaults[name], value
    init.__defaults__ = tuple(defaults.values())
    for instance in [o for o in gc.get_objects() if type(o) is cls]:
        if getattr(instance, name) is old:
            object.__setattr__(instance, name, value)


def _value(node: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.fix_missing_locations(ast.Expression(node)), str(module.__file__), "eval", dont_inherit=True)
    return eval(code, module.__dict__)  # noqa: S307 - our own source


def _definition(tree: ast.Module, unit: str) -> Any:
    scope: Any = tree
    for name in unit.split("."):
        scope = next(s for s in scope.body if isinstance(s, ast.FunctionDef | ast.ClassDef) and s.name == name)
    return scope


def _function(module: ModuleType, unit: str) -> FunctionType | None:
    found: Any = module
    for name in unit.split("."):
        found = vars(found).get(name)
    for wrapper, inner in ((property, "fget"), (classmethod, "__func__"), (staticmethod, "__func__")):
        if isinstance(found, wrapper):
            found = getattr(found, inner)
    if isinstance(found, cached_property):
        found = found.func
    if hasattr(found, "cache_clear"):
        found.cache_clear()
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found if isinstance(found, FunctionType) else None


def _code(code: CodeType, unit: str) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == unit:
                return constant
            if unit.startswith(f"{constant.co_qualname}.") and (found := _code(constant, unit)):
                return found
    return None
