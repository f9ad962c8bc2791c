"""Every row of the mirror's table of bad input, and of what must (and must not) change its numbers, with the fault it is there for.

Each fault is put into a copy of the source; the test that is named has to fail then, and nothing else may go wrong. A row
is a promise in words; that its test can fail is shown here.

    python verification/mirror_mutants.py               # all
    python verification/mirror_mutants.py --row bidders  # rows with that word
    python verification/mirror_mutants.py --file dates.py
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from mutants import FAILED, Mutant, copy_of_source, outcome_under, pass_unchanged


@dataclass(frozen=True, slots=True)
class Row:
    """A promise, and a fault in one file of the mirror under which ``test`` (of ``tests/mirror``) fails."""

    promise: str
    file: str
    old: str
    new: str
    test: str

    @property
    def mutant(self) -> Mutant:
        file = self.file if "/" in self.file and not self.file.startswith("measures/") else f"mirror/{self.file}"
        # What is plain is settled by columns: a fault in what settles it one by one shows where the two differ.
        both = f" tests/mirror/{_EACH}" if self.file == "reduce.py" else ""
        return Mutant(file, self.old, self.new, f"tests/mirror/{self.test}{both}")


BAD, LIMITS, HONEST, MEASURES, EDGES, TWO, CARDINAL, WILD = (
    f"test_{name}.py::test_"
    for name in ("bad_input", "limits", "honesty", "measures", "thresholds", "two_systems", "cardinal", "in_the_wild")
)
BY_COLUMNS = "test_columns.py::test_"
_EACH = f"{BY_COLUMNS}rows_are_those_of_each_process_by_itself"
_FILES = f"{BAD}a_file_that_cannot_be_read_is_named_and_the_rest_is_read"

#: Bad input, and what becomes of it.
INPUT = (
    Row("empty file: named", "reading.py", "if not found:\n                one.state", "if False:\n                one.state", _FILES),
    Row("a file is refused, the run goes on", "reading.py", "except RefusedFileError as error:", "except ZeroDivisionError as error:", _FILES),
    Row("a refused file leaves nothing", "reading.py", "if row[1] not in refused:", "if True:", f"{BAD}a_file_refused_half_way_leaves_nothing_behind"),
    Row("not JSON: first position", "stream.py", "return self._line, self._column + at", "return self._line, self._column", _FILES),
    Row("not JSON: line", "stream.py", 'lines = before.count(b"\\n")', "lines = 0", _FILES),
    Row("not JSON: exit code", "cli/mirror.py", "raise typer.Exit(NOT_ALL_READ)", "raise typer.Exit(0)", f"{BAD}the_exit_code_warns_of_refused_files"),
    Row("web page instead of data: hint", "stream.py", 'b"<!doctype", b"<html", b"<?xml"', 'b"<nothing"', f"{LIMITS}a_web_page_is_told_from_other_text"),
    Row("duplicate keys, few", "scan.py", "doubtful |= keys[k] == keys[other]", "doubtful |= False", f"{BAD}a_key_given_twice_is_found_among_few_and_many_however_it_is_written"),
    Row("duplicate keys, many", "scan.py", "doubtful |= ordered[k] == ordered[k - 1]", "doubtful |= False", f"{BAD}a_key_given_twice_is_found_among_few_and_many_however_it_is_written"),
    Row("duplicate keys, escaped", "scan.py", "doubtful |= is_key", "doubtful |= False", f"{BAD}a_key_given_twice_is_found_among_few_and_many_however_it_is_written"),
    Row("duplicate keys: refused", "stream.py", "text, catch_duplicate_keys=True", "text, catch_duplicate_keys=False", _FILES),
    Row("links only: told", "reading.py", "elif seen.linked and not one.releases:", "elif False:", f"{BAD}links_are_told_and_not_followed"),
    Row("links only: counted", "shapes.py", 'elif "url" in raw and not any(part in raw for part in _PARTS):\n        seen.linked += 1', 'elif "url" in raw and not any(part in raw for part in _PARTS):\n        seen.linked += 0', f"{BAD}links_are_told_and_not_followed"),
    Row("no ocid: a process of its own", "reading.py", 'or f"{NO_OCID}{digest.hex()[:16]}"', "or NO_OCID", f"{BAD}without_ocid_a_process_stands_alone_and_is_flagged"),
    Row("no ocid: flagged", "reduce.py", 'flags.append("no ocid")', 'flags.append("")', f"{BAD}without_ocid_a_process_stands_alone_and_is_flagged"),
    Row("repeated release: once", "reading.py", "kept[key] = _one_of(kept[key], one) if key in kept else one\n    found = list(kept.values())\n    if len(found) > 1 and", "kept[compiled, bytes([read])] = one\n    found = list(kept.values())\n    if len(found) > 9 and", f"{BAD}a_repeated_release_counts_once"),
    Row("one id, two contents: contradictory", "facts.py", "if one.release and not _same(", "if False and not _same(", f"{BAD}one_id_with_two_contents_is_contradictory_and_both_are_listed"),
    Row("one id, two contents: both listed", "reduce.py", "for each in (first, one):", "for each in (one,):", f"{BAD}one_id_with_two_contents_is_contradictory_and_both_are_listed"),
    Row("one instant, two values", "facts.py", "elif not _same(before, after):", "elif False:", f"{BAD}two_values_at_one_instant_have_no_winner"),
    Row("no currency: unusable", "measures/growth.py", 'because(columns["amount_state"], columns["amount_why"]),\n        where(columns["currency"] == "",', 'because(columns["amount_state"], columns["amount_why"]),\n        where(columns["currency"] == "x",', f"{BAD}no_currency_makes_amounts_useless_unless_the_source_states_one"),
    Row("no currency: declared", "reduce.py", "return self.source.currency, True", "return self.source.currency, False", f"{BAD}no_currency_makes_amounts_useless_unless_the_source_states_one"),
    Row("the data's currency goes first", "reduce.py", "if not found and self.source.currency:", "if self.source.currency:", f"{BAD}no_currency_makes_amounts_useless_unless_the_source_states_one"),
    Row("mixed currencies: versions", "reduce.py", 'if len(found) == 1 else ("", False)', 'if found else ("", False)', f"{BAD}two_currencies_are_never_added"),
    Row("mixed currencies: award and contract", "measures/growth.py", '(columns["award_currency"] != "") & (columns["award_currency"] != columns["currency"])', '(columns["award_currency"] == "-")', f"{LIMITS}an_award_in_another_currency_is_not_compared"),
    Row("year 3014: impossible", "facts.py", "if found.year > last_year:", "if found.year > last_year + 2000:", f"{BAD}impossible_ends_are_told_and_not_mended"),
    Row("year 3014: reported", "reduce.py", "if fact.state not in {KNOWN, MISSING}:", "if fact.state not in {KNOWN, MISSING, IMPOSSIBLE}:", f"{BAD}impossible_ends_are_told_and_not_mended"),
    Row("thirty years ahead, not more", "source.py", "return self.cut_off.year + 30", "return self.cut_off.year + 31", f"{LIMITS}years_from_1990_to_thirty_ahead_are_possible"),
    Row("thirty years ahead, not fewer", "source.py", "return self.cut_off.year + 30", "return self.cut_off.year + 29", f"{LIMITS}years_from_1990_to_thirty_ahead_are_possible"),
    Row("from 1990 on", "facts.py", "FIRST_YEAR = 1990", "FIRST_YEAR = 1989", f"{LIMITS}years_from_1990_to_thirty_ahead_are_possible"),
    Row("from 1990 on, itself", "facts.py", "found.year < FIRST_YEAR", "found.year <= FIRST_YEAR", f"{LIMITS}years_from_1990_to_thirty_ahead_are_possible"),
    Row("end before start: both", "facts.py", "return (None, REVERSED), (None, REVERSED)", "return first, (None, REVERSED)", f"{BAD}impossible_ends_are_told_and_not_mended"),
    Row("end before start: also where it changes", "reduce.py", "periods = [read_period(*raw, last_year) for raw in zip(starts, finishes, strict=True)]", "periods = [(read_date(one, last_year), read_date(two, last_year)) for one, two in zip(starts, finishes, strict=True)]", f"{LIMITS}a_period_that_is_reversed_in_one_release_is_impossible"),
    Row("local words: unknown", "reduce.py", '_FOLDED[kind].get(folded, "")', "_FOLDED[kind].get(folded, folded)", f"{BAD}local_words_are_unknown_until_the_source_maps_them"),
    Row("local words: listed", "reduce.py", "self.tally.unmapped[kind, raw[:40]] += 1", "pass", f"{BAD}local_words_are_unknown_until_the_source_maps_them"),
    Row("local words: the reason", "reduce.py", "if fact.state == MISSING and any(raws):", "if False:", f"{BAD}local_words_are_unknown_until_the_source_maps_them"),
    Row("local words: mapped whatever their case", "source.py", "found[kind][str(local).strip().casefold()]", "found[kind][str(local).strip()]", f"{BAD}local_words_are_unknown_until_the_source_maps_them"),
    Row("codes whatever their case", "reduce.py", "folded = raw.casefold()", "folded = raw", f"{BAD}codes_are_read_whatever_their_case"),
    Row("draft without adapter: refused", "shapes.py", "if not draft.fits(raw):", "if False:", f"{BAD}a_draft_without_an_adapter_is_refused_with_a_hint"),
    Row("draft without adapter: hint", "shapes.py", '"Upgrade it to 1.0', '"Go away', f"{BAD}a_draft_without_an_adapter_is_refused_with_a_hint"),
    Row("amounts are not guessed", "facts.py", "if not _NUMBER.fullmatch(raw.strip()):\n            return", 'raw = raw.replace(" ", "").replace(",", ".")\n        if not _NUMBER.fullmatch(raw.strip()):\n            return', f"{BAD}amounts_are_not_guessed"),
    Row("amounts: negative", "facts.py", "if amount < 0 else (amount", "if amount < -9 else (amount", f"{BAD}amounts_are_not_guessed"),
    Row("amounts: truth is no number", "facts.py", "if isinstance(raw, bool):", "if False:", f"{BAD}amounts_are_not_guessed"),
    Row("ids by case: one body only through the register", "bodies.py", 'self._body(f"#{id_}"', 'self._body(f"#{id_.casefold()}"', f"{BAD}ids_that_differ_by_case_are_one_body_only_through_the_register"),
    Row("ids by case: through the register", "bodies.py", "source.by_id.get(id_ or", "source.by_name.get(id_ or", f"{BAD}ids_that_differ_by_case_are_one_body_only_through_the_register"),
    Row("lost letters: never joined", "bodies.py", "body = self._body(normal(name), name,", "body = self._body(_loose(name), name,", f"{BAD}names_that_lost_letters_never_join_by_themselves"),
    Row("lost letters: flagged", "bodies.py", 'by name, letters lost" if lost', 'by name" if lost', f"{BAD}names_that_lost_letters_never_join_by_themselves"),
    Row("lost letters: one of them at most is told as a reading", "bodies.py", "if len(close) == 1:", "if len(close) > 1:", f"{BAD}names_that_lost_letters_never_join_by_themselves"),
    Row("a buyer like a person: refused", "bodies.py", "if looks_like_a_person(name):\n            return", "if False:\n            return", f"{HONEST}a_person_in_the_buyer_is_refused_and_not_shown"),
    Row("a buyer like a person: counted", "bodies.py", "self.refused += body.key == WITHHELD", "self.refused += 0", f"{HONEST}a_person_in_the_buyer_is_refused_and_not_shown"),
    Row("the register overrules the word list", "bodies.py", "if known is not None:\n            return self._register(known, id_)", "if known is not None and not looks_like_a_person(name):\n            return self._register(known, id_)", f"{HONEST}the_register_overrules_the_word_list"),
    Row("the register excludes", "bodies.py", "if known.exclude:", "if False:", f"{BAD}the_register_excludes_an_office"),
    Row("excluded: not rated", "bodies.py", "NOT_BODIES = (WITHHELD, NO_BUYER, EXCLUDED)", "NOT_BODIES = (WITHHELD, NO_BUYER)", f"{BAD}the_register_excludes_an_office"),
    Row("no register: flagged", "bodies.py", 'else "by name")', 'else "")', f"{BAD}read_without_register_flags_its_bodies"),
    Row("thirty contracts without a register", "bodies.py", "FEWEST_CONTRACTS = 30", "FEWEST_CONTRACTS = 31", f"{LIMITS}a_body_outside_the_register_needs_thirty_contracts"),
    Row("thirty contracts, not fewer", "bodies.py", "FEWEST_CONTRACTS = 30", "FEWEST_CONTRACTS = 29", f"{LIMITS}a_body_outside_the_register_needs_thirty_contracts"),
)  # fmt: skip

#: What must not change a number, what must, and what must never come out.
FALSIFIED = (
    Row("persons: a procuring entity outside the register", "whitelist.py", "if id_ not in self.registered:", "if False:", f"{HONEST}no_person_ever_comes_out"),
    Row("persons: what a package says of itself", "shapes.py", 'version if _VERSION.fullmatch(version) else "not stated"', 'version or "not stated"', f"{HONEST}no_person_ever_comes_out"),
    Row("persons: an error quotes no value", "stream.py", 'RefusedFileError("has a key twice in one object", "Which', 'RefusedFileError("has a key twice in one object" + repr(text), "Which', f"{HONEST}no_person_ever_comes_out"),
    Row("persons: the hash of a supplier", "whitelist.py", 'self._keyed(("", "", name)) if name else 0)', "name if name else 0)", f"{HONEST}no_person_ever_comes_out"),
    Row("persons: the repair log quotes no value", "facts.py", 'return None, "not a date"\n    if found.year', "return None, raw\n    if found.year", f"{LIMITS}a_name_in_a_field_that_is_read_as_a_date_or_number_is_not_repeated"),
    Row("persons: nor of an amount", "facts.py", 'if not _NUMBER.fullmatch(raw.strip()):\n            return None, "not a number"', "if not _NUMBER.fullmatch(raw.strip()):\n            return None, raw", f"{LIMITS}a_name_in_a_field_that_is_read_as_a_date_or_number_is_not_repeated"),
    Row("persons: a field more on the whitelist", "whitelist.py", "class RawEntity(Form):", "class RawEntity(Form):\n    name: Word = None", f"{LIMITS}the_whitelist_is_that_of_the_specification"),
    Row("persons: dropped ones counted", "reading.py", "self.dropped[DROPPED[name]] += many", "self.dropped[DROPPED[name]] += 1", f"{HONEST}no_person_ever_comes_out"),
    Row("persons: the key is drawn anew", "reading.py", "secrets.token_bytes(32)", 'b"k" * 32', f"{LIMITS}the_key_of_the_hashes_is_drawn_anew"),
    Row("order of files and releases: copies", "reading.py", "best = max(one, other, key=lambda each: (*_names(each.release), each.digest))", "best = one", f"{LIMITS}which_of_two_copies_came_first_decides_nothing"),
    Row("order of files and releases: ties", "reduce.py", "one.order or 0, one.stage, one.release.id, one.digest))", "0, 0))", f"{HONEST}which_of_two_releases_of_one_instant_came_first_decides_nothing"),
    Row("order of releases: by instant, not by text", "reduce.py", "used.sort(key=_ORDER)", "used.sort(key=lambda one: one.release.date)", f"{HONEST}releases_are_ordered_by_instant_and_not_by_text"),
    Row("zones", "dates.py", 'return -seconds if zone[0] == "-" else seconds', "return 0", f"{HONEST}writing_all_times_in_another_zone_changes_nothing"),
    Row("zones: their sign", "dates.py", 'return -seconds if zone[0] == "-" else seconds', "return seconds", f"{HONEST}writing_all_times_in_another_zone_changes_nothing"),
    Row("zones: copies told in two of them", "reading.py", "return read_instant(content) or content", "return content", "test_fictional.py::test_zones_decide_nothing"),
    Row("every file twice", "reading.py", "kept[key] = _one_of(kept[key], one) if key in kept else one\n    found = list(kept.values())\n    if len(found) > 1 and", "kept[compiled, bytes([read])] = one\n    found = list(kept.values())\n    if len(found) > 9 and", f"{HONEST}doubling_every_file_changes_nothing"),
    Row("copies of another version", "reading.py", "*(one.ocid, one.id, one.date, sorted(one.tags), one.buyer[1],", "*(one.ocid, one.id, one.date, sorted(one.tags), one.buyer,", f"{HONEST}copies_upgraded_to_another_version_count_once"),
    Row("copied due dates: found", "copied.py", 'if row["equals_due"] is not None:', "if False:", f"{HONEST}copied_due_dates_turn_a_number_into_a_refusal"),
    Row("copied due dates: refuse", "measures/paid_late.py", 'copied=("due",)', "copied=()", f"{HONEST}copied_due_dates_turn_a_number_into_a_refusal"),
    Row("copied due dates: the state", "reading.py", '"due": [("payments", "state", "why")]', '"due": []', f"{HONEST}copied_due_dates_turn_a_number_into_a_refusal"),
    Row("copied: 95 % and not less", "copied.py", "EQUAL_SHARE = 0.95", "EQUAL_SHARE = 0.9", f"{EDGES}nineteen_of_twenty_and_ten_of_ten_are_copied_and_fewer_are_not"),
    Row("copied: 95 % and not more", "copied.py", "EQUAL_SHARE = 0.95", "EQUAL_SHARE = 0.96", f"{EDGES}nineteen_of_twenty_and_ten_of_ten_are_copied_and_fewer_are_not"),
    Row("copied: from ten pairs", "copied.py", "FEWEST_PAIRS = 10", "FEWEST_PAIRS = 11", f"{EDGES}nineteen_of_twenty_and_ten_of_ten_are_copied_and_fewer_are_not"),
    Row("copied: not from nine", "copied.py", "FEWEST_PAIRS = 10", "FEWEST_PAIRS = 9", f"{EDGES}nineteen_of_twenty_and_ten_of_ten_are_copied_and_fewer_are_not"),
    Row("constant from thirty", "copied.py", "FEWEST_CONSTANT = 30", "FEWEST_CONSTANT = 31", f"{EDGES}thirty_counts_that_are_one_are_filled_by_rule"),
    Row("constant, not from twenty-nine", "copied.py", "FEWEST_CONSTANT = 30", "FEWEST_CONSTANT = 29", f"{EDGES}thirty_counts_that_are_one_are_filled_by_rule"),
    Row("constant status: complete is ordinary", "copied.py", "status not in _ORDINARY", "True", f"{MEASURES}colombia"),
    Row("no bidders: contradictory", "reduce.py", "if bidders.state == KNOWN and bidders.last == 0 and awarded:", "if False:", f"{HONEST}no_bidders_never_lower_the_share"),
    Row("no bidders: filled by rule", "copied.py", "if numbered >= FEWEST_CONSTANT and len(self.bidders) == 1:", "if False:", f"{HONEST}no_bidders_never_lower_the_share"),
    Row("option years are no slips", "measures/late_end.py", 'option = (columns["end_years"] > 0) & (slip > 0) & ~declared', 'option = (columns["end_years"] > 9) & (slip > 0) & ~declared', f"{HONEST}option_years_move_the_options_and_not_the_slips"),
    Row("option years: a day more or less", "dates.py", "return years if abs((then - start).days - gap) <= 1 else 0", "return years if abs((then - start).days - gap) <= 0 else 0", f"{EDGES}moves_by_whole_years_give_or_take_a_day"),
    Row("option years: not two days", "dates.py", "return years if abs((then - start).days - gap) <= 1 else 0", "return years if abs((then - start).days - gap) <= 2 else 0", f"{EDGES}moves_by_whole_years_give_or_take_a_day"),
    Row("a renamed body: two", "bodies.py", "body = self._body(normal(name), name,", 'body = self._body("one", name,', f"{HONEST}a_body_renamed_in_half_its_rows_is_two_unless_registered"),
    Row("a renamed body: one by its alias", "source.py", 'for alias in entry.get("aliases") or ()))', "for alias in ()))", f"{HONEST}a_body_renamed_in_half_its_rows_is_two_unless_registered"),
    Row("reasons add up", "evaluate.py", "reasons = dict(Counter(str(one) for one in rows.reason if one))\n    n = int", "reasons = dict.fromkeys((str(one) for one in rows.reason if one), 1)\n    n = int", f"{HONEST}what_is_usable_and_the_reasons_add_up"),
    Row("reasons add up where refused", "evaluate.py", "if n := int(rows.counted.sum()):", "if n := 0:", f"{HONEST}what_is_usable_and_the_reasons_add_up"),
    Row("what a measure claims to match", "measures/new_suppliers.py", '"awards[].id", ', "", f"{CARDINAL}what_a_measure_claims_to_match_is_made_of_the_fields_it_reads"),
    Row("field counts are Cardinal's", "reduce.py", "[one.bidders for one in said]", "[None for one in said]", f"{CARDINAL}fields_are_counted_as_cardinal_counts_them"),
    Row("first and last version", "facts.py", "first, last = dated[0], dated[-1]", "first, last = dated[-1], dated[-1]", f"{EDGES}a_first_word_that_is_told_twice_is_still_the_first"),
    Row("first and last version, each release its own", "reduce.py", "(first_on, first, bad), (last_on, last, last_bad) = said[0], said[-1]", "(first_on, first, bad), (last_on, last, last_bad) = said[-1], said[-1]", f"{HONEST}the_first_and_last_version_of_a_promise_are_kept"),
    Row("a punctual body keeps its number", "payments.py", '"equals_due": date.at // DAY in days if date is not None and days else None,', '"equals_due": True,', f"{HONEST}a_punctual_body_is_not_taken_for_a_copy"),
)  # fmt: skip

#: What the measures turn on.
THRESHOLDS = (
    Row("a number from ten", "evaluate.py", "FEWEST_PRINTED = 10", "FEWEST_PRINTED = 9", f"{EDGES}a_number_is_printed_from_ten_and_not_from_nine"),
    Row("a number from ten itself", "evaluate.py", "FEWEST_PRINTED = 10", "FEWEST_PRINTED = 11", f"{EDGES}a_number_is_printed_from_ten_and_not_from_nine"),
    Row("compared from thirty", "evaluate.py", "FEWEST_COMPARED = 30", "FEWEST_COMPARED = 31", f"{EDGES}bodies_are_compared_from_thirty_rows_and_half_of_them"),
    Row("compared, not from twenty-nine", "evaluate.py", "FEWEST_COMPARED = 30", "FEWEST_COMPARED = 29", f"{EDGES}bodies_are_compared_from_thirty_rows_and_half_of_them"),
    Row("compared from half the rows", "compare.py", "n >= LEAST_COVERAGE * len(rows)", "True", f"{EDGES}bodies_are_compared_from_thirty_rows_and_half_of_them"),
    Row("half is enough", "evaluate.py", "LEAST_COVERAGE = 0.5", "LEAST_COVERAGE = 0.51", f"{EDGES}bodies_are_compared_from_thirty_rows_and_half_of_them"),
    Row("compared within a method", "measures/_measure.py", 'out = np.array([one or "method not known" for one in method], dtype=object)', 'out = np.array(["" for one in method], dtype=object)', f"{MEASURES}methods_and_values_are_not_thrown_together"),
    Row("compared within a band of value", "measures/_measure.py", "int(np.floor(np.log10(value)))", "0", f"{EDGES}values_are_not_thrown_together"),
    Row("ranks only as intervals", "compare.py", "(0.025, 0.975)", "(0.5, 0.5)", f"{MEASURES}bodies_are_compared_only_where_enough_is_seen"),
    Row("tests together: Holm", "compare.py", "adjusted = holm([one.p for one in raw])", "adjusted = [one.p for one in raw]", f"{EDGES}p_values_are_those_of_holm"),
    Row("weights: the share on nothing", "compare.py", "1 - covered / total", "1 - used / total", f"{MEASURES}weight_on_what_is_seen_in_part_rests_on_nothing_in_part"),
    Row("M1: Wilson", "intervals.py", 'method="wilson")', 'method="exact")', f"{MEASURES}late_ends_and_their_days"),
    Row("M1: due by the cut-off", "measures/late_end.py", "(first != NONE) & (first > facts.cut_off)", "(first != NONE) & (first > facts.cut_off + 10**9)", f"{MEASURES}ends_that_are_still_to_come_are_open"),
    Row("M1: told twice", "measures/late_end.py", "(1 if _silence_counts(facts) and not twice_only else 2)", "1", f"{MEASURES}told_once_says_nothing_unless_every_change_is_told"),
    Row("M1: declared extensions", "reduce.py", "declared = extent.first_on <= end.first_on", "declared = True", f"{MEASURES}an_extension_declared_with_the_first_end_is_an_option_and_no_slip"),
    Row("M2: five years", "measures/late_end.py", "LONGEST = 1826", "LONGEST = 1827", f"{EDGES}slips_are_cut_off_at_five_years"),
    Row("M3: later than due", "measures/paid_late.py", "delay > 0,", "delay > 1,", f"{EDGES}a_day_late_is_late_and_the_very_day_is_not"),
    Row("M3: the very day is in time", "measures/paid_late.py", "delay > 0,", "delay >= 0,", f"{EDGES}a_day_late_is_late_and_the_very_day_is_not"),
    Row("M3: the share printed", "evaluate.py", 'used.more["unpaid"].astype(np.bool_), 0)\n        return', 'used.more["unpaid"].astype(np.bool_), -1)\n        return', f"{EDGES}a_day_late_is_late_and_the_very_day_is_not"),
    Row("M3: thirty and sixty days", "measures/paid_late.py", "DAYS = (30, 60)", "DAYS = (29, 60)", f"{EDGES}thirty_days_are_not_later_than_thirty"),
    Row("M3: sixty days", "measures/paid_late.py", "DAYS = (30, 60)", "DAYS = (30, 59)", f"{EDGES}thirty_days_are_not_later_than_thirty"),
    Row("M3: more than", "intervals.py", "return float(np.mean(shifted > days))", "return float(np.mean(shifted >= days))", f"{EDGES}thirty_days_are_not_later_than_thirty"),
    Row("M3: payments of nothing", "payments.py", "elif money == 0:", "elif False:", f"{MEASURES}no_payment_and_payments_of_nothing_never_mean_unpaid"),
    Row("M3: silence is not unpaid", "payments.py", 'code_of(one.status) == "notMet" and one.met is None', "one.met is None", f"{EDGES}a_milestone_that_says_nothing_is_not_unpaid"),
    Row("M3: local words of milestones", "reduce.py", 'return self._code("milestone", raw) if raw else ""', "return raw", f"{EDGES}a_milestone_may_say_in_local_words_that_it_is_not_met"),
    Row("M3: as first told", "payments.py", "first = old.first if old and old.first else value", "first = value", f"{MEASURES}a_due_date_that_is_moved_counts_as_first_told"),
    Row("M3: after the cut-off", "payments.py", "elif date.order > last_order:", "elif False:", f"{EDGES}payments_after_the_cut_off_and_before_the_signature_are_not_counted"),
    Row("M3: before the signature", "payments.py", "days_between(signed_at, date) < 0:", "False:", f"{EDGES}payments_after_the_cut_off_and_before_the_signature_are_not_counted"),
    Row("M4: at least one", "measures/amended.py", 'columns["amended"] > 0', 'columns["amended"] > 1', f"{EDGES}one_amendment_is_an_amendment"),
    Row("M4: nobody publishes any", "measures/amended.py", 'if facts.record["amendments_published"]:', "if True:", f"{MEASURES}amendments_that_nobody_publishes_cannot_be_counted"),
    Row("M4: amendments of a release", "reduce.py", 'found |= {("release", one.release.id or str(one.order)) for one, _ in said if amends(one)}', "pass", f"{EDGES}a_release_that_is_tagged_as_an_amendment_is_one"),
    Row("M5: a fifth", "measures/growth.py", "MUCH = 0.2", "MUCH = 0.19", f"{EDGES}a_fifth_more_is_not_more_than_a_fifth"),
    Row("M5: a hundredth", "measures/growth.py", "LEAST = 0.01", "LEAST = 0.02", f"{EDGES}a_value_of_a_cent_is_a_value"),
    Row("M5: two values", "measures/growth.py", 'single = (columns["amount_n"] < 2)', 'single = (columns["amount_n"] < 1)', f"{EDGES}a_price_told_once_did_not_grow"),
    Row("M5a: several contracts of one award", "measures/growth.py", 'where(columns["award_contracts"] != 1,', 'where(columns["award_contracts"] != columns["award_contracts"],', f"{EDGES}an_award_with_several_contracts_is_not_compared_with_one"),
    Row("M5a: copied", "measures/growth.py", 'copied=("price",)', "copied=()", f"{MEASURES}prices_copied_from_the_award_say_nothing"),
    Row("M6: one", "measures/single_bid.py", "columns[what] == 1", "columns[what] <= 2", f"{CARDINAL}single_bids_are_those_of_cardinal_and_a_third_state"),
    Row("M6: competitive", "measures/single_bid.py", '_COMPETITIVE = ("open", "selective")', '_COMPETITIVE = ("open",)', f"{CARDINAL}single_bids_are_those_of_cardinal_and_a_third_state"),
    Row("M6: limited and direct", "measures/single_bid.py", '_NOT = ("limited", "direct")', '_NOT = ("limited",)', f"{MEASURES}limited_and_direct_awards_are_not_competitive"),
    Row("M6t: the same as suppliers", "measures/single_bid.py", 'copied=("tenderers", "placeholder")', 'copied=("placeholder",)', f"{MEASURES}single_bids_from_lists_of_tenderers"),
    Row("M6t: a placeholder", "measures/single_bid.py", 'copied=("tenderers", "placeholder")', 'copied=("tenderers",)', f"{MEASURES}single_bids_from_lists_of_tenderers"),
    Row("M6t: a tenderer without a name", "reduce.py", "if last.nameless:", "if False:", f"{MEASURES}a_list_with_a_tenderer_without_a_name_is_no_list"),
    Row("M6d: disqualified of submitted", "bids.py", 'frozenset({"invited", "withdrawn"})', 'frozenset({"invited"})', f"{CARDINAL}disqualified_bids_are_those_of_cardinal_and_its_fence_is_told"),
    Row("M6d: over all processes", "evaluate.py", 'value = float(used.more["count"].sum() / used.more["of"].sum())', "value = float(np.median(used.value))", f"{CARDINAL}disqualified_bids_are_those_of_cardinal_and_its_fence_is_told"),
    Row("M6d: the upper fence", "measures/disqualified.py", "high + 1.5 * (high - low)", "high + 1.4 * (high - low)", f"{CARDINAL}disqualified_bids_are_those_of_cardinal_and_its_fence_is_told"),
    Row("M6d: quartiles", "measures/disqualified.py", 'method="median_unbiased"', 'method="linear"', f"{CARDINAL}disqualified_bids_are_those_of_cardinal_and_its_fence_is_told"),
    Row("M6d: reached", "measures/disqualified.py", "out / bids >= fence", "out / bids >= fence + 1", f"{CARDINAL}disqualified_bids_are_those_of_cardinal_and_its_fence_is_told"),
    Row("M6d: two processes of a body", "measures/disqualified.py", "FEWEST_PROCESSES = 2", "FEWEST_PROCESSES = 1", f"{CARDINAL}the_fence_needs_two_processes_of_a_body_and_four_bodies"),
    Row("M6d: four bodies", "measures/disqualified.py", "FEWEST_BODIES = 4", "FEWEST_BODIES = 3", f"{CARDINAL}the_fence_needs_two_processes_of_a_body_and_four_bodies"),
    Row("M6d: bodies that cannot be told", "measures/disqualified.py", "& ~np.isin(names, NOT_BODIES)", "", f"{CARDINAL}the_fence_needs_two_processes_of_a_body_and_four_bodies"),
    Row("M6d: a status that is not known", "bids.py", "if fact.state != KNOWN:", "if False:", f"{CARDINAL}bids_of_which_the_status_is_not_known_are_a_third_state"),
    Row("M6d: a status that nobody keeps up", "measures/disqualified.py", 'copied=("bid status",)', "copied=()", f"{CARDINAL}a_status_of_bids_that_nobody_keeps_up_says_nothing"),
    Row("M6d: who bid", "whitelist.py", 'self._keyed(("bid", "", id_)) if id_ else 0', "id_", f"{CARDINAL}a_bid_is_told_from_others_by_a_hash"),
    Row("M7: awarded before the tender closed", "reduce.py", "if closed.state == KNOWN and days_between(closed.last, one.last) < 0:", "if False:", f"{MEASURES}time_from_the_tender_to_the_award"),
    Row("M7: 120 days", "measures/decision_time.py", "LONG = 120", "LONG = 121", f"{EDGES}a_hundred_and_twenty_days_are_slow"),
    Row("M7: 120 days, not fewer", "measures/decision_time.py", "LONG = 120", "LONG = 119", f"{EDGES}a_hundred_and_twenty_days_are_slow"),
    Row("M7n: fifteen days", "measures/short_notice.py", "SHORT = 15", "SHORT = 14", f"{CARDINAL}short_notice_is_that_of_cardinal_and_a_third_state"),
    Row("M7n: fifteen whole days", "dates.py", "else (last.at - first.at) // DAY", "else round((last.at - first.at) / DAY)", f"{CARDINAL}short_notice_is_that_of_cardinal_and_a_third_state"),
    Row("M7n: whatever the method", "measures/short_notice.py", 'asked = in_window(facts, columns["closed"])', 'asked = in_window(facts, columns["closed"]) & (columns["method"] == "open")', f"{CARDINAL}short_notice_is_that_of_cardinal_and_a_third_state"),
    Row("M8: thirty days", "measures/published_late.py", "LATE = 30", "LATE = 29", f"{MEASURES}awards_published_late"),
    Row("M8: more than thirty", "measures/published_late.py", 'columns["told_days"] > LATE', 'columns["told_days"] > LATE + 1', f"{MEASURES}awards_published_late"),
    Row("M8: published before it was awarded", "reduce.py", "if date.state == KNOWN and days_between(date.first, value) < 0:", "if False:", f"{EDGES}published_before_it_was_awarded_is_contradictory"),
    Row("M8: a constant offset", "copied.py", "if most >= EQUAL_SHARE * dated:", "if False:", f"{MEASURES}release_dates_made_from_award_dates_say_nothing"),
    Row("M8: the day of an export", "copied.py", "if same >= EQUAL_SHARE * dated and", "if False and", f"{MEASURES}release_dates_of_an_export_say_nothing"),
    Row("M8: compiled only", "reduce.py", "tells = [one for one in used if one.release.awards and not one.compiled and", "tells = [one for one in used if one.release.awards and", f"{EDGES}a_compiled_release_has_no_day_of_publication"),
    Row("M9: unsuccessful apart", "measures/cancelled.py", '_CANCELLED = ("cancelled", "withdrawn")', '_CANCELLED = ("cancelled", "withdrawn", "unsuccessful")', f"{MEASURES}cancelled_and_unsuccessful_are_told_apart"),
    Row("M9: withdrawn", "measures/cancelled.py", '_CANCELLED = ("cancelled", "withdrawn")', '_CANCELLED = ("cancelled",)', f"{EDGES}withdrawn_counts_as_cancelled"),
    Row("M9: a status that nobody keeps up", "measures/cancelled.py", 'copied=("tender status",)', "copied=()", f"{MEASURES}a_status_that_nobody_keeps_up_says_nothing"),
    Row("M9: without awards", "measures/cancelled.py", 'or not rows.more["awarded"].any()', "", f"{MEASURES}without_awards_no_share_of_failures_is_told"),
    Row("M10: 24 months", "measures/new_suppliers.py", "BURN_IN = 730", "BURN_IN = 729", f"{EDGES}two_years_without_an_award_make_a_supplier_new_again"),
    Row("M10: 24 months, not more", "measures/new_suppliers.py", "BURN_IN = 730", "BURN_IN = 731", f"{EDGES}two_years_without_an_award_make_a_supplier_new_again"),
    Row("M10: 48 months", "measures/new_suppliers.py", "SHORTEST = 1_461", "SHORTEST = 1_462", f"{EDGES}new_suppliers_need_four_years_of_awards"),
    Row("M10: 48 months, not fewer", "measures/new_suppliers.py", "SHORTEST = 1_461", "SHORTEST = 1_460", f"{EDGES}new_suppliers_need_four_years_of_awards"),
    Row("M10: ids that change each time", "reading.py", "changing >= 0.95 * several", "False", f"{MEASURES}new_suppliers_after_two_years_of_getting_known"),
    Row("M10: one id for all", "whitelist.py", "keyed = self._keyed(parts) if any(parts) else 0", "keyed = self._keyed(parts[:2]) if any(parts) else 0", f"{MEASURES}new_suppliers_after_two_years_of_getting_known"),
    Row("M11: before the first end", "measures/ended_early.py", "// DAY < first // DAY", "// DAY < first // DAY + 400", f"{MEASURES}contracts_ended_before_their_time"),
    Row("M11: the last day is in time", "measures/ended_early.py", "// DAY < first // DAY", "// DAY <= first // DAY", f"{EDGES}ended_on_the_last_day_or_after_it_is_not_early"),
    Row("M11: the day before is not", "measures/ended_early.py", "// DAY < first // DAY", "// DAY < first // DAY - 1", f"{EDGES}ended_on_the_last_day_or_after_it_is_not_early"),
    Row("M11: the first promise, not the last", "reduce.py", "return dict(zip(_DATED[name], values, strict=True))", "return dict(zip(_DATED[name], (last, *values[1:]), strict=True))", f"{EDGES}ended_on_the_last_day_or_after_it_is_not_early"),
    Row("M11: still to come", "measures/ended_early.py", "where(~ended & (first > facts.cut_off)", "where(~ended & (first > facts.cut_off + 10**9)", f"{EDGES}contracts_that_still_run_are_open_and_not_kept"),
    Row("M11: a status that nobody keeps up", "measures/ended_early.py", 'copied=("contract status",)', "copied=()", f"{MEASURES}a_status_that_nobody_keeps_up_says_nothing"),
    Row("M12: kept by the day", "evidence.py", "self.evidence <= self.due", "self.evidence < self.due", f"{TWO}a_promise_kept_on_the_very_day_is_kept"),
    Row("M12: no evidence is not broken", "evidence.py", 'return "not due" if self.due > cut_off else "no evidence"', 'return "not due" if self.due > cut_off else "broken"', f"{TWO}promises_kept_late_broken_and_without_evidence"),
    Row("M12: a column about persons", "evidence.py", "if key not in columns:", "if False:", f"{TWO}a_file_of_promises_tells_its_mistakes"),
    Row("M12: a person", "evidence.py", "if looks_like_a_person(name):", "if False:", f"{TWO}a_file_of_promises_tells_its_mistakes"),
    Row("M13: weighted", "evaluate.py", "value = float(np.average(used.value, weights=weights))", "value = float(np.average(used.value))", f"{TWO}notices_are_the_bodys_own_word"),
    Row("M13: self-reported", "evaluate.py", 'note="self-reported"', 'note=""', f"{TWO}notices_are_the_bodys_own_word"),
    Row("M13: a share is a share", "evidence.py", "not 0 <= value <= most", "not 0 <= value", f"{TWO}a_share_is_a_share"),
)  # fmt: skip

#: Limits of what is read, and how it is handed over.
HANDED = (
    Row("formulas in CSV", "present.py", "cell.startswith(_FORMULA)", "False", f"{BAD}control_characters_and_formulas_do_not_get_out"),
    Row("formulas in CSV: each sign", "present.py", '_FORMULA = ("=", "+", "-", "@", "\\t", "\\r")', '_FORMULA = ("=",)', f"{LIMITS}every_sign_that_starts_a_formula_is_marked"),
    Row("formulas in CSV: numbers stay", "present.py", "and not _is_number(cell)", "", f"{LIMITS}every_sign_that_starts_a_formula_is_marked"),
    Row("control characters", "whitelist.py", '"".join(c if c.isprintable() else " " for c in raw[:_LONGEST])', "raw[:_LONGEST]", f"{BAD}control_characters_and_formulas_do_not_get_out"),
    Row("nesting of 64", "scan.py", "MOST_DEEP = 64", "MOST_DEEP = 63", f"{LIMITS}the_deepest_and_longest_that_is_read"),
    Row("nesting of 64, not more", "scan.py", "MOST_DEEP = 64", "MOST_DEEP = 65", f"{LIMITS}the_deepest_and_longest_that_is_read"),
    Row("strings of 1 MiB", "scan.py", "MOST_STRING = 2**20", "MOST_STRING = 2**20 - 1", f"{LIMITS}the_deepest_and_longest_that_is_read"),
    Row("strings of 1 MiB, not more", "scan.py", "MOST_STRING = 2**20", "MOST_STRING = 2**20 + 1", f"{LIMITS}the_deepest_and_longest_that_is_read"),
    Row("a million items of any array", "whitelist.py", "if items is not None and len(items) > MOST_ITEMS:", "if False:", f"{LIMITS}a_million_items_of_any_array_are_enough"),
    Row("a million items", "stream.py", "if self._items > MOST_ITEMS:", "if False:", f"{LIMITS}a_file_and_what_is_in_it_have_an_end"),
    Row("two gigabytes", "stream.py", "if self._total > MOST_BYTES:", "if False:", f"{LIMITS}a_file_and_what_is_in_it_have_an_end"),
    Row("one object of 64 MiB", "stream.py", "if len(self._left) > MOST_ITEM_BYTES:", "if False:", f"{LIMITS}a_file_and_what_is_in_it_have_an_end"),
    Row("numbers that are finite", "stream.py", "catch_duplicate_keys=True, allow_inf_nan=False", "catch_duplicate_keys=True, allow_inf_nan=True", _FILES),
    Row("byte order mark", "stream.py", "return block[3:]", "return block", f"{BAD}every_shape_gives_the_same_facts"),
    Row("unknown keys counted", "reading.py", "self.unknown += counts[-1]", "pass", f"{LIMITS}fields_that_are_not_read_are_counted"),
    Row("a source says who published", "source.py", 'if not str(data.get(key) or "").strip():', "if False:", f"{LIMITS}a_source_must_say_each_of_its_keys"),
    Row("compiled beside its releases", "reduce.py", "if own:\n            self.tally", "if False:\n            self.tally", f"{BAD}a_compiled_release_is_set_aside_where_its_releases_are_here"),
    Row("dates without time: the end of the day", "dates.py", "return self.at + DAY - 1 if self.whole_day else self.at", "return self.at", f"{BAD}dates_without_time_are_the_end_of_their_day"),
    Row("without a date: no last word", "reduce.py", "used.sort(key=lambda one: (one.order is not None,", "used.sort(key=lambda one: (one.order is None,", f"{BAD}a_release_without_a_date_never_has_the_last_word"),
    Row("without a date: told", "reduce.py", "self.tally.undated += 1", "pass", f"{BAD}a_release_without_a_date_is_not_ordered"),
    Row("lists of lists", "shapes.py", "if isinstance(raw, list):\n        for one in raw:", "if isinstance(raw, list):\n        for one in []:", f"{WILD}it_is_read"),
    Row("a row of a database", "shapes.py", "_is_release(raw) and not _wraps(raw):", "_is_release(raw):", f"{WILD}it_is_read"),
    Row("values that are no objects", "stream.py", "self._items += len(rest)\n        return rest", "self._items += len(rest)\n        return []", f"{WILD}it_is_read"),
    Row("half a letter", "stream.py", 'if "surrogate" in message or "hex escape" in message:', "if False:", f"{WILD}it_is_read"),
    Row("a number of thousands of digits", "stream.py", 'if "number out of range" in message:', "if False:", f"{WILD}it_is_refused_in_words"),
    Row("no buyer: why", "bodies.py", "return _WHY_NOT[self.key]", 'return "not a body"', f"{WILD}a_buyer_that_stands_elsewhere_is_no_buyer_and_that_is_told"),
    Row("persons however they are written", "bodies.py", "_SIGNS.sub(\" \", name).split()", "name.split()", f"{WILD}a_person_in_the_buyer_does_not_come_out_however_it_is_written"),
    Row("rows that waited on disk", "tables.py", "for number in range(parquet.num_row_groups):", "for number in range(1):", f"{HONEST}rows_that_waited_on_disk_are_those_of_memory"),
    Row("two thousand resamples", "intervals.py", "RESAMPLES = 2_000", "RESAMPLES = 1_000", "test_oracles.py::test_resamples_are_two_thousand_and_spread_as_they_should"),
    Row("resamples by cluster", "intervals.py", "reshape(len(lines), many)[:, clusters]", "reshape(len(lines), many)[:, np.arange(len(clusters)) % many]", "test_oracles.py::test_resamples_are_two_thousand_and_spread_as_they_should"),
    Row("a folder that holds anything", "reading.py", "(not out.is_dir() or any(out.iterdir()))", "not out.is_dir()", f"{BAD}a_folder_that_holds_anything_is_left_alone"),
    Row("nothing of the first pass stays", "reading.py", 'tempfile.TemporaryDirectory(prefix=".reading-", dir=out) as work', "contextlib.nullcontext(tempfile.mkdtemp(dir=out)) as work", f"{HONEST}nothing_of_the_first_pass_stays"),
    Row("coverage before numbers", "page.html.jinja", '<h2 id="coverage">2.', '<h2 id="sensitivity">2.', f"{HONEST}excerpts_add_up_and_coverage_comes_before_numbers"),
    Row("each number leads to its processes", "page.html.jinja", '<a href="#{{ row.anchor }}">', '<a href="#nowhere">', f"{TWO}the_page_leads_from_each_number_to_its_processes"),
    Row("the standing sentence", "__init__.py", "A high value is a question to the body", "A high value is what it is", f"{HONEST}excerpts_add_up_and_coverage_comes_before_numbers"),
)  # fmt: skip

#: Plain processes by columns: what ``Reducer`` makes of each.
COLUMNS = (
    Row("columns: they are used", "columns.py", "if plain is None:", "if True:", f"{BY_COLUMNS}honest_data_are_settled_by_columns"),
    Row("columns: order of releases", "columns.py", "order = np.lexsort((when, self._of))", "order = np.arange(len(when))", _EACH),
    Row("columns: equal instants", "columns.py", "self._refuse(self._of[1:], again)", "pass", _EACH),
    Row("columns: releases without a date, compiled ones", "columns.py", "self._refuse(self._of, (when == _NEVER)", "np.array((when == _NEVER)", _EACH),
    Row("columns: several awards or contracts", "columns.py", "self._refuse(self._of, many > 1)", "pass", _EACH),
    Row("columns: another award", "columns.py", "self._refuse(of[1:], _changes(of, said.id))", "pass", _EACH),
    Row("columns: another contract", "columns.py", "self._refuse(of[1:], _changes(of, keys))", "pass", _EACH),
    Row("columns: several currencies", "columns.py", "several.add(process)", "pass", _EACH),
    Row("columns: words that are not mapped", "columns.py", 'if "" in codes[:-1]:', "if False:", _EACH),
    Row("columns: days that cannot be", "columns.py", "self._refuse(of, kind[:-1] == _BAD)", "pass", _EACH),
    Row("columns: amounts that cannot be", "columns.py", "self._refuse(of, found[:-1] < 0)", "pass", _EACH),
    Row("columns: first and last", "columns.py", "first[group[::-1]], last[group] = rows[::-1], rows", "first[group], last[group] = rows, rows", _EACH),
    Row("columns: ends before their start", "columns.py", "(days_apart(first, last) < 0))[:-1]", "(days_apart(first, last) < -(10**9)))[:-1]", _EACH),
    Row("columns: declared extensions", "columns.py", "declared &= (slip > 0) &", "declared &=", _EACH),
    Row("columns: repairs", "columns.py", "reducer.repair(file, ocid, path, CONTRADICTORY, why)", "pass", _EACH),
    Row("columns: days to the nearer end", "columns.py", "-((time - day) // DAY)", "(day - time) // DAY", f"{BY_COLUMNS}days_apart_are_those_between"),
    Row("columns: the last batch", "reading.py", "many_at_once.flush()", "pass", f"{BY_COLUMNS}made_up_sets_come_out_byte_for_byte"),
    Row("more bidders than can be", "facts.py", "if amount > MOST_COUNTED:", "if False:", f"{BY_COLUMNS}more_bidders_than_can_be_are_impossible"),
    Row("a truth is not 1", "whitelist.py", "isinstance(raw, dict | list | bool) else raw", "isinstance(raw, dict | list) else raw", f"{BY_COLUMNS}a_truth_is_not_taken_for_the_count_before_it"),
)  # fmt: skip

ROWS = (*INPUT, *FALSIFIED, *THRESHOLDS, *HANDED, *COLUMNS)


def main() -> int:
    """Print every row and what became of its fault; 1 where a test did not notice."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--row", default="", help="only rows with this word")
    asked.add_argument("--file", default="", help="only faults in that file of the mirror")
    told = asked.parse_args()
    rows = [one for one in ROWS if told.row in one.promise and told.file in one.file]
    living = 0
    with copy_of_source() as copy:
        pass_unchanged([one.mutant for one in rows], copy)
        for row in rows:
            found = outcome_under(row.mutant, copy)
            living += found != FAILED
            what = "killed" if found == FAILED else "LIVES " if found == 0 else f"BREAKS {found}"
            print(f"{what}  {row.promise}: {row.test.partition('::')[2]}", flush=True)
    print(f"{len(rows) - living} of {len(rows)} faults were seen by their test")
    return int(living > 0)


if __name__ == "__main__":
    raise SystemExit(main())
