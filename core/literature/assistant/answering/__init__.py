"""How a question becomes an answer: told, quoted, or written and then checked."""
