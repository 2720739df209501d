"""Nothing here compiles C."""

from tests.no_compiler import no_compiler as no_compiler
