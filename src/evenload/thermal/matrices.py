"""The little linear algebra that models of one or two nodes need, on tuples.

The integration imports this package, so it does without numpy: matrices here have one to six rows.
"""

from math import cosh, exp, sinh, sqrt

type Vector = tuple[float, ...]
type Matrix = tuple[Vector, ...]

_LEAST_PIVOT = 1e-14
"""Below this a matrix counts as singular."""


def times(matrix: Matrix, vector: Vector) -> Vector:
    """Return a matrix times a vector."""
    return tuple(
        sum(each * value for each, value in zip(row, vector, strict=True)) for row in matrix
    )


def product(left: Matrix, right: Matrix) -> Matrix:
    """Return a matrix times a matrix."""
    columns = tuple(zip(*right, strict=True))
    return tuple(
        tuple(
            sum(each * value for each, value in zip(row, column, strict=True)) for column in columns
        )
        for row in left
    )


def plus(left: Vector, right: Vector, factor: float = 1.0) -> Vector:
    """Return left + factor * right."""
    return tuple(each + factor * value for each, value in zip(left, right, strict=True))


def dot(left: Vector, right: Vector) -> float:
    """Return the inner product."""
    return sum(each * value for each, value in zip(left, right, strict=True))


def diagonal(values: Vector) -> Matrix:
    """Return a square matrix with these on its diagonal."""
    size = len(values)
    return tuple(
        tuple(values[row] if row == column else 0.0 for column in range(size))
        for row in range(size)
    )


def accumulated(matrix: Matrix, vector: Vector, weight: float, keep: float = 1.0) -> Matrix:
    """Return keep * matrix + weight * vector vector'."""
    return tuple(
        tuple(keep * each + weight * here * there for each, there in zip(row, vector, strict=True))
        for row, here in zip(matrix, vector, strict=True)
    )


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse by Gauss and Jordan with pivots; raises ZeroDivisionError: singular."""
    size = len(matrix)
    work = [
        [*row, *(1.0 if index == column else 0.0 for column in range(size))]
        for index, row in enumerate(matrix)
    ]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(work[row][column]))
        if abs(work[pivot][column]) < _LEAST_PIVOT:
            raise ZeroDivisionError("the matrix is singular")
        work[column], work[pivot] = work[pivot], work[column]
        scale = work[column][column]
        work[column] = [value / scale for value in work[column]]
        for row in range(size):
            if row != column and work[row][column] != 0.0:
                factor = work[row][column]
                work[row] = [
                    value - factor * own for value, own in zip(work[row], work[column], strict=True)
                ]
    return tuple(tuple(row[size:]) for row in work)


def exponential(matrix: Matrix, hours: float) -> Matrix:
    """Return exp(matrix * hours) of one or two rows, in closed form.

    With m half the trace and q the root of m^2 - determinant, it is
    e^(m t) (cosh(q t) I + sinh(q t) / q (matrix - m I)). Of a network of heats both eigenvalues
    m +- q are real, so q is.
    """
    if len(matrix) == 1:
        return ((exp(matrix[0][0] * hours),),)
    (first, right), (left, last) = matrix
    middle = (first + last) / 2.0
    root = sqrt(max(0.0, (first - middle) ** 2 + left * right))
    grown = exp(middle * hours)
    even = grown * cosh(root * hours)
    odd = grown * (sinh(root * hours) / root if root > 0.0 else hours)
    return (
        (even + odd * (first - middle), odd * right),
        (odd * left, even + odd * (last - middle)),
    )
