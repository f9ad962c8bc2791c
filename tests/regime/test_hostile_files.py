"""Files from anybody: each ends in a clear error, quickly, with little memory, and is never run."""

from __future__ import annotations

import json
import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest

from counterscore.errors import InputError
from counterscore.regime.nodes import MOST_BYTES
from counterscore.regime.read import read_document, read_regime
from tests.regime.example import EXAMPLE, regime_of, with_

_SECONDS = 3.0  # of the processor's time, so that a busy machine changes little; one second on a quiet one
_PERSONS = "counterscore reads tables of counts only.  See: counterscore help city"

TEXTS = {
    "empty": ("", "1:1", "this file is empty; a rule book is needed"),
    "only blanks": ("  \n\n", "1:1", "this file is empty; a rule book is needed"),
    "only a comment": ("# hello\n", "1:1", "this file is empty; a rule book is needed"),
    "null": ("~", "1:1", "this file is empty; a rule book is needed"),
    "a word": ("hello", "1:1", 'a rule book starts with keys, such as format: 1; found "hello"'),
    "a list": ("- 1\n", "1:1", "a rule book starts with keys, such as format: 1; found a list"),
    "two documents": ("format: 1\n---\nformat: 1\n", "2:1", "a second document starts here"),
    "alias bomb": (
        "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24)),
        "1:4",
        "an anchor (&) is not used here",
    ),
    "anchor that feeds itself": ("a: &a [*a]\n", "1:8", "an alias (*) is not used here"),
    "code in a tag": ("a: !!python/object/apply:os.system [id]", "1:4", "a tag (!) is not used here"),
    "deep block": ("\n".join(" " * n + "a:" for n in range(1200)), "21:21", "more than 20 levels deep"),
    "deep brackets": ("\n".join(["a: " + "[" * 5000] * 5), "1:23", "more than 20 levels deep"),
    "deep dashes": ("- " * 4000, "1:41", "more than 20 levels deep"),
    "long line": ("a: " + "x" * 900_000, "1:1", "this line is too long (900,003 characters)"),
    "many lines": ("- a\n" * 100_000, "20001:1", "100,001 lines are too many"),
    "many values": ("".join(f"k{n}: [" + "a," * 4000 + "]\n" for n in range(9)), "5:7984", "more than 20,000 values"),
    "quote never closed": ('a: "' + "x\n" * 19_000, "1:4", "this quote is not closed"),
    "huge number": ("format: " + "9" * 9000, "1:9", "9000 digits are too many for a number"),
    "NUL": ("a: b\0c", "1:5", "a character that cannot be seen (U+0000) stands here"),
    "terminal escape": ("a: \x1b[31m", "1:4", "a character that cannot be seen (U+001B) stands here"),
    "right to left": ("a: b\n# \u202eevil", "2:3", "a character that cannot be seen (U+202E) stands here"),
    "surrogate": ('a: "\\ud800"', "1:4", "an escape here makes a character that cannot be seen"),
    "NUL escape": ('a: "\\0"', "1:4", "an escape here makes a character that cannot be seen"),
    "complex key": ("? [a]\n: b", "1:3", "a key must be a word"),
    "directive": ("%TAG ! tag:x,2000:\n---\na: !b 1", "1:1", "a YAML directive (%) is not used here"),
    "expression": (EXAMPLE.replace("score < 600 or", "__import__('os').system('id') or"), "62:12", 'not a ground for entry: "__import__(\'os\').system(\'id\')"'),
    "grounds without end": (EXAMPLE.replace("or grade D", "or grade D" + "\n      or grade D" * 15_000), "62:12", "enter is too long (165,065 characters)"),
    "many acts": (EXAMPLE.replace("[traffic-violation]", "[" + ",\n ".join(f"traffic-violatoin{n}" for n in range(15_000)) + "]"), "17:11", 'no act is called "traffic-violatoin0"'),
    "many rows": (
        EXAMPLE.replace("score:\n", "".join(f"  - {{id: r{n}, label: x, act: [a], authority: b, points: c}}\n" for n in range(1500)) + "score:\n"),
        "47:30",
        'no act is called "a"',
    ),
}  # fmt: skip

BYTES = {
    "UTF-16": (EXAMPLE.encode("utf-16"), "1:1", "this file is UTF-16, not UTF-8"),
    "UTF-16 without a mark": (EXAMPLE.encode("utf-16-le"), "1:2", "a character that cannot be seen (U+0000) stands here"),
    "UTF-32": (EXAMPLE.encode("utf-32"), "1:1", "this file is UTF-32, not UTF-8"),
    "Latin-1": (
        EXAMPLE.replace("Example Town pilot", "Exämple Town").encode("latin-1"),
        "3:10",
        "the byte 0xe4 is not UTF-8, so a rule book cannot be read from here",
    ),
    "cut inside a character": (b"title: \xe2\x80", "1:8", "the byte 0xe2 is not UTF-8, so a rule book cannot be read from here"),
    "fifty megabytes": (b"a: b\n" * (10 << 20), "1:1", "50.0 MiB is too large for a rule book"),
    "one byte too many": (b"#" * (MOST_BYTES + 1), "1:1", "1.0 MiB is too large for a rule book"),
}  # fmt: skip


def _told(path: Path) -> set[str]:
    """Place and words of every problem; the printed text is short and the time too."""
    began = time.process_time()
    with pytest.raises(InputError) as error:
        read_regime(path, name="mine.yaml")
    assert time.process_time() - began < _SECONDS
    assert len(str(error.value)) < 20_000
    return {f"{one.position.line}:{one.position.column} {one.message}" for one in error.value.problems}


@pytest.mark.parametrize(("raw", "place", "message"), [pytest.param(*v, id=k) for k, v in BYTES.items()])
def test_bytes_that_are_no_rule_book(tmp_path: Path, raw: bytes, place: str, message: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(raw)
    assert _told(file) == {f"{place} {message}"}


@pytest.mark.parametrize(("text", "place", "message"), [pytest.param(*v, id=k) for k, v in TEXTS.items()])
def test_text_that_is_no_rule_book(tmp_path: Path, text: str, place: str, message: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(text.encode("utf-8"))
    assert f"{place} {message}" in _told(file)


@pytest.mark.parametrize("what", ["alias bomb", "deep brackets", "many lines", "fifty megabytes"])
def test_memory_stays_small(tmp_path: Path, what: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(BYTES[what][0] if what in BYTES else TEXTS[what][0].encode())
    tracemalloc.start()
    _told(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30 << 20


@pytest.mark.parametrize(
    "body",
    ["x " * 4900 + "\n  ", "'" + "y " * 4900 + "'\n", "#" * 9000 + "\n", "k: v\n  "],
    ids=["words", "quotes", "comments", "lines"],
)
def test_the_largest_file_allowed_takes_a_second_or_two(tmp_path: Path, body: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(("a: " + body * (MOST_BYTES // len(body)))[:MOST_BYTES])
    began = time.process_time()
    with pytest.raises(InputError):
        read_regime(file)
    assert time.process_time() - began < 2 * _SECONDS  # processors that share a core do half as much each


def test_what_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "regime.yaml").write_text(EXAMPLE)
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)  # opening it would wait for ever
    for path, message in (
        (tmp_path, "this is a folder, not a rule book"),
        (tmp_path / "regine.yaml", "there is no such file"),
        (fifo, "this is not a plain file, so not a rule book"),
        (Path("/dev/zero"), "this is not a plain file, so not a rule book"),
        (tmp_path / "regime.yaml" / "x", "this file cannot be read (Not a directory)"),
        (tmp_path / ("x" * 300), "this file cannot be read (File name too long)"),
        (Path("a\0b"), "this file cannot be read (embedded null byte)"),
    ):
        with pytest.raises(InputError) as error:
            read_regime(path)
        assert [one.message for one in error.value.problems] == [message]
    with pytest.raises(InputError, match=r"Did you mean .*regime\.yaml"):
        read_regime(tmp_path / "regine.yaml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(EXAMPLE)
    file.chmod(0)
    with pytest.raises(InputError, match="this file may not be read"):
        read_regime(file)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("- {name: Li, id_number: 3, birth_date: 2000}\n", "1:14", "id number, birth date"),
        ("people:\n  - name: Li\n    age: 40\n", "2:5", "name, age"),
        ('[{"name": "Li", "Phone Number": "1"}]', "1:17", "phone number"),
        (EXAMPLE + "residents: [{e-mail: a}]\n", "93:14", "e mail"),
        ("name,id_number,birth_date\nLi,3,2000\n", "1:1", "id number, birth date"),
        ("Name;Sex;District\nLi;f;3\n", "1:1", "name, sex, district"),
    ],
)
def test_rows_about_persons_are_refused(tmp_path: Path, text: str, place: str, words: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    for kind in ("regime", "reform", "cases", "city"):
        with pytest.raises(InputError) as error:
            read_document(file, kind=kind)  # type: ignore[arg-type]
        (problem,) = error.value.problems
        assert f"{problem.position.line}:{problem.position.column}" == place
        assert problem.message == f"this looks like a list of persons ({words})"
        assert problem.suggestion == _PERSONS


def test_fifty_megabytes_of_persons_are_refused_for_what_they_are(tmp_path: Path) -> None:
    file = tmp_path / "city.csv"
    file.write_bytes(b"name,phone\n" + b"x,1\n" * (12 << 20))
    with pytest.raises(InputError, match="this looks like a list of persons"):
        read_regime(file)


def test_a_table_is_not_a_rule_book(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text("district,residents\nDongcheng,708829\n")
    with pytest.raises(InputError, match="this is a table, not a rule book"):
        read_regime(file)


def test_fields_that_a_list_publishes_are_not_rows_about_persons() -> None:
    text = with_(("fields: [name, case]", "fields: [name, id_number, birth_date, phone]"))
    assert regime_of(text).lists["untrustworthy"].publicity.fields[1] == "id_number"


@pytest.mark.parametrize("text", ["\ufeff" + EXAMPLE, EXAMPLE.replace("\n", "\r\n"), EXAMPLE.replace("\n", "\r")])
def test_a_mark_at_the_start_and_other_line_ends_are_welcome(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(text.encode())
    regime = read_regime(file)
    assert regime.document.text == text
    assert regime.at("score", "start").line == 48
    assert regime.model_dump() == regime_of(EXAMPLE).model_dump()


#: Places of a rule book that are printed, named in folders or written into cells; what stands there is put in the place of @.
_PLACES = {
    "- {id: A,": "- {id: @,",
    "id: example-town": "id: @",
    "title: Example Town pilot": "title: @",
    "label: Traffic ticket": "label: @",
}
_STEERING = (
    "\x1b",
    "\x07",
    "\x9b",
    "\x7f",
    "\u200b",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\u2060",
    "\u3164",
    "\u2800",
    "\U000e0041",
)


@pytest.mark.parametrize("char", _STEERING, ids=lambda char: f"U+{ord(char):04X}")
@pytest.mark.parametrize("written", ["as it is", "as an escape"])
def test_characters_that_nobody_sees_stand_nowhere(char: str, written: str) -> None:
    put = f"A{char}" if written == "as it is" else f'"A\\U{ord(char):08X}"'
    for found, place in _PLACES.items():
        text = EXAMPLE.replace(found, place.replace("@", put), 1)
        assert text != EXAMPLE
        with pytest.raises(InputError) as error:
            regime_of(text)
        assert any("cannot be seen" in one.message for one in error.value.problems), (place, str(error.value))


@pytest.mark.parametrize(
    "grade", ["=1+1", "+A", "-A", "@SUM(A1)", "A\tB", "A|B", "A\nB", "", " A", "_", "A" * 41, "'A", '"', "A;B", "A,B"]
)
def test_a_grade_is_a_name(grade: str) -> None:
    """A spreadsheet computes nothing from it, and it stands on one line of a table."""
    text = EXAMPLE.replace("{id: A, from: 970", "{id: " + json.dumps(grade) + ", from: 970", 1)
    with pytest.raises(InputError) as error:
        regime_of(text)
    assert "grade" in str(error.value) or "id" in str(error.value)


@pytest.mark.parametrize("grade", ["A", "AAA", "a+", "A-", "1", "很好", "B2.1", "A" * 40])
def test_grades_that_are_names_are_welcome(grade: str) -> None:
    text = re.sub(
        r"\{id: A, from: 970",
        lambda _: "{id: " + json.dumps(grade, ensure_ascii=False) + ", from: 970",
        EXAMPLE,
        count=1,
    )
    text = re.sub(r"grade A\b", lambda _: f"grade {grade}", text)
    assert any(one.id == grade for one in regime_of(text).score.grades)
