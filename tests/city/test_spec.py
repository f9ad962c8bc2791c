"""Claims: a city file that cannot be used is told so at once, with every mistake and its place."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

import counterscore
from counterscore.city import CitySpec, read_city, synthesize
from counterscore.city.columns import AXES
from counterscore.city.spec import age_range, parse_city
from counterscore.errors import InputError
from counterscore.quantity import Document, Mark
from counterscore.regime.read import read_document

FILE = Path(counterscore.__file__).parent / "catalog" / "cities" / "demo" / "city.yaml"
DEMO = FILE.read_text(encoding="utf-8")
SIX = ("teacher", "accountant", "journalist", "doctor", "veterinarian", "tour guide")


def changed(old: str, new: str) -> CitySpec:
    """The demo city with one piece of its text replaced."""
    assert DEMO.count(old) == 1, f"{DEMO.count(old)} places hold {old}"
    return parse_city(read_document(DEMO.replace(old, new), kind="city", name="city.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("kind: city\n", "kind: city\npopulation: 7\n", "population: 7", 'unknown key "population"'),
        ("title: Minority\n", "title: Minority\n    names: [a]\n", "names: [a]", 'unknown key "names"'),
        ("Hill Farms: 200", "Hill Farms: many", "many", 'valid number, found "many"'),
        ("Hill Farms: 200", "Hill Farms: -200", "-200", "greater than or equal to 0"),
        ("Hill Farms: 200", "Hill Farms: 210", "{Old Town", "add up to 2,010, the whole is 2,000"),
        ("college: 0.41}", "college: 0.3}", "{none", "add up to 0.89, the whole is 1"),
        ("{male: 0.51, ", "{mail: 0.51, ", "0.51", 'sex has no category "mail"'),
        ("over: registration\n", "over: registracion\n", "registracion", 'no shares of "registracion"'),
        ("over: car\n    by: registration", "over: car\n    by: income", "income", "cannot be given by"),
        ("journalist: 0.01\n", "jornalist: 0.01\n", "0.01", "no category"),
        ("75-94: {not in work: 1}", "75-194: {not in work: 1}", "{not in work: 1}", "no range of ages"),
        ("45-59: {single: 0.1,", "46-59: {single: 0.1,", "18-29: {single", "age 45 has no value"),
        ("45-59: {single: 0.1,", "44-59: {single: 0.1,", "18-29: {single", "is in two groups"),
        ("by: file\n      values: {none: 0,", "by: file\n      values: {", "{ thin", "file none has no value"),
        ('values: {"yes": 0.001}', 'values: {"yes": {value: 0.5, range: [0.6, 0.7]}}', "[0.6", "outside its own"),
        ("title: Knows an official\n    over: connected", "title: X\n    over: offender", "- title: D", "found none"),
        ("farm worker, not in work: 320", "not in work: 320", "lawyer,", "occupation farm worker has no value"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place(old: str, new: str, place: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        changed(old, new)
    told = [problem for problem in error.value.problems if said in problem.message]
    assert told, [problem.message for problem in error.value.problems]
    at = told[0].position
    assert at.file == "city.yaml"
    assert told[0].line_text[at.column - 1 :].startswith(place), told[0]


def test_all_mistakes_are_told_in_one_pass() -> None:
    text = DEMO.replace("{male: 0.51", "{mail: 0.51").replace("college: 0.41}", "college: 0.3}")
    with pytest.raises(InputError) as error:
        parse_city(read_document(text.replace("Station: 500", "Station: 5"), kind="city"))
    assert len(error.value.problems) >= 3


def test_an_unknown_source_is_told_and_the_known_ones_named() -> None:
    with pytest.raises(InputError, match='no source is called "census"') as error:
        changed("unit: residents, source: assumed,", "unit: residents, source: census,")
    assert "assumed" in error.value.problems[0].suggestion


def test_an_assumed_number_needs_a_range() -> None:
    with pytest.raises(InputError, match="an assumed number needs a range"):
        changed("mark: assumed\n    range_times: [0.95, 1.05]", "mark: assumed")


def test_a_suggestion_comes_with_a_misspelt_category() -> None:
    with pytest.raises(InputError) as error:
        changed("journalist: 0.01\n", "jornalist: 0.01\n")
    assert any("Did you mean journalist?" in problem.suggestion for problem in error.value.problems)


def test_margins_that_contradict_each_other_are_told_when_the_city_is_made() -> None:
    spec = changed("60-94: {college: 0.2}", "18-94: {college: 0.2}")
    with pytest.raises(InputError, match="no population meets") as error:
        synthesize(spec)
    assert error.value.problems[0].position.line > 1


def test_rows_about_persons_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "city.csv"
    table.write_text("id_number,birth_date,district\n1,1980-02-03,Old Town\n", encoding="utf-8")
    with pytest.raises(InputError, match="looks like a list of persons"):
        read_city(table)
    rows = tmp_path / "city.yaml"
    rows.write_text(DEMO + "people:\n  - {name: A, age: 30, sex: male}\n", encoding="utf-8")
    with pytest.raises(InputError, match="looks like a list of persons"):
        read_city(rows)


def test_plain_data_gives_the_city_of_the_file(demo: CitySpec) -> None:
    from_data = parse_city(Document("", (), read_document(DEMO, kind="city").data))
    assert from_data.digest() == demo.digest()
    frozen = MappingProxyType(read_document(DEMO, kind="city").data)
    assert synthesize(frozen).digest() == synthesize(demo).digest()


def test_comments_do_not_change_the_digest_and_numbers_do(demo: CitySpec) -> None:
    assert changed("# Shares and counts.", "# Shares and more counts.").digest() == demo.digest()
    assert changed("Old Town: 700, Riverside: 600", "Old Town: 701, Riverside: 599").digest() != demo.digest()


@pytest.mark.parametrize("text", ["60", "60+", "70-60", "0-100", "a-b", "-5-10", "²-3", ""])
def test_ages_are_ranges(text: str) -> None:
    with pytest.raises(ValueError, match="no range of ages"):
        age_range(text)


class TestBeijing:
    def test_published_figures_are_those_of_the_census(self, beijing: CitySpec) -> None:
        assert beijing.residents.value == 21_893_095
        assert beijing.residents.mark is Mark.VERIFIED
        assert sum(figure.value for figure in beijing.margins[0].values["everyone"].values()) == 21_893_095
        assert len(beijing.districts) == 16
        published = {
            (row.marginal, row.category): row.published
            for row in synthesize(beijing, residents=100).fit()
            if row.mark != "assumed"
        }
        assert published["Registration", "non-local"] == 8_418_000
        assert published["Sex", "male"] == 11_195_000
        assert published["Age, 60 and over", "60-99"] == 0.196
        assert published["Age", "65-99"] == 0.133
        assert published["Age", "0-14"] == 0.119
        assert published["Schooling", "college"] == 41_980
        assert published["College among those of 60 and over", "60-99: college"] == 0.206

    def test_nothing_but_the_census_claims_to_be_published(self, beijing: CitySpec) -> None:
        for margin in beijing.margins:
            for shares in margin.values.values():
                for figure in shares.values():
                    mark, source = figure.mark or margin.mark, figure.source or margin.source
                    assert (mark is Mark.ASSUMED) == (source != "census-2020"), margin.title
                    assert margin.over in AXES or mark is Mark.ASSUMED, margin.title

    def test_the_six_professions_are_assumed_with_a_range(self, beijing: CitySpec) -> None:
        margin = next(one for one in beijing.margins if one.title == "Occupation among those in work")
        for name in SIX:
            figure = margin.values["in work"][name]
            assert figure.range is not None
            assert figure.range[1] >= 1.5 * figure.range[0]
        assert margin.mark is Mark.ASSUMED

    def test_every_number_that_is_drawn_has_source_mark_and_range(self, beijing: CitySpec) -> None:
        rows = beijing.stated()
        assert {row.section for row in rows} >= {
            "Credit file",
            "Has a credit card",
            "income, middle",
            "loan, share",
        }
        for row in rows:
            assert row.source in beijing.sources
            assert row.mark is Mark.ASSUMED
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.value <= row.high
            assert row.unit

    def test_sections_can_be_had_as_the_file_has_them(self, beijing: CitySpec) -> None:
        assert beijing["residents"]["value"] == 21_893_095
        assert beijing["sources"]["assumed"]["kind"] == "assumption"

    def test_every_margin_has_its_own_title(self, beijing: CitySpec) -> None:
        titles = [margin.title for margin in beijing.margins]
        assert len(set(titles)) == len(titles)
