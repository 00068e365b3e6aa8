"""What layers compute, in NumPy and integers: convolution, pooling, sizes, costs, kernels.

May import: `arguments`.
"""
