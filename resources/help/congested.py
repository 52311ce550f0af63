# %% [markdown]
# # The critic of WGAN-GP computes a congested cost
#
# The loss of WGAN-GP is often read as the Wasserstein distance W₁. Milne & Nachman (arXiv 2109.00528) prove
# another thing: with a one-sided penalty the critic's penalized *value* tends to the cost of **congested
# transport**, the least ∫ |w| + |w|² / (4 λ σ) over the flows w from P to Q, and its *gap* tends to a second
# limit above that. σ is the density of the points at which the penalty acts. Both differ from W₁ by terms of
# order 1 / λ. This notebook trains critics at three λ and compares them with certified reference values.

# %%
import matplotlib.pyplot as plt
import numpy as np

import wganstudio as ws

PENALTIES = (0.5, 2.0, 8.0)
SETTINGS = {
    "critic.width": 64,
    "critic.depth": 2,
    "solver.learning_rate": 3e-3,
    "training.batch": 256,
    "training.steps": 500,
    "evaluation.final_samples": 32_768,
}

# %% [markdown]
# ## The reference values
#
# P and Q are uniform on [0, 1] and on [1.5, 2.5]. On the line there is one flow, the difference of the
# distribution functions, so that all three costs have closed forms. W₁ does not depend on λ; the others do.

# %%
truths = {penalty: ws.truth("intervals", **{"solver.penalty": penalty}) for penalty in PENALTIES}
for penalty, truth in truths.items():
    print(f"λ = {penalty:g}:", {quantity: round(one.value, 4) for quantity, one in truth.items()})
    assert truth["w1"].upper < truth["congested"].lower < truth["gap-limit"].lower
    assert truth["w1"].lower <= 1.5 <= truth["w1"].upper

# %%
results = {
    penalty: ws.run("intervals", progress=False, **{"solver.penalty": penalty}, **SETTINGS)
    for penalty in PENALTIES
}

# %% [markdown]
# ## Gap and value against the three truths
#
# A critic cannot exceed the congested cost but for the standard error of its estimate. It comes within 3 % of
# it, and its gap within 3 % of the gap limit. Neither is near W₁ unless λ is large.

# %%
for penalty, result in results.items():
    numbers, truth = result.estimates, result.truths
    value, gap = numbers["value"], numbers["gap"]
    print(f"λ = {penalty:g}: W₁ {truth['w1'].value:.3f}", end=", ")
    print(f"value {value:.3f} ± {numbers['value_se']:.3f} of {truth['congested'].value:.3f}", end=", ")
    print(f"gap {gap:.3f} ± {numbers['gap_se']:.3f} of {truth['gap-limit'].value:.3f}")
    assert 0.97 * truth["congested"].lower < value < truth["congested"].upper + 4 * numbers["value_se"]
    assert abs(gap / truth["gap-limit"].value - 1) < 0.03

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
shown = {"w1": "W₁", "congested": "congested cost", "gap-limit": "limit of the gap"}
between = np.geomspace(PENALTIES[0], PENALTIES[-1], 13).tolist()
costs = [ws.truth("intervals", **{"solver.penalty": penalty}) for penalty in between]
for quantity, title in shown.items():
    axes.plot(between, [truth[quantity].value for truth in costs], label=title)
for name, marker in (("value", "o"), ("gap", "s")):
    means, errors = ([one.estimates[key] for one in results.values()] for key in (name, f"{name}_se"))
    axes.errorbar(PENALTIES, means, 2 * np.array(errors), fmt=marker, color="black", label=f"critic's {name}")
axes.set(xscale="log", xlabel="λ", ylabel="cost")
axes.set_xticks(PENALTIES, [f"{penalty:g}" for penalty in PENALTIES])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# ## The gradient norm against the sampling density
#
# Where mass flows, the optimal critic has |∇u| = 1 + |w| / (2 λ σ): it is steep where much mass flows and few
# points are penalized. A session, and so each result, holds the flow, σ and the critic on a grid.

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
for penalty, result in results.items():
    flow, norm = result.snapshot("flow").arrays, result.snapshot("critic").arrays["gradient_norm"]
    mass = np.abs(flow["momentum"]).reshape(len(norm), -1).max(axis=1)
    at = (mass > 0.1) & (flow["sigma"] > 0.1)
    sigma, predicted = flow["sigma"][at], 1 + mass[at] / (2 * penalty * flow["sigma"][at])
    error = np.abs(norm[at] - predicted).mean() / predicted.mean()
    print(f"λ = {penalty:g}: |∇u| up to {norm[at].max():.2f}; mean deviation from the theorem {error:.1%}")
    assert error < 0.05 and norm[at].max() > 1 + 0.1 / penalty

    order = np.argsort(sigma)
    axes.plot(sigma[order], predicted[order], color="black", linewidth=0.8)
    axes.plot(sigma, norm[at], ".", markersize=3, label=f"critic, λ = {penalty:g}")
axes.set(xlabel="sampling density σ", ylabel="|∇u|", title="lines: 1 + |w| / (2 λ σ)")
axes.legend()
plt.show()
