class DraftError(ValueError):
    sentences = ()
    draft = None


def wants_own_poll(w):
    return False


def read_draft(w, n, z):
    return None


def read_terms(w, n, z):
    return None


def read_form(v, n, z):
    raise DraftError


def draft_form(*a, **k): ...
def check_draft(d):
    return ()
