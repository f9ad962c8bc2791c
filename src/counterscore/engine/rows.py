"""Arrays of records as kernels hand them to each other: an address, and nothing else.

Numba passes an array as seven words and flattens them into every call, so that a step which takes six arrays
spends most of its time copying arguments. ``Rows`` is one word for a one-dimensional contiguous array of records;
``people[i]`` is the ``i``-th record, to be read and written through its fields. Negative places are not looked up
from the end. In plain Python the array itself is handed on. ``town.seen`` makes them.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model

from counterscore.engine.kernel import interpreted


class Rows(types.Type):  # type: ignore[misc]
    """The type of an array of records without its length: the records' type is all there is to know."""

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__(name=f"Rows({record})")

    @property
    def key(self) -> Any:
        return self.record

    @property
    def mangling_args(self) -> Any:
        return "Rows", (self.record,)  # the name tells every field, and would be written out at every call


@register_model(Rows)
class _RowsModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, rows: Rows) -> None:
        super().__init__(manager, rows, cgutils.voidptr_t)


def address(context: Any, builder: Any, array: Any, value: Any) -> Any:
    """The value of ``Rows`` of an array's value."""
    return builder.bitcast(context.make_array(array)(context, builder, value).data, cgutils.voidptr_t)


@intrinsic  # type: ignore[untyped-decorator]
def _row(typing_context: Any, rows: Any, place: Any) -> Any:
    record = rows.record

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = builder.mul(arguments[1], context.get_constant(types.intp, record.size))
        return builder.bitcast(builder.gep(arguments[0], [start]), context.get_value_type(record))

    return record(rows, types.intp), make


@intrinsic  # type: ignore[untyped-decorator]
def _fetch(typing_context: Any, rows: Any, place: Any) -> Any:
    record = rows.record
    line = 64

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = builder.mul(arguments[1], context.get_constant(types.intp, record.size))
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        for offset in (*range(0, record.size, line), record.size - 1):
            place = builder.add(start, context.get_constant(types.intp, offset))
            builder.call(function, [builder.gep(arguments[0], [place]), number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.none(rows, types.intp), make


def _nothing(array: Any, place: Any) -> None:
    pass


#: Has the record at a place on its way to the core while others are worked on; changes nothing.
fetch = _nothing if interpreted else _fetch


@overload(operator.getitem)
def _getitem(view, place):  # type: ignore[no-untyped-def]
    return (lambda view, place: _row(view, place)) if isinstance(view, Rows) else None  # noqa: PLW0108
