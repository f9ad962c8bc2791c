"""Who reads whose records, and how loans are judged: what a file may say, and how it is told."""

from __future__ import annotations

import pytest

from counterscore.errors import InputError
from counterscore.regime.difference import difference, in_words
from counterscore.regime.explain import sentences
from counterscore.regime.reform import apply, read_reform
from tests.regime.example import EXAMPLE, regime_of
from tests.regime.sharing_example import SHARED, shared_with


def test_the_parts_in_words() -> None:
    told = [line.strip() for line in sentences(regime_of(SHARED))]
    for line in (
        "80% of the records of Police reach Credit centre after 40 days, in all cities. [guess, assumed]",
        "All of the records of Credit centre reach whoever deals with the resident at once, in this city. [guess, assumed]",
        "Any other record counts only with the office that made it; who moves away leaves it behind.",
        'Loans, credit file full: refused on a record of "Late bill". [guess, assumed]',
        'Loans, credit file thin: refused on a record of "Late bill" or a score below 850, and 20% of the rest for want of '
        "anything to judge by. [guess, assumed]",
        "Loans, credit file none: not judged by any record, and an unknown share of them for want of anything to judge by. "
        "[guess, assumed]",
    ):
        assert line in told, line


def test_a_rule_book_that_does_not_speak_of_it_shares_everything_and_says_so() -> None:
    told = " ".join(sentences(regime_of(EXAMPLE)))
    assert "Everything is shared at once" in told
    assert "Loans" not in told


@pytest.mark.parametrize(
    ("old", "new", "message", "suggestion"),
    [
        ("of: police, to: centre", "of: polise, to: centre", 'no authority is called "polise"', "Did you mean police"),
        ("of: police, to: centre", "of: police, to: everybody", 'no authority is called "everybody"', ""),
        ("coverage: 0.8", "coverage: 80", "coverage must be above 0 and at most 1, found 80", "Write 0.8."),
        ("coverage: 0.8", "coverage: 0", "coverage must be above 0 and at most 1, found 0", "Remove the entry"),
        ("after: 40 days", "after: 40", "a length of time needs a unit, found 40", 'Write "40 days"'),
        ("within: nation", "within: world", 'within cannot be "world"', "Allowed: city, nation."),
        ("of: centre, to: public", "of: police, to: centre", 'the entry "police to centre" is used twice', "Keep one"),
        ("  authority: centre\n  grades", "  grades", "so it must say who reads the records here", "Add authority:"),
        ("    authority: centre\n    publicity", "    publicity", "so it must say who reads the records here", "Add"),
        ("  authority: centre\n  grades", "  authority: center\n  grades", 'no authority is called "center"', "Did you"),
        ("file: full, refused_on: [late-bill]", "file: full", 'nothing is said of those with credit file "full"', "Add"),
        ("file: full, refused_on: [late-bill]", "file: thick, refused: 1", 'file cannot be "thick"', "Did you mean thin?"),
        ("refused_on: [late-bill], below", "refused_on: [late-bil], below", 'no row of the catalogue is called "late-bil"', "Did"),
        ("below: 850", "below: 0", "a border at 0 refuses nobody or everybody", "Choose"),
        ("refused: 0.2", "refused: 20", "refused must be from 0 to 1, found 20", "Write 0.2."),
        ("file: none", "file: thin", 'credit file "thin" is used twice', "Keep one of them."),
    ],
)  # fmt: skip
def test_a_mistake_is_told(old: str, new: str, message: str, suggestion: str) -> None:
    with pytest.raises(InputError) as error:
        regime_of(shared_with(old, new))
    told = [found for found in error.value.problems if found.severity == "problem"]
    assert any(message in found.message and found.suggestion.startswith(suggestion) for found in told), told
    assert all(found.position.line for found in told)


def test_every_number_has_a_source() -> None:
    with pytest.raises(InputError, match=r"0.8 and 1 more of this item have no source"):
        regime_of(shared_with("within: nation, source: guess, mark: assumed", "within: nation"))


def test_what_differs() -> None:
    before = regime_of(SHARED)
    after = regime_of(shared_with("within: city", "within: nation"))
    assert [(one.id, one.field, one.old, one.new) for one in difference(before, after)] == [
        ("centre to public", "within", "city", "nation")
    ]
    assert in_words(after, difference(before, after)) == "1 rule differs, 11 same"
    other = regime_of(shared_with("below: 850", "below: 970"))
    assert [(one.id, one.field, one.new) for one in difference(before, other)] == [("thin", "below", "970")]
    nothing = regime_of(EXAMPLE.replace("scrutiny:", "sharing: []\nscrutiny:").replace(
        "  update: 3 months\n", "  update: 3 months\n  authority: centre\n"
    ).replace("    publicity:", "    authority: centre\n    publicity:"))  # fmt: skip
    first = next(one for one in difference(regime_of(EXAMPLE), nothing) if one.part == "sharing")
    assert (first.old, first.new, first.affects) == ("everything", "nothing", True)


def test_a_reform_widens_the_sharing() -> None:
    text = "format: 1\nkind: reform\nid: wide\ntitle: Wide\nchanges: [{set: sharing.*.within, to: nation}]\n"
    after = apply(regime_of(SHARED), read_reform(text, name="wide.yaml"))
    assert {one.within for one in after.sharing or ()} == {"nation"}
