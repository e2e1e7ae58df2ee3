"""The exact fit of random slopes: schools differ in what they add and in what they make of prior attainment.

The random terms of a school (the intercept and its slopes) have any covariance. It is written
``relative = L L'`` with L lower triangular, so that every L gives a possible covariance, the edge of what
is possible included. The deviance is profiled over everything but L; its gradient and second derivatives
are exact, so a trust-region search needs few steps, and Newton's steps at the end leave only rounding.

The cost grows with the number of schools, not of pupils. Source of the profiled deviance: Bates,
Maechler, Bolker and Walker (2015), equations 34 and 41; of its derivatives: matrix calculus on
``V = 1/weights + Z relative Z'``, which is linear in ``relative``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from redway.attainment import random_intercept
from redway.attainment.equations import Equations, Solution, crossed, variance_covariance
from redway.attainment.statistics import Numbers

SEARCHED = 1e-3
"""Gradient of the deviance at which the search gives way to Newton's steps."""

MOST_STEPS = 50

EDGE = 1e-6
"""A diagonal of L below this is nought: a variance a billionth of a billionth of the residual's."""


@dataclass(frozen=True, eq=False)
class _Profile:
    """The profiled deviance at one L, without its constant part; derivatives by the elements of L."""

    deviance: float
    gradient: Numbers
    hessian: Numbers
    beta: Numbers
    inverse: Numbers
    residual_squares: float
    log_gradient: Numbers
    """Of ``log|V|`` (with ``log|X'V⁻¹X|`` added for REML) by the lower triangle of ``relative``."""
    log_hessian: Numbers


class _Schools:
    def __init__(self, equations: Equations) -> None:
        assert equations.random_cross is not None
        assert equations.random_square is not None
        self.equations, self.cross, self.square = equations, equations.random_cross, equations.random_square
        self.terms = self.square.shape[1]
        self.rows, self.columns = np.tril_indices(self.terms)
        count = len(self.rows)
        self.units = np.zeros((count, self.terms, self.terms))
        """What changes in ``relative`` with each element of its lower triangle."""
        self.units[range(count), self.rows, self.columns] = 1
        self.units[range(count), self.columns, self.rows] = 1

    def root(self, elements: Numbers) -> Numbers:
        """L from the elements of its lower triangle."""
        root = np.zeros((self.terms, self.terms))
        root[self.rows, self.columns] = elements
        return root

    def profile(self, elements: Numbers) -> _Profile:
        root = self.root(elements)
        relative = root @ root.T
        m, q = self.cross.shape[1:]
        p, reml, freedom = q - 1, self.equations.reml, self.equations.freedom
        spread = np.eye(m) + self.square @ relative
        # Z'V⁻¹[X y] and Z'V⁻¹Z of each school, and [X y]'V⁻¹[X y] of all
        solved = np.linalg.solve(spread, np.concatenate([self.cross, self.square], axis=2))
        seen, precision = np.ascontiguousarray(solved[:, :, :q]), solved[:, :, q:]
        taken = crossed(self.cross.reshape(-1, q), (relative @ seen).reshape(-1, q))
        moments = self.equations.cross - taken

        inverse = np.asarray(np.linalg.inv(moments[:p, :p]), dtype=np.float64)
        beta = inverse @ moments[:p, p]
        residual = np.append(-beta, 1.0)
        squares = float(residual @ moments @ residual)
        surprise = seen @ residual  # Z'V⁻¹(y - X beta) of each school
        columns = np.ascontiguousarray(seen[:, :, :p])

        # By each element of ``relative``, through the tensors that all of them share
        units = self.units
        moved = np.einsum("kab,jb->jka", units, surprise)
        squares_first = -np.einsum("kab,ab->k", units, crossed(surprise, surprise))
        flat = columns.reshape(len(columns), m * p)
        tilt = np.einsum("kab,aib->ki", units, crossed(flat, surprise).reshape(m, p, m))
        bent = np.einsum("jka,jla->kl", moved @ precision, moved)
        squares_second = 2 * bent - 2 * tilt @ inverse @ tilt.T
        turned = np.einsum("jab,kbc->jkac", precision, units)
        log_first = np.einsum("jkaa->k", turned)
        log_second = -np.einsum("jkab,jlba->kl", turned, turned)
        log_size = float(np.linalg.slogdet(spread)[1].sum())
        if reml:
            log_size -= float(np.linalg.slogdet(inverse)[1])
            leverage = (columns @ inverse) @ columns.transpose(0, 2, 1)
            log_first = log_first - np.einsum("kab,ab->k", units, leverage.sum(axis=0))
            pressed = np.einsum("jab,kbc->jkac", leverage, units)
            log_second = log_second + 2 * np.einsum("jkab,jlba->kl", turned, pressed)
            pairs = crossed(flat, flat).reshape(m, p, m, p)
            change = inverse @ np.einsum("kab,aibj->kij", units, pairs)
            log_second = log_second - np.einsum("kij,lji->kl", change, change)

        slope = squares_first / squares
        first = freedom * slope + log_first
        second = freedom * (squares_second / squares - np.outer(slope, slope)) + log_second
        gradient, hessian = self._by_root(root, first, second)
        return _Profile(
            deviance=freedom * np.log(squares) + log_size,
            gradient=gradient,
            hessian=hessian,
            beta=beta,
            inverse=inverse,
            residual_squares=squares,
            log_gradient=log_first,
            log_hessian=log_second,
        )

    def _by_root(self, root: Numbers, first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
        """Derivatives by the elements of L from those by the elements of ``relative``."""
        count = len(self.rows)
        single = np.zeros((count, self.terms, self.terms))
        single[range(count), self.rows, self.columns] = 1
        change = single @ root.T
        change = (change + change.transpose(0, 2, 1))[:, self.rows, self.columns]
        weight = np.einsum("k,kab->ab", first / np.where(self.rows == self.columns, 1, 2), self.units)
        same_column = self.columns[:, None] == self.columns[None, :]
        curve = 2 * weight[self.rows[:, None], self.rows[None, :]] * same_column
        return change @ first, change @ second @ change.T + curve


def solve(equations: Equations) -> Solution:
    """The estimates with the lowest deviance, from the fit without slopes as the start."""
    schools = _Schools(equations)
    plain = random_intercept.solve(equations)
    elements = _settled(schools, _searched(schools, _start(schools, float(plain.relative[0, 0]))))
    diagonal = schools.rows == schools.columns
    unit = np.sqrt(equations.count / equations.weight.sum())
    edge = diagonal & (np.abs(elements) < EDGE * unit)
    elements = np.where(edge, 0.0, elements)
    found, root, freedom = schools.profile(elements), schools.root(elements), equations.freedom
    relative, residual = root @ root.T, found.residual_squares / freedom
    return Solution(
        beta=found.beta,
        inverse=found.inverse,
        relative=relative,
        residual=residual,
        deviance=float(found.deviance) + equations.deviance_constant(),
        deviance_without_schools=plain.deviance_without_schools,
        variance_covariance=residual**2
        * variance_covariance(
            found.log_gradient, found.log_hessian, relative[schools.rows, schools.columns], freedom
        ),
        at_boundary=bool(edge.any()),
    )


def _start(schools: _Schools, ratio: float) -> Numbers:
    """The best of a few diagonal L: the intercept of the fit without slopes, slopes of several sizes."""
    unit = np.sqrt(schools.equations.count / schools.equations.weight.sum())
    intercept = max(np.sqrt(ratio), 0.1 * unit)
    slopes = np.full(schools.terms - 1, unit)
    diagonals = [np.append(intercept, size * slopes) for size in (0.03, 0.1, 0.3, 1.0)]
    starts = [np.diag(diagonal)[schools.rows, schools.columns] for diagonal in diagonals]
    return min(starts, key=lambda elements: schools.profile(elements).deviance)


def _searched(schools: _Schools, start: Numbers) -> Numbers:
    """From ``start`` down to a gradient of nearly nothing, inside a region where the curvature is trusted."""
    last: dict[bytes, _Profile] = {}

    def at(elements: Numbers) -> _Profile:
        key = elements.tobytes()
        if key not in last:
            last.clear()
            last[key] = schools.profile(elements)
        return last[key]

    found = minimize(
        lambda elements: at(elements).deviance,
        start,
        jac=lambda elements: at(elements).gradient,
        hess=lambda elements: at(elements).hessian,
        method="trust-exact",
        options={"gtol": SEARCHED, "initial_trust_radius": 0.3, "max_trust_radius": 10.0, "maxiter": 500},
    )
    return np.asarray(found.x, dtype=np.float64)


def _settled(schools: _Schools, elements: Numbers) -> Numbers:
    """Newton's steps for as long as they make the gradient smaller: until only rounding is left."""
    here = schools.profile(elements)
    for _ in range(MOST_STEPS):
        values, vectors = np.linalg.eigh(here.hessian)
        known = values > 1e-10 * np.abs(values).max()
        step = vectors[:, known] @ ((vectors[:, known].T @ here.gradient) / values[known])
        there = schools.profile(elements - step)
        if not np.linalg.norm(there.gradient) < np.linalg.norm(here.gradient):
            break
        elements, here = elements - step, there
    return elements
