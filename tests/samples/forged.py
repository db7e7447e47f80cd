"""Folders of results whose manifests a stranger has written, and how a command refuses them."""

import hashlib

from sim.base import files


def is_refused(said, *words):
    """Whether a command ended with exit code 6 and one line, after its progress, that names what is wrong."""
    *progress, line = said.stderr.strip().split("\n")
    assert said.exit_code == 6, (said.exit_code, said.output)
    assert all(" of 2 replicates" in each for each in progress) and all(word in line for word in words), said.stderr
    return True


def pretend(folder, **more):
    """Give a folder a manifest that its forger has sealed: `more` over what it says."""
    said = files.read_manifest(folder)
    files.write_manifest(folder, {**said, **more})


def certify(folder, name):
    """Put a file's hash into a forged manifest."""
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    pretend(folder, sha256={**files.read_manifest(folder)["sha256"], name: digest})
