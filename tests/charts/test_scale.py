"""Drawings side by side: one scale, whatever each of them would have had alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from counterscore.charts._scale import on_one_scale


def bars(*values: float, **scale: Any) -> dict[str, Any]:
    y = {"field": "value", "type": "quantitative", "scale": {"zero": True, **scale}}
    low = {"field": "low", "type": "quantitative", "scale": {"zero": True, **scale}}
    return {
        "data": {"values": [{"value": value, "low": value / 2, "high": value * 1.5} for value in values]},
        "vconcat": [
            {
                "layer": [
                    {"mark": "bar", "encoding": {"y": y}},
                    {"mark": "rule", "encoding": {"y": low, "y2": {"field": "high"}}},
                ]
            }
        ],
    }


def domains(spec: dict[str, Any]) -> list[Any]:
    return [layer["encoding"]["y"]["scale"].get("domain") for layer in spec["vconcat"][0]["layer"]]


def test_an_axis_holds_what_the_other_s_holds_ends_of_ranges_and_zero() -> None:
    one, other = bars(2, 4), bars(1, 10)
    on_one_scale(one, [other])
    assert domains(one) == [[0, 15], [0, 15]]
    assert domains(other) == [None, None]  # it is asked for by itself
    on_one_scale(other, [bars(2, 4)])
    assert domains(other) == [[0, 15], [0, 15]]


def test_an_axis_that_says_where_it_ends_is_widened_and_not_rounded() -> None:
    one = bars(2, domain=[0, 5])
    on_one_scale(one, [bars(2, domain=[0, 64])])
    assert domains(one) == [[0, 64], [0, 64]]
    assert not one["vconcat"][0]["layer"][0]["encoding"]["y"]["scale"]["nice"]


@pytest.mark.parametrize("others", [[], [{"mark": "bar", "encoding": {}}], [bars()]])
def test_what_the_others_do_not_have_stays(others: list[dict[str, Any]]) -> None:
    one = bars(2, 4)
    before = json.dumps(one)
    on_one_scale(one, others)
    assert json.dumps(one) == before


def test_axes_of_words_and_of_time_are_left_alone() -> None:
    for kind in ("nominal", "temporal"):
        one = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": kind}}}
        before = json.dumps(one)
        on_one_scale(one, [one])
        assert json.dumps(one) == before
