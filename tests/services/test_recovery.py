"""After the death of any one process the product heals by itself, or the next start does it."""

import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from config.local.processes import wait_gone
from tests.services.conftest import Product, wait_until

pytestmark = [
    pytest.mark.xdist_group("product"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "mail"])
def test_a_killed_process_is_started_again(product: Product, name: str) -> None:
    before = product.child(name)
    os.kill(before.pid, signal.SIGKILL)
    wait_until(lambda: product.whole() and product.child(name) != before, f"a new {name}")
    assert not before.alive


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_child_of_a_process_is_replaced(product: Product, name: str) -> None:
    before = set(wait_until(lambda: product.below(name), f"children of {name}"))
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    wait_until(
        lambda: (
            victim not in product.below(name) and len(product.below(name)) >= len(before) and product.whole()
        ),
        f"a new child of {name}",
    )


@pytest.mark.parametrize("name", ["postgres", "valkey"])
@pytest.mark.parametrize("part", ["server", "keeper"])
def test_a_killed_server_or_its_keeper_comes_back_on_the_same_port(
    product: Product, name: str, part: str
) -> None:
    before, port = product.server(name, part), product.port_of(name)
    os.kill(before.pid, signal.SIGKILL)

    def is_replaced() -> bool:
        with suppress(KeyError):  # not written down yet
            return product.server(name, part) != before and product.whole()
        return False

    wait_until(is_replaced, f"a new {name} {part}")
    assert product.port_of(name) == port


def test_a_killed_database_connection_is_replaced(product: Product) -> None:
    server = product.server("postgres")
    backends = [
        int(pid)
        for pid in (each.name for each in Path("/proc").iterdir())
        if pid.isdigit() and _parent(pid) == server.pid and "127.0.0.1(" in _command(pid)
    ]
    assert backends
    os.kill(backends[0], signal.SIGKILL)
    wait_until(product.whole, "the database's own recovery")
    assert product.server("postgres") == server


def test_a_second_start_on_the_same_data_is_refused_in_one_line(product: Product) -> None:
    second = Product(product.data)
    with pytest.raises(AssertionError, match="already runs with the data in"):
        second.start()
    assert second.process is not None
    assert second.process.wait() == 1
    # Both write to one file here: what the running product says meanwhile, each line behind the name of one
    # of its processes, is not of the refusal.
    said = second.output.read_text().replace("\0", "").splitlines()
    assert len([line for line in said if not re.match(r"\w+ +\| ", line)]) == 1
    wait_until(product.whole, "the running product as it was")


def test_nothing_survives_a_killed_supervisor_and_the_next_start_has_the_old_data(product: Product) -> None:
    everything = product.everything()
    marker = product.places.secret("postgres")
    assert product.process is not None
    product.process.kill()
    product.process.wait()
    for each in everything:
        assert wait_gone(each, 30), each
    product.start()
    assert product.places.secret("postgres") == marker


def test_the_next_start_heals_when_supervisor_and_servers_are_killed_together(product: Product) -> None:
    everything = product.everything()
    assert product.process is not None
    product.process.kill()
    for each in everything:
        if each.alive:
            os.kill(each.pid, signal.SIGKILL)
    product.process.wait()
    product.start()
    assert product.whole()


def test_what_is_said_every_few_seconds_stays_in_the_log(product: Product) -> None:
    log = product.places.log / "run.log"
    wait_until(lambda: "INFO" in log.read_text(), "a line of INFO")
    said = product.output.read_text().replace("\0", "")
    assert "INFO" not in said
    assert f"Ready: http://localhost:{product.port}/" in said


def test_an_interrupt_stops_everything(product: Product) -> None:
    everything = product.everything()
    assert product.stop() == 0
    assert not [each for each in everything if each.alive]
    assert "Everything has stopped." in product.output.read_text()
    product.start()


def _parent(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
