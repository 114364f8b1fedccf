"""What holds where nothing is set; kept apart from `settings.py` because reading settings takes a third of a second."""

PREFIX = "RECHAIN_"
STORE = "sqlite:rechain.db"
HOST = "127.0.0.1"
PORT = 8000
LOOPBACK = ("127.0.0.1", "::1", "localhost")
