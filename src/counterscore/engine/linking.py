"""How kernels are compiled that only other kernels call: as far as their callers can take them in, and no further.

Numba optimises each function by itself, makes machine code of it and keeps it in the cache, although the kernels of a month
end up inside the one that Python calls and are optimised there again. Here a kernel stops at its own module, linked and
unoptimised: no time goes into machine code that nobody runs, and the cache holds the entries alone.

This leans on what Numba 0.68 does inside (``pyproject.toml`` keeps to that version). Where a part of it is missing, kernels are
compiled as Numba does it.
"""

from __future__ import annotations

from typing import Any

from numba import _dynfunc
from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

_NEEDED = ("_optimize_final_module", "_finalize_final_module", "_finalize_dynamic_globals")
is_possible = all(hasattr(CPUCodeLibrary, name) for name in _NEEDED)


class _WithoutMachineCode:
    """A target context that makes nothing executable of a function."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def get_executable(self, library: Any, fndesc: Any, env: Any) -> Any:
        """A name for the function, under which its callers find its module; it cannot be called from Python."""
        name = fndesc.qualname.split(".")[-1]
        return _dynfunc.make_function(fndesc.lookup_module(), name, "called from kernels only", 0, env, (library,))


@register_pass(mutates_CFG=True, analysis_only=False)
class _Linking(NativeLowering):  # type: ignore[misc]
    """Lowering that stops before machine code."""

    _name = "linking"

    def run_pass(self, state: Any) -> bool:
        context = state.targetctx
        library = state.library = context.codegen().create_library(state.func_id.func_qualname)

        def finish() -> None:
            library._finalize_dynamic_globals()
            library._finalized = True

        library._optimize_final_module = lambda: None
        library._finalize_final_module = finish
        state.targetctx = _WithoutMachineCode(context)
        try:
            return bool(super().run_pass(state))
        finally:
            state.targetctx = context


class Linked(CompilerBase):  # type: ignore[misc]
    """Numba's pipeline with ``_Linking`` for its lowering."""

    def define_pipelines(self) -> list[Any]:
        """The one pipeline there is."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(_Linking if one is NativeLowering else one, told) for one, told in passes.passes]
        passes.finalize()
        return [passes]
