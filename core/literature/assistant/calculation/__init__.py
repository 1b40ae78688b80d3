"""Numbers that people ask for in the chat, computed with astropy, with the Python that does it."""

from core.literature.assistant.calculation.calculation import Calculation
from core.literature.assistant.calculation.calculator import calculate

__all__ = ["Calculation", "calculate"]
