"""The registry of what may be collected, and the generator of everything that is made from it (development time only)."""
