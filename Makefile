# `make demo` and `make test` need Python 3.12 or newer, make and a C compiler, nothing else.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test docs evidence constraints clean

demo: $(INSTALLED)
	$(BIN)/emotion-models demo --out demo-output

test: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist worksteal

# The documentation as pages, in docs/_build/html; its examples run on the demo's survey and fit.
docs: $(INSTALLED) demo-output/stays.fit
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[docs]'
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build/html
	$(BIN)/pytest -q tests/docs/test_site.py

demo-output/stays.fit: | $(INSTALLED)
	$(BIN)/emotion-models demo --out demo-output

# Every claim anew, hours in all: the longer proofs, then every experiment; one of them alone:
# `make evidence ONLY=calibration`. What was done before goes on, most experiments say how.
evidence: $(INSTALLED) demo-output/stays.fit
	$(if $(ONLY),,$(BIN)/pytest -n 2 --dist worksteal -m evidence)
	$(BIN)/python experiments/every.py $(if $(ONLY),--only $(ONLY))

# Installed once; again when what is to be installed has changed.
$(INSTALLED): pyproject.toml constraints.txt
	@python=; for candidate in python3.13 python3.12 python3 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; \
	  then python=$$candidate; break; fi; \
	done; \
	if test -z "$$python"; then echo "Python 3.12 or newer is needed"; exit 1; fi; \
	echo "installing into $(VENV) with $$($$python --version)"; \
	test -x $(BIN)/python || $$python -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[dev]'
	@touch $@

# Pin what is installed now, after a deliberate upgrade and a passing `make test`.
constraints: $(INSTALLED)
	@echo '# The versions that the tests passed with; `make constraints` writes this file anew.' > $@.txt.part
	@$(BIN)/python -m pip freeze --exclude-editable >> $@.txt.part
	@mv $@.txt.part $@.txt

clean:
	rm -rf $(VENV) demo-output docs/_build docs/evidence docs/reference/api docs/reference/commands.md dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
