"""Computing: a fair queue, few threads, kept results, the GPU."""
