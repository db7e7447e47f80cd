"""Elimination equals its naive twin, and serves one right side after another; Krylov spaces are those of the map."""

import numpy as np
import pytest

from sim.kernels.numerics import linear, spectrum

SIZES = (1, 2, 5, 33)


def system(size):
    """A matrix whose largest entries are off the diagonal, and two right sides."""
    draw = np.random.default_rng(size)
    return draw.normal(size=(size, size)) + np.roll(9.0 * np.eye(size), 1, axis=0), draw.normal(size=(size, 2))


def naive(a, b):
    """x with a x = b for one right side, in plain loops, with row pivots."""
    a, b, n = a.tolist(), b.tolist(), len(b)
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[pivot], b[k], b[pivot] = a[pivot], a[k], b[pivot], b[k]
        for i in range(k + 1, n):
            factor = a[i][k] / a[k][k]
            a[i] = [x - factor * y for x, y in zip(a[i], a[k])]
            b[i] -= factor * b[k]
    for k in reversed(range(n)):
        b[k] = (b[k] - sum(a[k][i] * b[i] for i in range(k + 1, n))) / a[k][k]
    return b


@pytest.mark.parametrize("size", SIZES)
def test_the_elimination_equals_its_twin(size):
    a, b = system(size)
    np.testing.assert_allclose(linear.solved(a, b[:, 0]), naive(a, b[:, 0]), rtol=1e-11)
    np.testing.assert_allclose(a @ linear.solved_all(a, b), b, atol=1e-11)


def column_by_column(a):
    """(L and U of a in one matrix, pivots), a column after another in plain loops over whole rows."""
    a, n, pivots = a.copy(), len(a), []
    for k in range(n):
        pivots.append(k + int(np.abs(a[k:, k]).argmax()))
        a[[k, pivots[k]]] = a[[pivots[k], k]]
        a[k + 1:, k] /= a[k, k]
        for i in range(k + 1, n):
            a[i, k + 1:] -= a[i, k] * a[k, k + 1:]
    return a, pivots


@pytest.mark.parametrize("size", [*SIZES, linear.PANEL + 1, 2 * linear.PANEL + 7])
def test_columns_that_are_eliminated_together_have_the_bits_of_one_after_another(size):
    a, b = system(size)
    a[:, size // 3] = np.where(np.arange(size) % 3 == 0, a[:, size // 3], 0.0)
    lu, pivots = column_by_column(a)
    factors = linear.eliminated(a)
    np.testing.assert_array_equal(factors.lu, lu)
    assert factors.pivot.tolist() == pivots
    np.testing.assert_allclose(a @ linear.solution(factors, b), b, atol=1e-10)


@pytest.mark.parametrize("size", SIZES)
def test_an_elimination_serves_every_right_side_with_the_same_bits_as_all_at_once(size):
    a, b = system(size)
    factors, together = linear.eliminated(a), linear.solved_all(a, b)
    for k in range(2):
        assert (linear.solution(factors, b[:, k:k + 1])[:, 0] == together[:, k]).all()


@pytest.mark.parametrize("steps", [1, 4, 7, 40])
def test_a_krylov_space_is_mapped_into_itself_but_for_what_is_left(steps):
    a = np.random.default_rng(4).normal(size=(45, 45))
    *_, space = spectrum.krylov(lambda x: a @ x, np.cos(np.arange(45.0)), steps)
    beyond = np.zeros((steps, 45))
    beyond[-1] = space.rest * space.basis[-1]
    assert space.steps == steps
    np.testing.assert_allclose(space.basis @ space.basis.T, np.eye(steps + 1), atol=1e-13)
    np.testing.assert_allclose(space.basis[:-1] @ a.T, space.hessenberg.T @ space.basis[:-1] + beyond, atol=1e-12)


def test_a_krylov_space_ends_where_it_is_invariant():
    a = np.diag([1.0, 1.0, 2.0, 2.0, 3.0, 3.0])
    *_, space = spectrum.krylov(lambda x: a @ x, np.arange(1.0, 7.0), 6)
    assert (space.steps, space.rest) == (3, 0.0)
    np.testing.assert_allclose(np.sort(np.linalg.eigvals(space.hessenberg)), [1.0, 2.0, 3.0])


def test_a_singular_matrix_has_no_finite_solution():
    assert not np.isfinite(linear.solved(np.ones((3, 3)), np.arange(3.0))).all()
