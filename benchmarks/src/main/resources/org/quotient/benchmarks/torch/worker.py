"""Times programs in PyTorch on request: one JSON object a line in, one out. Ends when its input does."""
import json
import os
import re
import sys
import time
import types

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever libraries print is not part of the conversation

import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def tensor(folder, entry):
    kind = getattr(torch, entry["type"])
    with open(os.path.join(folder, entry["file"]), "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=kind).reshape(entry["shape"]).clone()


def find(name):
    for place in (torch, torch._C._nn, torch.nn.functional):
        if hasattr(place, name):
            return getattr(place, name)
    return lambda value, *rest: getattr(value, name)(*rest)


def eager_loss(folder):
    with open(os.path.join(folder, "loss.py")) as file:
        source = file.read()
    known = {name: find(name) for name in set(re.findall(r"torch\.(\w+)", source))}
    known["linear"] = torch._C._nn.linear
    scope = {"torch": types.SimpleNamespace(**known)}
    exec(source, scope)
    return scope["loss"]


class Prepared:
    def __init__(self, folder, how, last):
        with open(os.path.join(folder, "index.json")) as file:
            index = json.load(file)
        self.rate = index["rate"]
        self.x = tensor(folder, index["x"])
        self.y = tensor(folder, index["y"])
        self.first = [tensor(folder, entry) for entry in index["p"]]
        if last:
            self.x = self.x.contiguous(memory_format=torch.channels_last)
            self.first = [
                p.contiguous(memory_format=torch.channels_last) if p.dim() == 4 else p for p in self.first
            ]
        self.p = [p.clone() for p in self.first]
        self.how = how
        if how == "eager":
            self.loss = eager_loss(folder)
        else:
            self.script = torch.jit.load(os.path.join(folder, "program.pt"))

    def reset(self):
        with torch.no_grad():
            for p, first in zip(self.p, self.first):
                p.detach_().copy_(first)

    def run(self, steps):
        if self.how == "script":
            # Recording a graph for optimisation costs more than it gains when gradients are asked for inside.
            torch._C._set_graph_executor_optimize(False)
            return self.script(self.x, self.y, torch.tensor(self.rate), torch.tensor(steps), self.p)[0]
        x, y, p, rate, loss, grad = self.x, self.y, self.p, self.rate, self.loss, torch.autograd.grad
        for q in p:
            q.requires_grad_(True)
        for _ in range(steps):
            value = loss(x, y, p)
            gradients = grad(value, p)
            with torch.no_grad():
                for q, g in zip(p, gradients):
                    q.sub_(g, alpha=rate)
        return value

    def timed(self, steps):
        cpu = time.thread_time()
        start = time.perf_counter()
        value = self.run(steps)
        wall = time.perf_counter() - start
        return {"wall": wall, "cpu": time.thread_time() - cpu, "value": float(value)}


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
            prepared[name] = Prepared(request["folder"], request["how"], request["last"])
        elif what == "reset":
            prepared[name].reset()
        elif what == "run":
            answer = prepared[name].timed(request["steps"])
        elif what == "drop":
            prepared.pop(name, None)
        else:
            answer = {"error": "unknown request " + what}
    except Exception as problem:
        answer = {"error": "%s: %s" % (type(problem).__name__, problem)}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
