#!/usr/bin/env python3
"""Writes the arrays of this folder: small whole activations, as NumPy writes them, and numpy.bincount of their channels."""
import os
import numpy

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = numpy.random.default_rng(15)
x = random.integers(0, 256, (2, 3, 5, 7), dtype=numpy.uint8)
x[random.random(x.shape) < 0.6] = 0
y = 255 - x
numpy.save("x.npy", x)
numpy.save("x_nhwc.npy", numpy.ascontiguousarray(x.transpose(0, 2, 3, 1)))
numpy.save("x_flat.npy", x.reshape(-1))
x.tofile("x.raw")
numpy.savez("x.npz", x=x)
numpy.savez("xy.npz", x=x, y=y)
numpy.savez_compressed("xy_deflated.npz", x=x, y=y)
numpy.save("x_counts.npy", numpy.stack([numpy.bincount(x[:, c].reshape(-1), minlength=256) for c in range(3)]))
numpy.save("reals.npy", x.astype(numpy.float32))
numpy.save("wide.npy", x.astype(numpy.int16))
numpy.save("signed.npy", x.astype(numpy.int8))
numpy.save("fortran.npy", numpy.asfortranarray(x))
numpy.save("scalar.npy", x[0, 0, 0, 0])
numpy.save("empty.npy", x[:0])
