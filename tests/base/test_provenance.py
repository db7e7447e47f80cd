"""What a run says of the program that made it."""

from sim.base import provenance


def test_a_library_that_is_not_there_has_no_version():
    assert provenance._version("no-such-package-anywhere") == "not installed"


def test_without_a_clone_or_without_git_no_commit_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "SOURCES", tmp_path / "sim")
    assert provenance.commit.__wrapped__() == ""
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.commit.__wrapped__() == ""
