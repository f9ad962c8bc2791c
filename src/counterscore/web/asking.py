"""The form in which a run is asked for, as an address and as a command: one model for all three."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict

from counterscore.catalog import city_ids, regime_ids
from counterscore.errors import UsageError
from counterscore.jobs import Job
from counterscore.web import shelves
from counterscore.web.laboratory import Laboratory

FOLLOWED = ("--json", "--progress", "json")  #: how a page can follow a run
_NUMBERS = (("residents", 1, 10**9), ("months", 1, 1200), ("replicates", 1, 9999), ("seed", 0, 2**63))
_GROUPS = re.compile(r"[a-z_]+(=[A-Za-z0-9][A-Za-z0-9 ,_-]*)?")
_ASSUMPTION = re.compile(r"[a-z][a-z0-9_.-]*=-?[0-9][0-9.eE+-]*")


def _words(found: object) -> list[str]:
    """``["a, b", "c"]`` → ``["a", "b", "c"]``: a field may be given several times or hold several names."""
    texts = found if isinstance(found, list) else [found]
    return [word for text in texts for word in str(text).replace(",", " ").split()]


Words = Annotated[list[str], BeforeValidator(_words)]


class Asked(BaseModel):
    """What was asked for, as typed; ``command`` says what is wrong with it. The numbers are those of the command line."""

    model_config = ConfigDict(extra="ignore")

    regime: str = "beijing-points"
    reforms: Words = []
    also: Words = []
    base: str = "none"
    city: str = "beijing"
    residents: str = ""
    enough_for: str = ""
    months: str = "36"
    start: str = "2018-01"
    adopted: str = ""
    replicates: str = "20"
    seed: str = "1"
    assumptions: Words = []
    errors: Literal["on", "off"] = "on"
    responses: Literal["on", "off"] = "on"
    then: str = ""

    @property
    def title(self) -> str:
        """What a queue calls it."""
        more = "".join(
            f" {word} {', '.join(some)}" for word, some in (("with", self.reforms), ("beside", self.also)) if some
        )
        return f"{self.regime}{more} in {self.city}"

    def address(self, page: str = "/run/new") -> str:
        """The address of the form filled in like this."""
        default = Asked()
        given = {name: value for name, value in self.model_dump().items() if value != getattr(default, name)}
        return f"{page}?{urlencode(given, doseq=True)}" if given else page

    def command(self, laboratory: Laboratory) -> list[str]:
        """``run …`` as one types it. Raises ``UsageError`` where a field holds no such thing.

        Names come from the shelves and never from what was typed, so that none of them can be taken for an option.
        """
        reforms = {one["id"] for one in shelves.reform_rows()}
        made = ["run", _book(laboratory, self.regime)]
        for name in self.also:
            made += ["--also", name if name in reforms else _book(laboratory, name)]
        for name in self.reforms:
            if name not in reforms:
                raise UsageError(f'no reform is called "{name}"', suggestion="All are listed below.")
        if self.reforms:
            made += ["--with", ",".join(self.reforms)]
        made += ["--base", _book(laboratory, self.base)]
        if self.city not in city_ids():
            raise UsageError(f'no city is called "{self.city}"', suggestion="Choose one of the list.")
        made += ["--city", self.city]
        for option, least, most in _NUMBERS:
            text = str(getattr(self, option)).replace(",", "").strip()
            if option == "residents" and not text:
                continue
            if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
                raise UsageError(
                    f'{option} must be a whole number from {least:,} to {most:,}, found "{text}"',
                    suggestion="Write it in digits.",
                )
            made += [f"--{option}", text]
        if self.enough_for:
            if not _GROUPS.fullmatch(self.enough_for) or self.residents.strip():
                raise UsageError(
                    "residents and groups to compare both say how many live there"
                    if self.residents.strip()
                    else f'groups are written as occupation or occupation=lawyer, found "{self.enough_for}"',
                    suggestion="Fill in one of them.",
                )
            made += ["--enough-for", self.enough_for]
        for option, month in (("--start", self.start), ("--from", self.adopted)):
            if month and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                raise UsageError(f'a month is written as 2018-01, found "{month}"')
            made += [option, month] if month else []
        for name in ("errors", "responses"):
            made += [f"--{name}", "off"] if getattr(self, name) == "off" else []
        for text in self.assumptions:
            if not _ASSUMPTION.fullmatch(text):
                raise UsageError(f'an assumption is written as errors.untrue=0.002, found "{text}"')
            made += ["--set", text]
        return made

    @classmethod
    def of(cls, job: Job) -> Asked:
        """What a job was asked for with; of one that goes on with a run only the defaults."""
        names = {"with": "reforms", "set": "assumptions", "from": "adopted", "enough-for": "enough_for"}
        found: dict[str, list[str]] = {}
        parts = list(job.command)
        if "--resume" in parts or len(parts) < 2:
            return cls()
        found["regime"] = [_last(parts[1])]
        for option, value in zip(parts[2:], [*parts[3:], ""], strict=True):
            field = names.get(option.removeprefix("--"), option.removeprefix("--"))
            if option.startswith("--") and field in cls.model_fields and value and not value.startswith("--"):
                found.setdefault(field, []).append(_last(value) if field in {"base", "also"} else value)
        lists = {name for name, field in cls.model_fields.items() if field.default == []}
        return cls.model_validate({name: some if name in lists else some[0] for name, some in found.items()})


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _book(laboratory: Laboratory, name: str) -> str:
    if name in regime_ids():
        return name
    files = shelves.own_files(laboratory.rules)
    if name in files:
        return laboratory.shown(files[name])  # as one types it: a record names no folder of the machine
    raise UsageError(f'no rule book is called "{name}"', suggestion="Choose one of the list.")
