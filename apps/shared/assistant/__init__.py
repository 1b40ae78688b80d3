"""The assistant as CosmoGemma and skimArxiv both show it: opened once, asked in turn, cited."""
