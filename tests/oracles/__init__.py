"""Independent, slow and obvious implementations that the fast ones are held against."""
