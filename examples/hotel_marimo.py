"""A journey with sliders, as a marimo notebook: ``marimo run examples/hotel_marimo.py``.

Wants marimo (``pip install marimo``) and ``demo-output/stays.fit`` (``make demo``).
"""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    import emotion_models as em

    fit = em.load("demo-output/stays.fit")
    return em, fit, mo


@app.cell
def _(mo):
    wait = mo.ui.slider(0, 30, value=5, label="Minutes of waiting at check-in")
    frustration = mo.ui.slider(-2, 0, step=0.5, value=0, label="Frustration at check-in")
    mo.vstack([wait, frustration])
    return frustration, wait


@app.cell
def _(em, fit, frustration, wait):
    here = em.Change().at("check-in").lever("wait_minutes", to=wait.value)
    change = here.emotion("frustration", by=frustration.value) if frustration.value else here
    result = em.simulate(fit, change)
    result.plot()
    return (result,)


@app.cell
def _(mo, result):
    mo.md(f"```\n{result.summary()}\n```")
    return


if __name__ == "__main__":
    app.run()
