"""Reference solutions of notebook 02, run by the course's tests."""


def pair():
    valid = (28 - 5) // 2 + 1
    same = -(-28 // 2)
    return valid, same


def input_size(outputs, kernel_size, strides):
    return (outputs - 1) * strides + kernel_size


def unvisited():
    visited = {start + offset for start in (0, 4, 8) for offset in range(3)}
    return 12 - len(visited)


def where_padded():
    outputs = -(-9 // 2)
    zeros = (outputs - 1) * 2 + 4 - 9
    before = zeros // 2
    return before, zeros - before


def field():
    return 1 + (5 - 1) + (2 - 1) + 2 * (3 - 1) + 2 * (3 - 1)
