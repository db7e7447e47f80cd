"""How kernels are compiled, and arithmetic whose bits depend on no library and no processor."""
