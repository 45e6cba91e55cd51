"""Build the back ends of the end-to-end tests."""

from e2e.backends import build

print(build())
