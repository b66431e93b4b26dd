def read_secret(settings):
    return b"x" * 32
