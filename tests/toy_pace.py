"""A stand-in for a worker's task whose runs take 10 ms each and no processor."""

import time

import toy


def pause_10_ms(packed, chunk):
    began = time.perf_counter()
    time.sleep(0.01 * len(chunk.runs))
    return toy.rows(packed, chunk)._replace(seconds=time.perf_counter() - began)
