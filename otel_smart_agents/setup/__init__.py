"""The parts wired together: the only package that knows them all."""
