"""Processes that have given up the network."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import socket, threading
from ekg.server.isolation import drop_network
print(drop_network())
ours, theirs = socket.socketpair()
ours.send(b"within")
print(theirs.recv(6).decode())
def reach():
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.socket(family).close()
            print("open")
        except PermissionError:
            print("refused")
thread = threading.Thread(target=reach)
thread.start()
thread.join()
ours.close(), theirs.close()
"""


def test_no_socket_leaves_the_machine() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    dropped, within, *outside = done.stdout.split()
    assert within == "within"
    if dropped == "False":
        pytest.skip("this system cannot filter system calls")
    assert outside == ["refused", "refused"]
