"""Every kind of mistake, put one at a time into a good rule book: its place, its words, its suggestion."""

from __future__ import annotations

import pytest

from counterscore.errors import InputError, Problem
from tests.regime.example import EXAMPLE, regime_of, with_

Replacements = tuple[tuple[str, str], ...]
Finding = tuple[str, str, str, str]  # "line:column", the text the caret is under, message, start of the suggestion

MISTAKES: tuple[tuple[str, Replacements, tuple[Finding, ...]], ...] = (
    (
        "replaces no list",
        (("    term: 24 months\n", "    term: 24 months\n    replaces: [untrusted]\n"),),
        (
            (
                "64:16",
                "untrusted",
                'no list is called "untrusted"',
                "Did you mean untrustworthy (defined at 60:3)?",
            ),
        ),
    ),
    (
        "replaces itself",
        (("    term: 24 months\n", "    term: 24 months\n    replaces: [untrustworthy]\n"),),
        (
            (
                "64:16",
                "untrustworthy",
                "a list cannot take its own place",
                "Name another list, or remove replaces.",
            ),
        ),
    ),
    (
        "replaces each other",
        (
            ("    term: 24 months\n", "    term: 24 months\n    replaces: [worst]\n"),
            (
                "doors:\n",
                "  worst: {label: Worst, enter: grade D, term: 1 year, leave: [expired], replaces: [untrustworthy], "
                "source: guess, mark: assumed}\ndoors:\n",
            ),
        ),
        (
            (
                "64:16",
                "worst",
                "untrustworthy and worst each take the other's place, so nobody knows who stays where",
                "Remove replaces from one of them; the other is at 70:3.",
            ),
            (
                "70:84",
                "untrustworthy",
                "worst and untrustworthy each take the other's place, so nobody knows who stays where",
                "Remove replaces from one of them; the other is at 60:3.",
            ),
        ),
    ),
    (
        "replaces a list with grace",
        (
            (
                "doors:\n",
                "  worst: {label: Worst, enter: grade D, term: 1 year, leave: [expired], replaces: [untrustworthy], "
                "source: guess, mark: assumed}\ndoors:\n",
            ),
            ("    term: 24 months\n", "    term: 24 months\n    grace: 2 months\n"),
        ),
        (
            (
                "70:84",
                "untrustworthy",
                "untrustworthy has a period of grace, which goes on whatever else is entered",
                "Remove grace from untrustworthy, or untrustworthy from replaces.",
            ),
        ),
    ),
    (
        "a grade with a time of its own",
        (("    times: 0.5\n", "    times: 0.5\n    lasts: 3 years\n"),),
        (
            (
                "80:5",
                "lasts",
                "a time of its own begins with the entry on a list, and this door waits for a grade",
                "Write when: list list-id, or remove lasts.",
            ),
        ),
    ),
    (
        "no time of its own",
        (("    when: list untrustworthy\n", "    when: list untrustworthy\n    lasts: 0 days\n"),),
        (("74:12", "0 days", "a door of no time has no effect", "Write: 3 years."),),
    ),
    (
        "unknown key",
        (("    points: -5\n", "    point: -5\n"),),
        (("19:5", "point", '"point" is not a field of a row of the catalogue', "Did you mean points?"),),
    ),
    (
        "unknown key at top",
        (("place: Ex", "palce: Ex"),),
        (("4:1", "palce", '"palce" is not a field of a rule book', "Did you mean place?"),),
    ),
    (
        "no such level",
        (("status: piloted\n", "status: piloted\nlevel: natonal\n"),),
        (
            (
                "6:8",
                "natonal",
                'level cannot be "natonal"',
                "Did you mean national?  Allowed: national, provincial, city; or leave the line out.",
            ),
        ),
    ),
    (
        "private is no level",
        (("status: piloted\n", "status: piloted\nlevel: {value: private, source: notice-7}\n"),),
        (("6:16", "private", "level cannot be private", "Write owner: private, and take the level out."),),
    ),
    (
        "private with a level",
        (("status: piloted\n", "status: piloted\nowner: private\nlevel: city\n"),),
        (
            (
                "7:1",
                "level",
                "a private rule book is nobody's law and has no level",
                "Take the line out; reforms know it as private.",
            ),
        ),
    ),
    (
        "missing key",
        (("    label: Late bill\n", ""),),
        (("25:5", "id", 'a row of the catalogue needs "label"', "Add label: …"),),
    ),
    (
        "key twice",
        (("    severity: minor\n", "    severity: minor\n    severity: serious\n"),),
        (("21:5", "severity", '"severity" is given twice (first at 20:5)', "Keep one."),),
    ),
    (
        "no value",
        (("    severity: minor\n", "    severity:\n"),),
        (("20:5", "severity", '"severity" has no value', "Write a value, or unknown, or remove the line."),),
    ),
    (
        "id twice",
        (("- id: late-bill", "- id: traffic-ticket"),),
        (
            (
                "25:9",
                "traffic-ticket",
                'id "traffic-ticket" is used twice (first at 15:9)',
                "Rename one; lists and doors refer to ids.",
            ),
        ),
    ),
    (
        "door id twice",
        (("- id: green-counter", "- id: no-flights"),),
        (
            (
                "76:9",
                "no-flights",
                'id "no-flights" is used twice (first at 70:9)',
                "Rename one; lists and doors refer to ids.",
            ),
        ),
    ),
    (
        "id not lower",
        (("- id: late-bill", "- id: Late Bill"),),
        (("25:9", "Late Bill", 'the id "Late Bill" is not lower case with dashes', "Write late-bill."),),
    ),
    (
        "list id not lower",
        (("- id: help", "- id: Helping_Hand"),),
        (("33:9", "Helping_Hand", 'the id "Helping_Hand" is not lower case with dashes', "Write helping-hand."),),
    ),
    (
        "not a number",
        (("points: -5\n", "points: minus 20\n"),),
        (("19:13", "minus 20", 'points must be a whole number, found "minus 20"', "Write -20."),),
    ),
    (
        "letter O",
        (("points: -5\n", "points: -1O\n"),),
        (("19:13", "-1O", 'points must be a whole number, found "-1O" (letter O)', "Write -10."),),
    ),
    (
        "fraction",
        (("points: -5\n", "points: -2.5\n"),),
        (("19:13", "-2.5", "points must be a whole number, found -2.5", "Write -2."),),
    ),
    (
        "too large",
        (("points: -5\n", "points: -5000000\n"),),
        (("19:13", "-5000000", "points is too large (-5000000)", "The model holds numbers up to 1,000,000."),),
    ),
    (
        "digits",
        (("points: -5\n", "points: -5555555555555555555555555555555555555555\n"),),
        (
            (
                "19:13",
                "-5555555555555555555555555555555555555555",
                "41 digits are too many for a number",
                "The model holds numbers up to 1,000,000.",
            ),
        ),
    ),
    (
        "no unit",
        (("validity: 24 months", "validity: 24"),),
        (("21:15", "24", "a length of time needs a unit, found 24", 'Write "24 days", "24 months" or "24 years".'),),
    ),
    (
        "unit misspelt",
        (("validity: 24 months", "validity: 24 mnths"),),
        (("21:15", "24 mnths", 'not a length of time: "24 mnths"', 'Write "24 months".'),),
    ),
    (
        "weeks",
        (("within: 5 days", "within: 2 weeks"),),
        (("86:33", "2 weeks", 'not a length of time: "2 weeks"', 'Write "14 days".'),),
    ),
    (
        "unquoted no",
        (("given: true", "given: no"),),
        (
            (
                "86:19",
                "no",
                'unquoted "no" means false to YAML 1.1 readers and is a word to others',
                'Write "no" in quotes for the word, or false for the truth value.',
            ),
        ),
    ),
    (
        "unquoted yes key",
        (("conditions: [conduct corrected]", "conditions: [yes]"),),
        (
            (
                "91:18",
                "yes",
                'unquoted "yes" means true to YAML 1.1 readers and is a word to others',
                'Write "yes" in quotes for the word, or true for the truth value.',
            ),
        ),
    ),
    (
        "quoted no",
        (("given: true", 'given: "no"'),),
        (("86:19", '"no"', 'given must be true or false, found "no"', "Write true or false, without quotes."),),
    ),
    (
        "unknown act",
        (("[traffic-violation]", "[trafic-violation]"),),
        (
            (
                "17:11",
                "trafic-violation",
                'no act is called "trafic-violation"',
                "Did you mean traffic-violation?  All acts: counterscore list acts",
            ),
        ),
    ),
    (
        "unknown service",
        (("service: flight", "service: fligt"),),
        (
            (
                "71:14",
                "fligt",
                'no service is called "fligt"',
                "Did you mean flight?  All services: counterscore list services",
            ),
        ),
    ),
    (
        "unknown context",
        (("contexts: [traffic]", "contexts: [trafic]"),),
        (
            (
                "12:38",
                "trafic",
                'no context is called "trafic"',
                "Did you mean traffic?  Contexts: finance, contract, court_judgment, utilities, traffic, av",
            ),
        ),
    ),
    (
        "unknown occupation",
        (("occupation: teacher", "occupation: teachers"),),
        (
            (
                "84:18",
                "teachers",
                'no occupation is called "teachers"',
                "Did you mean teacher?  Occupations: teacher, accountant, journalist, doctor, veterinarian,",
            ),
        ),
    ),
    (
        "unknown authority",
        (("authority: police", "authority: polic"),),
        (("18:16", "polic", 'no authority is called "polic"', "Did you mean police (defined at 12:3)?"),),
    ),
    (
        "unknown source",
        (
            (
                "    severity: minor\n    validity: 24 months\n    cap: {grade: C, lasts: 12 months}\n    source: notice-7",
                "    severity: minor\n    validity: 24 months\n    cap: {grade: C, lasts: 12 months}\n    source: notice-8",
            ),
        ),
        (("23:13", "notice-8", 'no source is called "notice-8"', "Did you mean notice-7 (defined at 8:3)?"),),
    ),
    (
        "unknown mark",
        (("mark: recalled", "mark: remembered"),),
        (("58:9", "remembered", 'no mark is called "remembered"', "Marks: verified, derived, recalled, assumed."),),
    ),
    (
        "unknown row in list",
        (("records(traffic-ticket", "records(trafic-ticket"),),
        (
            (
                "62:35",
                "trafic-ticket",
                'no row of the catalogue is called "trafic-ticket"',
                "Did you mean traffic-ticket (defined at 15:9)?",
            ),
        ),
    ),
    (
        "unknown row in extend",
        (("on: [traffic-ticket]", "on: [ticket]"),),
        (
            (
                "64:19",
                "ticket",
                'no row of the catalogue is called "ticket"',
                "Did you mean traffic-ticket (defined at 15:9)?",
            ),
        ),
    ),
    (
        "unknown grade in list",
        (("or grade D\n", "or grade E\n"),),
        (("62:76", "E", 'no grade is called "E"', "Defined: A, B, C, D."),),
    ),
    (
        "unknown grade in door",
        (("when: grade A or", "when: grade AA or"),),
        (("80:17", "AA", 'no grade is called "AA"', "Did you mean A (defined at 53:12)?"),),
    ),
    (
        "unknown grade in cap",
        (("grade: C", "grade: X"),),
        (("22:18", "X", 'no grade is called "X"', "Defined: A, B, C, D."),),
    ),
    (
        "unknown list in door",
        (("when: list untrustworthy", "when: list untrustworty"),),
        (
            (
                "73:16",
                "untrustworty",
                'no list is called "untrustworty"',
                "Did you mean untrustworthy (defined at 60:3)?",
            ),
        ),
    ),
    (
        "unknown list in row",
        (("on_list: untrustworthy", "on_list: untrusworthy"),),
        (
            (
                "42:14",
                "untrusworthy",
                'no list is called "untrusworthy"',
                "Did you mean untrustworthy (defined at 60:3)?",
            ),
        ),
    ),
    (
        "unknown record in door",
        (("when: list untrustworthy", "when: record ticket"),),
        (
            (
                "73:18",
                "ticket",
                'no row of the catalogue is called "ticket"',
                "Did you mean traffic-ticket (defined at 15:9)?",
            ),
        ),
    ),
    (
        "bad ground",
        (("or grade D\n", "or grad D\n"),),
        (
            (
                "62:70",
                "grad D",
                'not a ground for entry: "grad D"',
                "Write score < 600, grade D, record(row-id), records(row-id, 5 in 12 months) or stay(list-i",
            ),
        ),
    ),
    (
        "bad ground le",
        (("score < 600", "score <= 600"),),
        (("62:12", "score <= 600", 'not a ground for entry: "score <= 600"', "Write score < 601."),),
    ),
    (
        "bad trigger",
        (("when: list untrustworthy", "when: listed untrustworthy"),),
        (
            (
                "73:11",
                "listed untrustworthy",
                'not a trigger for a door: "listed untrustworthy"',
                'Write "grade C or worse", "grade A or better", "list list-id" or "record row-id".',
            ),
        ),
    ),
    (
        "bad effect",
        (("effect: closed", "effect: close"),),
        (
            (
                "72:13",
                "close",
                'effect cannot be "close"',
                "Did you mean closed?  Allowed: closed, narrowed, slowed, priced, opened.",
            ),
        ),
    ),
    (
        "unreachable below",
        (("  floor: 0\n", "  floor: 600\n"), ("from: 0, to: 599", "from: 0, to: 599")),
        (
            (
                "56:28",
                "599",
                "grade D ends at 599, below the floor (600) at 49:10; it can never be reached",
                "Lower the floor, or remove the grade.",
            ),
            (
                "62:20",
                "600",
                "the score is never below 600: its floor is 600",
                "Raise the border, or remove this ground.",
            ),
        ),
    ),
    (
        "unreachable above",
        (("ceiling: 1300", "ceiling: 969"),),
        (
            (
                "48:10",
                "1000",
                "start (1000) is outside the score, which goes from 0 to 969",
                "Choose a start between them.",
            ),
            (
                "53:21",
                "970",
                "grade A starts at 970, above the ceiling (969) at 50:12; it can never be reached",
                "Raise the ceiling, or remove the grade.",
            ),
        ),
    ),
    (
        "overlap",
        (("to: 969", "to: 975"),),
        (("54:30", "975", "grade B up to 975 overlaps grade A from 970 (at 53:21)", "Write 969."),),
    ),
    (
        "gap",
        (("to: 849", "to: 839"),),
        (
            (
                "55:30",
                "839",
                "no grade holds scores from 840 to 849: grade C ends here, grade B starts at 850 (at 54:21)",
                "Write 849.",
            ),
        ),
    ),
    (
        "overlap by one",
        (("to: 969", "to: 970"),),
        (("54:30", "970", "grade B up to 970 overlaps grade A from 970 (at 53:21)", "Write 969."),),
    ),
    (
        "gap of one",
        (("to: 849", "to: 848"),),
        (
            (
                "55:30",
                "848",
                "no grade holds a score of 849: grade C ends here, grade B starts at 850 (at 54:21)",
                "Write 849.",
            ),
        ),
    ),
    (
        "gap bottom",
        (("from: 0, to: 599", "from: 10, to: 599"),),
        (("56:21", "10", "no grade holds scores from 0 to 9: the floor is 0 (at 49:10)", "Write 0."),),
    ),
    (
        "gap top",
        (("from: 970, to: 1300", "from: 970, to: 1200"),),
        (("53:30", "1200", "no grade holds scores from 1201 to 1300: the ceiling is 1300 (at 50:12)", "Write 1300."),),
    ),
    (
        "grades order",
        (
            (
                "    - {id: A, from: 970, to: 1300}\n    - {id: B, from: 850, to: 969}\n",
                "    - {id: B, from: 850, to: 969}\n    - {id: A, from: 970, to: 1300}\n",
            ),
        ),
        (("54:12", "A", "grade A is better than B above it", "List the best grade first."),),
    ),
    (
        "grade twice",
        (("id: B, from", "id: A, from"),),
        (("54:12", "A", 'grade "A" is used twice (first at 53:12)', "Keep one of them."),),
    ),
    (
        "grade upside down",
        (("from: 850, to: 969", "from: 969, to: 850"),),
        (("54:21", "969", "grade B goes from 969 down to 850", "Write the lower border as from."),),
    ),
    (
        "floor above ceiling",
        (("  floor: 0\n", "  floor: 2000\n"),),
        (("49:10", "2000", "floor (2000) is not below the ceiling (1300) at 50:12", "Exchange them, or correct one."),),
    ),
    (
        "start outside",
        (("start: 1000", "start: 1400"),),
        (
            (
                "48:10",
                "1400",
                "start (1400) is outside the score, which goes from 0 to 1300",
                "Choose a start between them.",
            ),
        ),
    ),
    (
        "score never",
        (("score < 600", "score < 0"),),
        (("62:20", "0", "the score is never below 0: its floor is 0", "Raise the border, or remove this ground."),),
    ),
    (
        "no expired",
        (("leave: [expired, repaired, corrected]", "leave: [repaired, corrected]"),),
        (
            (
                "65:12",
                "[repaired, corrected]",
                'the term is 24 months (at 63:11), but "expired" is not an exit, so nobody leaves when it is over',
                "Add expired, or write term: never ends.",
            ),
        ),
    ),
    (
        "never and others",
        (("leave: [expired, repaired, corrected]", "leave: [never, expired]"),),
        (
            (
                "65:12",
                "[never, expired]",
                '"never" cannot stand beside other exits',
                "Write leave: [never] if nobody can leave, or name the exits, such as [expired, corrected].",
            ),
        ),
    ),
    (
        "never with term",
        (("leave: [expired, repaired, corrected]", "leave: [never]"),),
        (
            (
                "65:12",
                "[never]",
                'nobody leaves, but the term is "24 months" (at 63:11)',
                "Write term: never ends, or name the exits.",
            ),
        ),
    ),
    (
        "never as word",
        (("leave: [expired, repaired, corrected]", "leave: never"),),
        (("65:12", "never", 'leave must be a list, found "never"', "Write [never]."),),
    ),
    (
        "performed not exit",
        (
            (
                "    term: 24 months\n    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}\n",
                "    term: until performed\n",
            ),
        ),
        (
            (
                "64:12",
                "[expired, repaired, corrected]",
                'the term is "until performed" (at 63:11), but "performed" is not an exit',
                "Add performed, or write another term.",
            ),
        ),
    ),
    (
        "holds without score",
        (
            (
                "enter: score < 600 or records(traffic-ticket, 5 in 12 months) or grade D\n    term: 24 months\n    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}",
                "enter: record(traffic-ticket)\n    term: while the ground holds",
            ),
        ),
        (
            (
                "63:11",
                "while the ground holds",
                "no score or grade is among the grounds, so none can hold or stop to hold",
                "Write a term such as 24 months.",
            ),
        ),
    ),
    (
        "extension",
        (("    term: 24 months\n", "    term: 60 months\n"),),
        (
            (
                "64:60",
                "60 months",
                "at most 60 months in all leaves no room beyond the term of 60 months (at 63:11)",
                "Write a longer at_most, or remove extend.",
            ),
        ),
    ),
    (
        "no source",
        (("  source: notice-7\n  mark: recalled\n", "  mark: recalled\n"),),
        (
            (
                "48:10",
                "1000",
                "1000 and 11 more of this item have no source",
                "Add source: (an id of sources) and mark: to it or its item; else nobody can check it.",
            ),
        ),
    ),
    (
        "no source in enter",
        (
            (
                "    publicity: {fields: [name, case], reach: city, lasts: 24 months}\n    source: notice-7\n    mark: verified\n",
                "",
            ),
        ),
        (
            (
                "62:20",
                "600",
                "600 and 5 more of this item have no source",
                "Add source: (an id of sources) and mark: to it or its item; else nobody can check it.",
            ),
            ("60:3", "untrustworthy", "this list has no source", "Add source: and mark: to it."),
        ),
    ),
    (
        "no mark",
        (("times: 1.5, source: guess, mark: assumed", "times: 1.5, source: guess"),),
        (("84:34", "1.5", "1.5 has no mark", "Add mark: verified, derived, recalled, assumed."),),
    ),
    (
        "verified assumption",
        (("source: guess, mark: assumed}\nrights", "source: guess, mark: verified}\nrights"),),
        (
            (
                "84:34",
                "1.5",
                '1.5 cannot be verified in "guess", which is an assumption',
                "Write mark: assumed, or name the source it was read in.",
            ),
        ),
    ),
    (
        "door without number",
        (("    times: 0.5\n", ""),),
        (
            (
                "78:13",
                "opened",
                "an opened door needs times: how many times as long or dear",
                "Add times: 0.5, or times: unknown.",
            ),
        ),
    ),
    (
        "closed with number",
        (("effect: closed", "effect: closed\n    share: 0.5"),),
        (("73:5", "share", "share says nothing about a closed door", "Remove share."),),
    ),
    (
        "share too large",
        (("effect: closed", "effect: narrowed\n    share: 30"),),
        (("73:12", "30", "share must be above 0 and at most 1, found 30", "Write 0.3."),),
    ),
    (
        "times zero",
        (("times: 0.5", "times: 0"),),
        (("79:12", "0", "times must be above 0, found 0", "Write 2 for twice, 0.5 for half."),),
    ),
    (
        "opened slower",
        (("times: 0.5", "times: 2"),),
        (("79:12", "2", "times 2 means later, but the door is opened", "Write effect: slowed."),),
    ),
    (
        "act twice",
        (("[utility-arrears]", "[utility-arrears, traffic-violation]"),),
        (
            (
                "27:28",
                "traffic-violation",
                '"traffic-violation" is in two rows (first at 17:11), so a record of it counts twice',
                "Keep it in one row.",
            ),
            (
                "28:16",
                "centre",
                '"centre" records "traffic-violation", outside its contexts (at 13:3)',
                "Add traffic to its contexts, or name another authority.",
            ),
        ),
    ),
    (
        "curve no unit",
        (("act: [volunteering]", "act: [brave-act]"),),
        (
            (
                "37:5",
                "curve",
                'a curve needs an amount, and "brave-act" has none',
                "Write points: instead.  Acts with an amount: volunteering, village-labour, donation.",
            ),
        ),
    ),
    (
        "curve order",
        (
            (
                "{up_to: 20, points: 1, per: 1}, {points: 1, per: 4}",
                "{points: 1, per: 4}, {up_to: 20, points: 1, per: 1}",
            ),
        ),
        (
            (
                "37:13",
                "{points: 1, per: 4}",
                "only the last step of a curve may have no end",
                "Add up_to: to this step.",
            ),
        ),
    ),
    (
        "points and discretion",
        (("    per: cycle\n", "    points: -3\n    per: cycle\n"),),
        (("29:5", "discretion", "a row has points or discretion, not both", "Keep one."),),
    ),
    (
        "act and list",
        (("on_list: untrustworthy", "on_list: untrustworthy\n    act: [city-award]"),),
        (("42:5", "on_list", "a row records an act or an entry on a list, not both", "Make two rows."),),
    ),
    (
        "no act",
        (("    act: [volunteering]\n", ""),),
        (
            (
                "33:9",
                "help",
                'row "help" records nothing',
                "Add act: [an act], or on_list: a list.  Acts: counterscore list acts",
            ),
        ),
    ),
    (
        "least more than most",
        (("least: -5, most: -50", "least: -50, most: -5"),),
        (
            (
                "29:36",
                "-5",
                "the least points (-50) are more than the most (-5)",
                "Write the smaller change as least and the larger as most, with the same sign.",
            ),
        ),
    ),
    (
        "circle",
        (("points: {value: 0, source", "points: {value: -10, source"),),
        (
            (
                "60:3",
                "untrustworthy",
                "this list leads back to itself: list untrustworthy (60:3) -> row listed (40:9) -> score (47:1) -> list untrustworthy (60:3)",
                "Take one of these steps out; being listed would be a reason for being listed.",
            ),
        ),
    ),
    (
        "repair late",
        (("after: 3 months, at_most: 60", "after: 90 months, at_most: 60"),),
        (
            (
                "90:36",
                "90 months",
                "repair after 90 months comes too late: the stay ends after 60 months",
                "Exchange after and at_most, or correct one.",
            ),
        ),
    ),
    (
        "severity twice",
        (
            (
                "    conditions: [conduct",
                "      - {severity: serious, after: 3 months, source: notice-7, mark: verified}\n    conditions: [conduct",
            ),
        ),
        (("91:20", "serious", 'severity "serious" is used twice (first at 90:20)', "Keep one of them."),),
    ),
    (
        "format",
        (("format: 1", "format: 2"),),
        (("1:9", "2", "format 2 is not known", "This version reads format: 1."),),
    ),
    (
        "text",
        (("title: Example Town pilot", "title: 2018"),),
        (("3:8", "2018", "title must be a text, found 2018", 'Write "2018" in quotes.'),),
    ),
    (
        "list",
        (("act: [volunteering]", "act: volunteering"),),
        (("35:10", "volunteering", 'act must be a list, found "volunteering"', "Write [volunteering]."),),
    ),
    (
        "mapping",
        (("cap: {grade: C, lasts: 12 months}", "cap: C"),),
        (("22:10", "C", 'cap must be a mapping, found "C"', "Write key: value lines below it."),),
    ),
    (
        "date",
        (('from: "2016-01"', 'from: "January 2016"'),),
        (("6:18", '"January 2016"', 'not a date: "January 2016"', 'Write "2016", "2016-01" or "2016-01-31".'),),
    ),
    (
        "dates",
        (('to: "2019"', 'to: "2015"'),),
        (("6:33", '"2015"', "ends before it starts (2016-01)", "Exchange from and to."),),
    ),
    (
        "number key",
        (("{value: 0, source", "{value: 0, sauce: x, source"),),
        (
            (
                "44:24",
                "sauce",
                'a number has no "sauce"',
                "Did you mean source?  It may have: value, unit, range, source, mark, borrowed, note.",
            ),
        ),
    ),
    (
        "anchor",
        (("act: [volunteering]", "act: &a [volunteering]"),),
        (("35:10", "&a [", "an anchor (&) is not used here", "Remove &a and write the value out where it is needed."),),
    ),
    (
        "tag",
        (("start: 1000", "start: !!int 1000"),),
        (("48:10", "!!int 1000", "a tag (!) is not used here", "Remove it; nothing in the file is run or converted."),),
    ),
    (
        "colon",
        (("label: Late bill", "label: Late: bill"),),
        (
            (
                "26:16",
                ":",
                'a ":" where no key is expected',
                'Put text that holds ": " in quotes, or check the indentation.',
            ),
        ),
    ),
    (
        "tab",
        (("    label: Late bill", "\tlabel: Late bill"),),
        (("26:1", "\t", "a tab stands here; lines are indented with spaces", "Replace the tab by spaces."),),
    ),
    (
        "quote",
        (("label: Late bill", 'label: "Late bill'),),
        (("26:12", '"', "this quote is not closed", "Close it before the end of the value."),),
    ),
    (
        "quote, and another further down",
        (
            ("label: Late bill", 'label: "Late bill'),
            ("within: 5 days", 'within: "5 days"'),
        ),
        (("26:12", '"', "this quote is not closed", "Close it before the end of the value."),),
    ),
    (
        "quote within braces, and another further down",
        (
            ("given: true", 'source: "a, given: true'),
            ("conditions: [conduct corrected]", 'conditions: ["conduct corrected"]'),
        ),
        (("86:20", '"', "this quote is not closed", "Close it before the end of the value."),),
    ),
    (
        "text in quotes over two lines, and a colon",
        (("place: ", 'purpose: "to see it\n  work"\nplace: '), ("label: Late bill", "label: Late: bill")),
        (
            (
                "28:16",
                ":",
                'a ":" where no key is expected',
                'Put text that holds ": " in quotes, or check the indentation.',
            ),
        ),
    ),
    (
        "directive",
        (("format: 1\n", "%YAML 1.1\n---\nformat: 1\n"),),
        (("1:1", "%", "a YAML directive (%) is not used here", "Remove the line; the file is read as YAML 1.2."),),
    ),
    (
        "alias",
        (("act: [volunteering]", "act: *a"),),
        (("35:10", "*a", "an alias (*) is not used here", "Write the value out; each line then says what it means."),),
    ),
    (
        "merge",
        (("    label: Late bill\n", "    label: Late bill\n    <<: {per: record}\n"),),
        (
            (
                "27:5",
                "<<",
                "a merge key (<<) is not used here",
                "Write the values out; each line then says what it means.",
            ),
        ),
    ),
    (
        "stack",
        (("sources:\n  notice", "stack: [example-town]\nsources:\n  notice"),),
        (("7:9", "example-town", "a rule book cannot stack itself", "Remove it."),),
    ),
)

WARNINGS: tuple[tuple[str, Replacements, tuple[Finding, ...]], ...] = (
    (
        "news",
        (("source: guess\n    mark: assumed", "source: paper\n    mark: recalled"),),
        (
            (
                "10:3",
                "paper",
                'source "paper" is a news report, and 1 number rests on it alone; rule text not found',
                "Name the rule text where it can be read.",
            ),
        ),
    ),
    (
        "nobody can leave",
        (
            (
                "    term: 24 months\n    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}\n    leave: [expired, repaired, corrected]\n",
                "    term: never ends\n    leave: [corrected]\n",
            ),
            ("available: true", "available: false"),
            ("      - {severity: serious, after", "      - {severity: minor, after"),
            ("  retention: {at_most: 5 years, counted_from: conduct, source: notice-7, mark: verified}\n", ""),
        ),
        (
            (
                "60:3",
                "untrustworthy",
                "nobody can leave this list: no expiry, no appeal, no repair",
                "If meant, write leave: [never].",
            ),
        ),
    ),
    (
        "repair without rule",
        (("severity: serious, after", "severity: minor, after"),),
        (
            (
                "65:12",
                "[expired, repaired, corrected]",
                "nobody can leave by repair: rights.repair has no rule for a serious list",
                "Add one to rights.repair, or take repaired out.",
            ),
        ),
    ),
    (
        "everybody listed",
        (("score < 600", "score < 1001"),),
        (("62:20", "1001", "everybody is on this list from the start: the score starts at 1000", "Check the border."),),
    ),
    (
        "everybody grade",
        (("or grade D\n", "or grade A\n"),),
        (("62:76", "A", "grade A or worse is everybody", "Check the grade."),),
    ),
    (
        "everybody door",
        (("when: grade A or better", "when: grade D or better"),),
        (("80:11", "grade D or better", "grade D or better is everybody", "Check the grade."),),
    ),
    (
        "outside context",
        (("[volunteering, honours, utilities,", "[volunteering, honours,"),),
        (
            (
                "28:16",
                "centre",
                '"centre" records "utility-arrears", outside its contexts (at 13:3)',
                "Add utilities to its contexts, or name another authority.",
            ),
        ),
    ),
    (
        "no source door",
        (
            (
                "    effect: closed\n    when: list untrustworthy\n    source: notice-7\n    mark: verified\n",
                "    effect: closed\n    when: list untrustworthy\n",
            ),
        ),
        (("70:5", "id", "this door has no source", "Add source: and mark: to it."),),
    ),
)


def _told(problems: tuple[Problem, ...]) -> tuple[Finding, ...]:
    return tuple(
        (
            f"{one.position.line}:{one.position.column}",
            one.line_text[one.position.column - 1 :][: one.position.width],
            one.message,
            one.suggestion[:90],
        )
        for one in problems
    )


def test_the_example_has_no_mistake() -> None:
    assert regime_of(EXAMPLE).warnings == ()


@pytest.mark.parametrize(("replacements", "finds"), [pytest.param(*m[1:], id=m[0]) for m in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_what_to_write(
    replacements: Replacements, finds: tuple[Finding, ...]
) -> None:
    with pytest.raises(InputError) as error:
        regime_of(with_(*replacements))
    assert _told(error.value.problems) == finds
    assert error.value.exit_code == 3


@pytest.mark.parametrize(("replacements", "finds"), [pytest.param(*w[1:], id=w[0]) for w in WARNINGS])
def test_a_warning_lets_the_file_be_used(replacements: Replacements, finds: tuple[Finding, ...]) -> None:
    regime = regime_of(with_(*replacements))
    assert _told(regime.warnings) == finds
    assert {one.severity for one in regime.warnings} == {"warning"}
