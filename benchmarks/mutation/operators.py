"""Which small faults can be put into a source file: one changed operator, number, condition or statement each."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
TWINS = {
    one: other
    for a, b in (("min", "max"), ("minimum", "maximum"), ("any", "all"), ("sin", "cos"))
    for one, other in ((a, b), (b, a))
}
UNTOUCHED_FIELDS = {"annotation", "returns", "decorator_list", "type_params", "bases"}
UNTOUCHED_KEYWORDS = {"strict", "slots", "frozen", "dtype", "default_factory"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: `parent.field` (or its item `index`) becomes `replacement`."""

    file: str
    """Path below the package, as in `spatial/area.py`."""
    unit: str
    """Qualified name of the outermost function or method it is in; that of the class, or nothing, outside of all."""
    in_function: bool
    line: int
    change: str
    """What was there and what is now, as source."""
    parent: ast.AST
    field: str
    index: int | None
    replacement: ast.AST

    @property
    def key(self) -> str:
        """Names the mutant as long as its code stays; lines may move."""
        return f"{self.unit or '(module)'}: {self.change}"

    def put_in(self) -> None:
        """Change the tree that the mutant was found in."""
        if self.index is None:
            setattr(self.parent, self.field, self.replacement)
        else:
            getattr(self.parent, self.field)[self.index] = self.replacement
        ast.fix_missing_locations(self.replacement)


def parse(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def mutants(tree: ast.Module, file: str) -> list[Mutant]:
    """All faults, in the order of the source; equal ones in one unit are numbered."""
    seen: Counter[str] = Counter()
    numbered = []
    for mutant in _walk(tree, file, "", in_function=False):
        seen[mutant.key] += 1
        number = seen[mutant.key]
        numbered.append(mutant if number == 1 else replace(mutant, change=f"{mutant.change} (#{number})"))
    return numbered


def _walk(node: ast.AST, file: str, unit: str, *, in_function: bool, bound: str = "") -> Iterator[Mutant]:
    for field, index, child in _children(node):
        if not in_function and isinstance(child, ast.Assign | ast.AnnAssign):
            bound = f"{_source(child.targets[0] if isinstance(child, ast.Assign) else child.target)} = "
        for replacement in _replacements(child):
            change = f"{bound}{_source(child)} -> {_source(replacement)}"
            line = getattr(child, "lineno", getattr(node, "lineno", 1))
            ast.copy_location(replacement, child)
            yield Mutant(file, unit, in_function, line, change, node, field, index, replacement)
        is_function = isinstance(child, ast.FunctionDef)
        inner = unit
        if not in_function and isinstance(child, ast.FunctionDef | ast.ClassDef):
            inner = f"{unit}.{child.name}".lstrip(".")
        yield from _walk(child, file, inner, in_function=in_function or is_function, bound="" if is_function else bound)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED_FIELDS:
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not _is_untouched(child):
                yield field, index if isinstance(value, list) else None, child


def _is_untouched(node: ast.AST) -> bool:
    """Words for people, imports and what only types or checks see."""
    return (
        isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.expr_context)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.keyword) and node.arg in UNTOUCHED_KEYWORDS)
        or (isinstance(node, ast.AnnAssign) and _source(node.annotation) == "TypeAlias")
        or (isinstance(node, ast.ClassDef) and any(_source(base) in {"Protocol", "Enum"} for base in node.bases))
    )


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.stmt):
        yield from _other_statements(node)
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    elif isinstance(node, ast.expr):
        yield from _other_expressions(node)


def _other_constants(value: object) -> Iterator[ast.Constant]:
    match value:
        case bool():
            yield ast.Constant(not value)
        case int():
            yield ast.Constant(value + 1)
        case float():
            yield ast.Constant(2 * value or 1.0)


def _other_expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left, ops, rights):
            yield from (ast.Compare(left, others, rights) for others in _other_comparisons(ops))
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from (_without(op, values, k) for k in range(len(values)))
        case ast.UnaryOp(ast.Not() | ast.USub() | ast.Invert(), operand):
            yield operand
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Name(name) if name in TWINS:
            yield ast.Name(TWINS[name], ast.Load())
        case ast.Attribute(value, name) if name in TWINS:
            yield ast.Attribute(value, TWINS[name], ast.Load())
        case ast.Subscript(value, ast.Slice(lower, upper, step), context) if lower is not None or upper is not None:
            yield ast.Subscript(value, ast.Slice(None, None, step), context)


def _other_comparisons(ops: list[ast.cmpop]) -> Iterator[list[ast.cmpop]]:
    for k, op in enumerate(ops):
        yield from ([*ops[:k], other(), *ops[k + 1 :]] for other in COMPARISONS[type(op)])


def _without(op: ast.boolop, values: list[ast.expr], k: int) -> ast.expr:
    rest = [*values[:k], *values[k + 1 :]]
    return rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)


def _other_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    match node:
        case ast.AugAssign(target, op, value) if type(op) in ARITHMETIC:
            yield ast.AugAssign(target, ARITHMETIC[type(op)](), value)
            yield ast.Pass()
        case ast.Expr(ast.Call() | ast.YieldFrom()) | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets) if any(isinstance(t, ast.Attribute | ast.Subscript) for t in targets):
            yield ast.Pass()
        case ast.Return(value) if value is not None and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.If(body=body, orelse=orelse):
            yield from (ast.If(ast.Constant(always), body, orelse) for always in (True, False))
        case ast.While(body=body, orelse=orelse):
            yield ast.While(ast.Constant(False), body, orelse)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _source(node: ast.AST) -> str:
    """One line that tells this node from its neighbours."""
    if isinstance(node, ast.If | ast.While):
        return f"{'if' if isinstance(node, ast.If) else 'while'} {_source(node.test)}"
    text = ast.unparse(ast.fix_missing_locations(node) if isinstance(node, ast.expr | ast.stmt) else node)
    return " ".join(text.split())
