"""Who may ask for what."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import httpx
import pytest

from counterscore.web.serve import serve
from tests.web.conftest import MARKER, Served, command, serving, token

PAGES = ("/", "/regimes", "/runs", "/run/new", "/help/keyboard", "/static/laboratory.css", "/nowhere")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_what_is_not_its_own(served: Served, path: str) -> None:
    headers = served.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_script_or_style_of_its_own(served: Served, path: str) -> None:
    text = served.get(path).text
    if path.endswith(".css"):
        return
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick" not in text
    assert "<script>" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""])
def test_other_names_of_the_host_are_refused(served: Served, host: str) -> None:
    assert httpx.get(served.address, headers={"host": host}).status_code == 421


def test_what_changes_something_needs_origin_and_token(served: Served) -> None:
    with served.client() as client:
        right = {"token": token(client), "regime": "none"}
    jobs = served.runs / ".laboratory" / "jobs"
    before = set(jobs.glob("*.json"))
    for headers in (
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": served.address, "sec-fetch-site": "cross-site"},
    ):
        assert httpx.post(f"{served.address}/run/new", data=right, headers=headers).status_code == 403
    for wrong in ({"regime": "none"}, right | {"token": ""}, right | {"token": "x" * 32}):
        found = httpx.post(f"{served.address}/run/new", data=wrong, headers={"origin": served.address})
        assert found.status_code == 403
        assert "nothing was changed" in found.text
    assert set(jobs.glob("*.json")) == before


def test_a_script_may_show_the_token_in_a_header(served: Served) -> None:
    with served.client() as client:
        headers = {"x-counterscore-token": token(client)}
        found = client.post(
            "/evidence/add",
            data={"kind": "run", "run": "two-worlds", "what": "x", "title": "y", "address": "/runs/two-worlds"},
            headers=headers,
        )
        assert found.status_code == 303
        assert client.post("/evidence/0/remove", headers=headers).status_code == 303


def test_other_methods_are_refused(served: Served) -> None:
    with served.client() as client:
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            assert client.request(method, "/runs").status_code == 405


def test_what_is_too_large_is_refused_with_and_without_its_length(served: Served) -> None:
    with served.client() as client:
        large = b"x" * (3 * 2**20)
        assert client.post("/run/new", content=large).status_code == 413

        def pieces():
            for _ in range(3):
                yield b"x" * 2**20

        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert client.post("/run/new", content=pieces(), headers=kind).status_code in {400, 413}


@pytest.mark.parametrize(
    "path",
    [
        "/static/../guard.py",
        "/static/..%2fguard.py",
        "/static/%2e%2e/guard.py",
        "/runs/..",
        "/runs/..%2f..",
        "/runs/.laboratory",
        "/runs/two-worlds/data/..%2frecord.parquet",
        "/runs/two-worlds/data/unit.parquet?world=..&replay=0",
        "/runs/two-worlds/data/outcomes.parquet?world=../../half/none",
        "/regimes/..%2f..%2fetc%2fpasswd",
        "/regimes/%2fetc%2fpasswd",
        "/reports/..%2ftray.json",
        "/claims/..%2f..%2fmine",
        "/run/..%2ftray",
        "/cities/..",
    ],
)
def test_no_address_leads_out_of_its_folder(served: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(served.address.rsplit(":", 1)[1]))) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nhost: {served.address[7:]}\r\nconnection: close\r\n\r\n".encode())
        answer = b""
        while part := line.recv(65536):
            answer += part
    assert answer.split()[1] in {b"404", b"405", b"422"}, answer[:300]
    assert b"root:" not in answer


def test_nothing_that_was_typed_becomes_markup(served: Served, folder: Path) -> None:
    """In addresses, forms, file names, titles of rule books, records of runs and the tray."""
    (folder / "mine.yaml").write_text(
        (folder / "mine.yaml")
        .read_text(encoding="utf-8")
        .replace("title: ", f"title: '{MARKER.replace(chr(39), chr(39) * 2)}' # ", 1),
        encoding="utf-8",
    )
    bad = served.runs / "a<b>&'name"
    bad.mkdir()
    record = json.loads((served.runs / "two-worlds" / "record.json").read_text(encoding="utf-8"))
    for world in record["worlds"]:
        world["title"] = MARKER
    record["city"]["title"] = record["command"] = MARKER
    (bad / "record.json").write_text(json.dumps(record), encoding="utf-8")
    served.post("/evidence/add", kind="run", what=MARKER, title=MARKER, address=f"/runs?{MARKER}")
    quoted = httpx.QueryParams(
        {"q": MARKER, "regime": MARKER, "also": MARKER, "view": MARKER, "by": MARKER, "world": MARKER}
    )
    paths = [
        f"/regimes?{quoted}",
        f"/run/new?{quoted}",
        f"/run/plan?{quoted}",
        f"/claims?{quoted}",
        f"/compare?runs={httpx.QueryParams({'a': MARKER})}",
        f"/regimes/diff?a=mine.yaml&b=none&{quoted}",
        f"/runs/two-worlds/doors?{httpx.QueryParams({'view': MARKER, 'zz': MARKER})}",
        f"/runs/two-worlds/doors?{httpx.QueryParams({'world': MARKER})}",
        f"/runs/two-worlds/people/{httpx.QueryParams({'a': MARKER})}",
        f"/runs/{httpx.URL(path='/' + bad.name).raw_path.decode()[1:]}/delete",
        "/",
        "/regimes",
        "/regimes/mine.yaml",
        "/runs",
        "/evidence",
        "/no/such/page<b>",
    ]
    paths.append(f"/runs/{httpx.QueryParams({'a': MARKER})}")
    for path in paths:
        text = served.get(path).text
        assert "<b onmouseover" not in text, path
        assert "<script>" not in text, path
        assert "49" not in text or "{{7*7}}" in text or MARKER not in path, path
        assert "a<b>" not in text, path
    served.post("/evidence/0/remove")
    (bad / "record.json").unlink()
    bad.rmdir()
    command(folder, "copy", "rongcheng-2013", "again.yaml")
    (folder / "again.yaml").replace(folder / "mine.yaml")


def test_a_taken_port_is_told_with_another(served: Served, folder: Path) -> None:
    port = served.address.rsplit(":", 1)[1]
    found = command(folder, "app", "--no-browser", "--port", port, check=False)
    assert found.returncode == 2
    assert (
        f"app: port {port} is in use by another program\n  Try: counterscore app --port {int(port) + 1}" in found.stderr
    )


def test_it_listens_on_this_machine_alone(served: Served) -> None:
    port = int(served.address.rsplit(":", 1)[1])
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [row[1] for row in listening if row[3] == "0A" and row[1].endswith(f":{port:04X}")]
    assert mine == [f"0100007F:{port:04X}"]


def test_a_network_is_let_in_with_the_key_alone(tmp_path: Path) -> None:
    with serving(tmp_path, "--lan") as found:
        assert "Nothing is encrypted" in "\n".join(found.said)
        assert httpx.get(found.address).status_code == 403
        key = found.said[0].split("?key=")[1].split()[0]
        assert httpx.get(f"{found.address}/?key=wrong").status_code == 403
        with found.client() as client:
            assert client.get(f"/?key={key}").status_code == 303
            assert client.get("/").status_code == 200


def test_it_says_what_goes_on_when_it_stops(tmp_path: Path) -> None:
    with serving(tmp_path) as found:
        pass
    assert "Stopped. Nothing is running." in "\n".join(found.said)


def test_ctrl_c_is_taken_even_while_it_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine it can come right after a line was written, before anything is served."""
    monkeypatch.chdir(tmp_path)

    def say(text: str) -> None:
        if text.startswith("Runs are in"):
            raise KeyboardInterrupt

    assert serve(tmp_path / "runs", port=0, lan=False, browser=False, page="/", say=say).port


def test_no_form_puts_the_token_into_an_address(served: Served) -> None:
    """A form that can be sent as an address has it on the button that is not."""
    for path in (
        "/run/new?also=expiry-24mo",
        "/",
        "/regimes",
        "/runs/two-worlds/groups",
        "/learn/who-gets-listed/1",
        "/claims",
    ):
        for form in re.findall(r"<form.*?</form>", served.get(path).text, re.DOTALL):
            if 'method="get"' in form or "formmethod" in form:
                assert not re.search(r"<input[^>]*name=.token", form), (path, form[:200])
    found = served.get("/run/plan?regime=none&city=demo&residents=100&months=2&replicates=1")
    assert "means nothing here" not in found.text
    assert str(served.folder) not in found.text
