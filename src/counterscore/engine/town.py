"""What kernels hand to each other: one named argument for each kind of subject.

``Town`` is a subdistrict as one kind of subject lives in it: the plan it lives under, its files, what is counted and noted.
Residents, firms and public bodies each have one, all of one type, so that the nine steps are the same compiled code for
all of them. What only one kind has stands beside its town:

=============  ==========================================================================================
in a kernel    what it is
=============  ==========================================================================================
``town``       the ``Town`` of whoever the kernel is about
``residents``  ``Residents``: their town and the private side
``firms``      ``Firms``: their town, what only firms have, and who works there
``bodies``     ``Bodies``: their town, what only public bodies have, and what they signed
``homes``      the residents' town, where firms and bodies look at their heads, officials and staff
``i``          the place of the one at hand; ``person`` is a resident's record there, ``file`` a firm's or body's
``watch``      the record at the same place of what every month looks at
``firm``       what only the firm at hand has; ``body``, ``private``, ``official`` likewise
``p``          the place of a paper; ``paper`` is the record there, ``town.papers`` all of them
``plan``       the rules, assumptions and rates: read only
``space``      working space of one call, what one step tells the next, and where papers, letters and trace stand
``totals``     the month's integers, which add up in any order
``month``      month of the run, from 0
``l r s d g``  list, row of a catalogue, scheme (or service), door, ground
=============  ==========================================================================================

From Python the same tuples are handed over with arrays for members. ``seen`` turns them into what kernels pass on by value:
an address for each array of records (``rows.Rows``), without lengths, which kernels do not ask for.
In plain Python the tuples stay as they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, models, register_model

from counterscore.engine.kernel import interpreted
from counterscore.engine.rows import Rows, address


class Town(NamedTuple):
    """A subdistrict as one kind of subject lives in it."""

    plan: Any  #: one ``layout.PLAN``
    people: Any  #: ``layout.RESIDENT``: a record for each resident, or the file of each firm or body
    watch: Any  #: ``layout.WATCH``, one for each of ``people``
    papers: Any  #: ``layout.PAPER``, linked for each of ``people`` from its ``head``
    inbox: Any  #: ``layout.LETTER``: records that arrive this month
    outbox: Any  #: and next month
    totals: Any  #: one ``layout.TOTALS``
    stays: Any  #: ``layout.STAYS`` by months and list
    events: Any  #: ``layout.EVENT``: the trace, where one is kept
    space: Any  #: one ``layout.SPACE``
    size: int  #: of ``people``


class Residents(NamedTuple):
    """The residents of a subdistrict, and what private rule books know of them."""

    town: Town
    private: Any  #: ``layout.PRIVATE``, one for each resident, none where nothing needs it
    known: Any  #: ``layout.KNOWN``, one for each resident and dimension
    minglers: Any  #: ``layout.MINGLER``
    meetings: Any  #: ``layout.MEETINGS`` by grade and grade


class Firms(NamedTuple):
    """The firms of a subdistrict; none where no rule book needs them."""

    town: Town
    own: Any  #: ``layout.FIRM``, one for each firm
    staff: Any  #: ``layout.STAFF``, firm by firm


class Bodies(NamedTuple):
    """The public bodies of a subdistrict; none where no rule book needs them."""

    town: Town
    own: Any  #: ``layout.BODY``, one for each body
    contracts: Any  #: ``layout.CONTRACT``, body by body
    officials: Any  #: ``layout.OFFICIAL``, in the order in which they came
    pool: Any  #: ``layout.STAFF``: who may become one
    candidates: int  #: of ``pool``


class Monthly(NamedTuple):
    """Where the counts of each month of one kind of subject go; int64, a row for each month."""

    counts: Any  #: by ``layout.COUNTERS``
    doors: Any  #: service-months closed or narrowed, by domain
    tally: Any  #: by ``layout.FIRM_COUNTERS`` or ``layout.BODY_COUNTERS``; of residents without columns
    listed: Any  #: of residents, listed and met by district, a row for each year; of others without columns


class View(types.Type):  # type: ignore[misc]
    """The type of a tuple as kernels see it: its members by name, passed by value."""

    def __init__(self, name: str, members: dict[str, Any]) -> None:
        self.members = members
        super().__init__(name=f"{name}({', '.join(str(kind) for kind in members.values())})")
        self.short = name

    @property
    def mangling_args(self) -> Any:
        return self.short, ()  # there is one of each name, and the members' names would be written out at every call


@register_model(View)
class _ViewModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, manager: Any, view: View) -> None:
        super().__init__(manager, view, list(view.members.items()))


@infer_getattr
class _Members(AttributeTemplate):  # type: ignore[misc]
    key = View

    def generic_resolve(self, view: View, name: str) -> Any:
        return view.members.get(name)


@lower_getattr_generic(View)  # type: ignore[untyped-decorator]
def _member(context: Any, builder: Any, view: View, value: Any, name: str) -> Any:
    return builder.extract_value(value, list(view.members).index(name))


def _kind_of(given: Any) -> Any:
    if isinstance(given, types.NamedTuple):
        members = zip(given.fields, given.types, strict=True)
        return View(given.instance_class.__name__, {name: _kind_of(member) for name, member in members})
    return Rows(given.dtype) if isinstance(given, types.Array) else given


def _value_of(context: Any, builder: Any, given: Any, value: Any) -> Any:
    if isinstance(given, types.NamedTuple):
        view = ir.Constant(context.get_value_type(_kind_of(given)), ir.Undefined)
        for place, member in enumerate(given.types):
            part = _value_of(context, builder, member, builder.extract_value(value, place))
            view = builder.insert_value(view, part, place)
        return view
    return address(context, builder, given, value) if isinstance(given, types.Array) else value


@intrinsic  # type: ignore[untyped-decorator]
def _seen(typing_context: Any, given: Any) -> Any:
    def make(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _value_of(context, builder, given, arguments[0])

    return _kind_of(given)(given), make


def _as_is(given: Any) -> Any:
    return given


#: Turns a tuple that Python handed over into what kernels pass on.
seen = _as_is if interpreted else _seen
