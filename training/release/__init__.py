"""Put apps and models on the Hugging Face Hub."""
