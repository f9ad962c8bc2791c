"""How few records are enough, and how long it can last: worked examples."""

from __future__ import annotations

import math

from counterscore.catalog import load_regime
from counterscore.catalog.tables import related, scale
from counterscore.laws.alone import gravity, weight
from counterscore.laws.book import Book, Pair
from counterscore.laws.facts import Facts
from counterscore.laws.source import read_date


def pair_of(name: str, row: str, door: str) -> tuple[Book, Pair]:
    book = Book(load_regime(name), facts=Facts(), related=related(), scale=scale(), day=read_date("2026-11-28"))
    return book, next(one for one in book.pairs if one.read.name == row and one.effect.id == door)


def test_sixteen_months_of_arrears_list_a_resident():
    book, pair = pair_of("beijing-points", "loan-arrears", "listed-licence")
    assert book.count(pair.read, pair.effect) == 16


def test_two_records_last_into_the_seventy_second_month():
    """Listed again for as long as the score stays low: entries in months 0, 24 and 48 of a score that is low for 60."""
    book, pair = pair_of("beijing-points", "utility-damage", "listed-licence")
    assert book.count(pair.read, pair.effect) == 2
    assert book.alone.longest(pair.read, pair.effect) == 72


def test_an_official_s_choice_decides_how_many_are_enough():
    book, pair = pair_of("beijing-points", "other-dishonesty", "listed-licence")
    assert [book.alone.count(pair.read, pair.effect, choice) for choice in ("worst", "mildest")] == [4, 31]


def test_a_listed_ground_is_enough_at_once_and_a_cap_too():
    book, pair = pair_of("court-defaulters", "evasion", "conduct-post")
    assert book.count(pair.read, pair.effect) == 1
    assert book.alone.longest(pair.read, pair.effect) == 60
    book, pair = pair_of("court-defaulters", "able-but-refuses", "list-loan")
    assert book.alone.longest(pair.read, pair.effect) == math.inf


def test_unknown_points_tell_nothing():
    book, pair = pair_of("yiwu-2017", "crime", "no-flight")
    assert book.count(pair.read, pair.effect) is None
    assert book.gap(pair) is None


def test_the_gap_is_weight_less_gravity():
    book, pair = pair_of("beijing-points", "card-overdue", "listed-licence")
    assert gravity(scale(), pair.read) == 1
    assert weight(scale(), pair.effect, 24) == 4
    assert weight(scale(), pair.effect, 61) == 5
    assert book.gap(pair) == (4, 16, 72)
    _, petition = pair_of("suining-2010", "petitioning", "c-licence")
    assert gravity(scale(), petition.read) == 0
    _, unable = pair_of("court-defaulters", "unpaid-in-time", "order-rail")
    assert gravity(scale(), unable.read) == 0
