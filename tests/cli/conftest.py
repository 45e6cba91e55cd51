"""People who use the command line."""

from __future__ import annotations

import pytest
from support.receiver import HttpReceiver

from .nursery import Nursery
from .user import HERE, User


@pytest.fixture(scope="session", autouse=True)
def nursery():
    """Where processes of the command come from."""
    User.nursery = Nursery(HERE)
    yield
    User.nursery.close()


@pytest.fixture
def user(tmp_path) -> User:
    """A person whose product's back end is dead."""
    return User(tmp_path)


@pytest.fixture
def receiver():
    with HttpReceiver() as found:
        yield found


@pytest.fixture
def connected(tmp_path, receiver) -> User:
    """A person whose product's back end is ``receiver``."""
    return User(tmp_path, receiver.url)
