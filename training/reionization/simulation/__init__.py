"""21cmFAST and the two source models: designs, boxes and sets on disk."""
