"""Arrays of records as kernels hand them to each other: an address and a length.

Numba passes an array as seven words and flattens them into every call, so that a step which takes six arrays
spends most of its time copying arguments. ``rows`` makes two words of a one-dimensional contiguous array of
records; ``R[i]`` is the ``i``-th record, to be read and written through its fields, and ``R.shape[0]`` their
number. Negative places are not looked up from the end. In plain Python the array itself is handed on.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, make_attribute_wrapper, models, overload, overload_attribute, register_model

from counterscore.engine.kernel import interpreted


class Rows(types.Type):  # type: ignore[misc]
    """The type of a view: the records' type is all there is to know."""

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
class _RowsModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, rows: Rows) -> None:
        super().__init__(manager, rows, [("data", types.voidptr), ("length", types.intp)])


make_attribute_wrapper(Rows, "length", "length")


@intrinsic  # type: ignore[untyped-decorator]
def _view(typing_context: Any, array: Any) -> Any:
    rows = Rows(array.dtype)

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(signature.args[0])(context, builder, arguments[0])
        view = cgutils.create_struct_proxy(rows)(context, builder)
        view.data = builder.bitcast(whole.data, cgutils.voidptr_t)
        view.length = cgutils.unpack_tuple(builder, whole.shape, 1)[0]
        return view._getvalue()

    return rows(array), make


@intrinsic  # type: ignore[untyped-decorator]
def _row(typing_context: Any, rows: Any, place: Any) -> Any:
    record = rows.record

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = cgutils.create_struct_proxy(rows)(context, builder, value=arguments[0])
        start = builder.mul(arguments[1], context.get_constant(types.intp, record.size))
        return builder.bitcast(builder.gep(view.data, [start]), context.get_value_type(record))

    return record(rows, types.intp), make


@intrinsic  # type: ignore[untyped-decorator]
def _fetch(typing_context: Any, rows: Any, place: Any) -> Any:
    record = rows.record
    line = 64

    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = cgutils.create_struct_proxy(rows)(context, builder, value=arguments[0])
        start = builder.mul(arguments[1], context.get_constant(types.intp, record.size))
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        for offset in (*range(0, record.size, line), record.size - 1):
            address = builder.gep(view.data, [builder.add(start, context.get_constant(types.intp, offset))])
            builder.call(function, [address, number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.none(rows, types.intp), make


def _as_is(array: Any) -> Any:
    return array


def _nothing(array: Any, place: Any) -> None:
    pass


#: Makes a view of an array, inside a kernel, for handing on to other kernels.
rows = _as_is if interpreted else _view
#: Has the record at a place of a view on its way to the core while others are worked on; changes nothing.
fetch = _nothing if interpreted else _fetch


@overload(operator.getitem)
def _getitem(view, place):  # type: ignore[no-untyped-def]
    return (lambda view, place: _row(view, place)) if isinstance(view, Rows) else None  # noqa: PLW0108


@overload_attribute(Rows, "shape")
def _shape(view):  # type: ignore[no-untyped-def]
    return lambda view: (view.length,)
