"""Body of a fetching process: queries and updates go in, and come out with what they ask of other machines in place.

It has the network, but neither the graph nor its writer; what it reads from elsewhere can neither keep the server from
its work nor take the memory of others.
"""

from __future__ import annotations

import resource
import signal
import socket
import sys

import msgspec

from ekg.errors import EkgError
from ekg.server.jobs import Reply, encode, frame, read_frame, refusal
from ekg.store.outside import with_outside
from ekg.store.reach import Reach


class FetchJob(msgspec.Struct, frozen=True, kw_only=True):
    """A text to complete.

    Args:
        text: a query or an update.
        update: which of them it is.
        base: IRI against which relative ones are resolved.
        reach: what may be fetched, and the limits.
    """

    text: str
    update: bool
    base: str | None
    reach: Reach


_decode = msgspec.msgpack.Decoder(FetchJob).decode


def run_fetch(job: FetchJob) -> Reply:
    """Run a job; the body of the reply is the text. Errors that a user can act on are replies."""
    try:
        text = with_outside(job.text, job.reach, update=job.update, base=job.base)
    except EkgError as error:
        return refusal(error)
    return Reply(body=text.encode())


def main(_: str, handle: str, memory: str) -> None:
    """Work until the other end of the channel is closed.

    Args:
        handle: file descriptor of the channel.
        memory: bytes that the process may allocate.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory), int(memory)))
    with socket.socket(fileno=int(handle)) as channel:
        channel.sendall(frame(encode(Reply())))
        try:
            while True:
                channel.sendall(frame(encode(run_fetch(_decode(read_frame(channel))))))
        except (EOFError, ConnectionError):
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
