"""Path conditioning in PyTorch on request, as a peer: one JSON object a line in, one out. Ends when its input does.

The method is that of Lebeurrier, Vayer and Gribonval (2026): diag G by one backward pass of the squared network, then
sweeps over the hidden units in forward order, each moved to the root of a quadratic equation, then the weights are
multiplied. Written for this comparison from its description, for chains of dense layers, convolutions and pools.

published   v = Bz is kept per parameter; a unit costs two exponentials per parameter that it touches. TorchScript.
aggregated  g is summed over the taps of a kernel; a layer costs two products of a matrix with a vector.
"""
import json
import math
import os
import re
import sys
import time
from typing import List

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever libraries print is not part of the conversation

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def tensor(folder, entry):
    kind = getattr(torch, entry["type"])
    with open(os.path.join(folder, entry["file"]), "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=kind).reshape(entry["shape"]).clone()


def diagonal(chain, size, weights, biases):
    """diag G of weights and biases: the gradient of the squared network's outputs for an input of ones."""
    w = [p.square().requires_grad_(True) for p in weights]
    b = [p.square().requires_grad_(True) for p in biases]
    x = torch.ones([1] + size, dtype=weights[0].dtype)
    layer = 0
    for step in chain:
        op = step["op"]
        if op == "linear":
            x = F.linear(x, w[layer], b[layer])
        elif op == "conv":
            x = F.conv2d(x, w[layer], b[layer], padding=step["padding"])
        elif op == "max":  # every path counts: the sum of the window
            x = F.avg_pool2d(x, step["size"], step["stride"], step["padding"], divisor_override=1)
        elif op == "mean":  # squared coefficients
            x = x.mean((2, 3)) / (x.shape[2] * x.shape[3])
        layer += op in ("linear", "conv")
    g = torch.autograd.grad(x.sum(), w + b)
    return g[: len(w)], g[len(w) :]


def root(a: float, b: float, c: float) -> float:
    """The positive root of a x^2 + b x + c with c < 0 < a, without cancellation."""
    r = math.sqrt(b * b - 4 * a * c)
    return -2 * c / (b + r) if b >= 0 else (r - b) / (2 * a)


scripted_root = torch.jit.script(root)


@torch.jit.script
def sweeps(g: List[torch.Tensor], v: List[torch.Tensor], most: int, tol: float) -> int:
    """Sweeps with one row per unit (taps of all channels, then the bias); v is changed."""
    p = 0.0
    s = 0.0
    z: List[List[float]] = []
    for i in range(len(g)):
        p += g[i].numel()
        s += float(g[i].sum())
        z.append([0.0] * g[i].size(0))
    made = 0
    for k in range(most):
        moved = 0.0
        for i in range(len(g) - 1):
            units = g[i].size(0)
            taps = (g[i + 1].size(1) - 1) // units
            excess = float(g[i].size(1) - g[i + 1].size(0) * taps)
            for h in range(units):
                gin, vin = g[i][h], v[i][h]
                gout, vout = g[i + 1].narrow(1, h * taps, taps), v[i + 1].narrow(1, h * taps, taps)
                ein = float(torch.dot(vin.exp(), gin))
                eout = float(vout.exp().mul_(gout).sum())
                rest = s - ein - eout
                b, c = eout * math.exp(-z[i][h]), ein * math.exp(z[i][h])
                x = scripted_root(b * (p + excess), excess * rest, -c * (p - excess))
                move = math.log(x) - z[i][h]
                vout.add_(move)
                vin.sub_(move)
                z[i][h] += move
                moved += abs(move)
                s = rest + float(torch.dot(vin.exp(), gin)) + float(vout.exp().mul_(gout).sum())
        made = k + 1
        if moved < tol:
            break
    return made


def published(gw, gb, most, tol):
    """v = Bz per parameter."""
    g = [torch.cat((w.flatten(1), b[:, None]), 1).double() for w, b in zip(gw, gb)]
    v = [torch.zeros_like(t) for t in g]
    made = sweeps(g, v, most, tol)
    vw = [t[:, :-1].reshape(w.shape) for t, w in zip(v, gw)]
    return made, vw, [t[:, -1] for t in v]


def aggregated(gw, gb, most, tol):
    """The same iterates from sums over taps."""
    m = [w.flatten(2).sum(2, dtype=torch.float64) if w.dim() > 2 else w.double() for w in gw]
    b = [t.double() for t in gb]
    p = sum(w.numel() for w in gw) + sum(t.numel() for t in gb)
    s = float(sum(t.sum() for t in m) + sum(t.sum() for t in b))
    last = len(m) - 1
    excess = [gw[i][0].numel() + 1 - gw[i + 1][:, 0].numel() for i in range(last)]
    z = [torch.zeros(t.shape[0], dtype=torch.float64) for t in m]
    one = torch.ones(m[0].shape[1], dtype=torch.float64)
    made = 0
    for _ in range(most):
        moved = 0.0
        for i in range(last):
            cs = torch.addmv(b[i], m[i], z[i - 1].exp() if i else one).tolist()
            bs = torch.mv(m[i + 1].t(), z[i + 1].neg().exp()).tolist()
            a = excess[i]
            old = z[i].tolist()
            new = []
            for h in range(len(old)):
                e = math.exp(old[h])
                rest = s - bs[h] * e - cs[h] / e
                x = root(bs[h] * (p + a), a * rest, -cs[h] * (p - a))
                s = rest + bs[h] * x + cs[h] / x
                y = math.log(x)
                moved += abs(y - old[h])
                new.append(y)
            z[i] = torch.tensor(new, dtype=torch.float64)
        made += 1
        if moved < tol:
            break
    vw, vb = [], []
    for i, w in enumerate(gw):
        v = -z[i][:, None] if i == 0 else z[i - 1][None, :] - z[i][:, None]
        v = v.expand(m[i].shape)
        vw.append(v.reshape(v.shape + (1,) * (w.dim() - 2)))
        vb.append(-z[i])
    return made, vw, vb


class Prepared:
    def __init__(self, folder, how):
        with open(os.path.join(folder, "index.json")) as file:
            index = json.load(file)
        self.chain, self.size = index["chain"], index["input"]
        self.most, self.tolerance = index["sweeps"], index["tolerance"]
        self.weights = [tensor(folder, entry) for entry in index["weights"]]
        self.biases = [tensor(folder, entry) for entry in index["biases"]]
        self.solve = {"published": published, "aggregated": aggregated}[how]

    def once(self):
        clock = [time.process_time()]
        gw, gb = diagonal(self.chain, self.size, self.weights, self.biases)
        clock.append(time.process_time())
        made, vw, vb = self.solve(gw, gb, self.most, self.tolerance)
        clock.append(time.process_time())
        moved = [w * v.mul(-0.5).to(w.dtype).exp() for w, v in zip(self.weights + self.biases, vw + vb)]
        clock.append(time.process_time())
        return [clock[i + 1] - clock[i] for i in range(3)], made, list(gw) + list(gb), vw + vb, moved

    def run(self, steps):
        parts = [0.0] * 3
        cpu, start = time.process_time(), time.perf_counter()
        for _ in range(steps):
            spent, made, g, v, moved = self.once()
            parts = [a + b for a, b in zip(parts, spent)]
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        # Not timed: p times the Kullback-Leibler divergence of the normalised diagonal from the uniform distribution.
        g = [t.double() for t in g]
        v = [t.expand(e.shape) for t, e in zip(v, g)]
        p = sum(t.numel() for t in g)
        trace = sum(float((e * t.exp()).sum()) for e, t in zip(g, v))
        value = p * math.log(trace / p) - sum(float((e.log() + t).sum()) for e, t in zip(g, v))
        return {"wall": wall, "cpu": cpu, "value": value, "sweeps": made, "parts": parts}


def version():
    blas = set()
    try:
        with open("/proc/self/maps") as maps:
            blas = set(re.findall(r"/(lib(?:\w*blas\w*|mkl_rt)[-\w.]*\.so[.\d]*)", maps.read()))
    except OSError:
        pass
    told = "torch %s, Python %s" % (torch.__version__, sys.version.split()[0])
    return told + (", " + " ".join(sorted(blas)) if blas else "")


prepared = {}
for line in sys.stdin:
    request = json.loads(line)
    what, name = request["do"], request.get("id")
    try:
        answer = {}
        if what == "hello":
            answer = {"version": version()}
        elif what == "prepare":
            prepared[name] = Prepared(request["folder"], request["how"])
        elif what == "run":
            answer = prepared[name].run(request["steps"])
        elif what == "drop":
            prepared.pop(name, None)
        else:
            answer = {"error": "unknown request " + what}
    except Exception as problem:
        answer = {"error": "%s: %s" % (type(problem).__name__, problem)}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
