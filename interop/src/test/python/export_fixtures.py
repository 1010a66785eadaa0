#!/usr/bin/env python3
"""Writes the ONNX files that the tests read, with a real PyTorch.

Usage: python3 export_fixtures.py FOLDER

Made with PyTorch 1.13.1. Every number is drawn from a fixed seed. Next to the double-precision files stand an input and
PyTorch's own output (.npy), because ONNX Runtime has no double-precision convolution to compare with.
"""
import math
import sys
import warnings

import numpy
import onnx
import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4), nn.LeakyReLU(0.125), nn.Linear(4, 3))

    def forward(self, x):
        return self.layers(x)


class Cnn(nn.Module):
    """A small LeNet: max-pooling with overlap and padding, flattened by view(x.size(0), -1)."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 4, 3, stride=2, bias=False)
        self.dense = nn.Linear(4 * 3 * 3, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 3, 2, padding=1)
        x = F.avg_pool2d(F.relu(self.conv2(F.pad(x, (1, 1, 1, 1)))), 2, 1, padding=1)
        return self.dense(x.view(x.size(0), -1))


class Block(nn.Module):
    def __init__(self, width, out, stride, norm):
        super().__init__()
        self.conv1 = nn.Conv2d(width, out, 3, stride, 1, bias=not norm)
        self.norm1 = nn.BatchNorm2d(out) if norm else nn.Identity()
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=not norm)
        self.norm2 = nn.BatchNorm2d(out) if norm else nn.Identity()
        self.skip = nn.Conv2d(width, out, 1, stride, bias=False) if width != out else nn.Identity()

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.skip(x))


class Residual(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4) if norm else nn.Identity()
        self.blocks = nn.Sequential(Block(4, 4, 1, norm), Block(4, 6, 2, norm))
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.stem(x))))
        return self.dense(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


class Signal(nn.Module):
    """One spatial axis: strides, dilations, groups, pooling, a transposed convolution."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(2, 4, 5, stride=2, padding=2)
        self.conv2 = nn.Conv1d(4, 4, 3, dilation=2, groups=2)
        self.up = nn.ConvTranspose1d(4, 2, 4, stride=2, padding=1)
        self.norm = nn.GroupNorm(1, 2)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.conv1(x)), 2)
        x = self.norm(self.up(F.elu(self.conv2(x))))
        return F.adaptive_max_pool1d(x, 1).squeeze(-1)


class Attention(nn.Module):
    """A transformer block with two heads and a gated unit."""

    def __init__(self, width=8, heads=2):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.norm2 = nn.LayerNorm(width)
        self.gate = nn.Linear(width, 12)
        self.up = nn.Linear(width, 12, bias=False)
        self.down = nn.Linear(12, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        y = self.norm1(x)
        q, k, v = (m(y).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
                   for m in (self.q, self.k, self.v))
        scores = q @ k.transpose(-2, -1) / math.sqrt(width // self.heads)
        later = torch.triu(torch.ones(tokens, tokens, dtype=torch.bool), diagonal=1)
        weights = F.softmax(scores.masked_fill(later, float("-inf")), dim=-1)
        x = x + self.o((weights @ v).transpose(1, 2).reshape(batch, tokens, width))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Segmenter(nn.Module):
    """Down and up again, with a concatenation between."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2 = nn.Conv2d(2, 3, 3, padding=1), nn.Conv2d(3, 4, 3, padding=1)
        self.up1, self.head = nn.Conv2d(7, 3, 3, padding=1, padding_mode="reflect"), nn.Conv2d(3, 2, 1)
        self.slope = nn.PReLU(3)

    def forward(self, x):
        a = self.slope(self.down1(x))
        b = F.relu(self.down2(F.max_pool2d(a, 2)))
        c = torch.cat([a, F.interpolate(b, scale_factor=2, mode="nearest")], 1)
        return F.log_softmax(self.head(F.gelu(self.up1(c))), dim=1)


class Tied(nn.Module):
    """An autoencoder that uses one matrix twice, the second time transposed."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(4, 6))
        self.bias = nn.Parameter(torch.empty(6))
        self.scale = nn.Parameter(torch.tensor(1.5))

    def forward(self, x):
        return F.relu(x @ self.weight.t()) @ self.weight * self.scale + self.bias


class Tokens(nn.Module):
    """Token numbers looked up in a table, averaged, classified."""

    def __init__(self):
        super().__init__()
        self.table, self.dense = nn.Embedding(7, 4), nn.Linear(4, 2)

    def forward(self, ids):
        return self.dense(F.relu(self.table(ids)).mean(1))


def randomise(model):
    for tensor in list(model.parameters()) + list(model.buffers()):
        if tensor.is_floating_point():
            tensor.data.normal_(std=0.5)
    for name, tensor in model.named_buffers():
        if name.endswith("running_var"):
            tensor.data.abs_().add_(0.5)


def export(folder, name, model, example, dynamic=True, opset=17, training=None, draw=True, dtype=torch.float32, fold=True):
    if draw:
        randomise(model)
    model = model.to(dtype)
    example = example.to(dtype) if example.is_floating_point() else example
    model.train(training == torch.onnx.TrainingMode.TRAINING)
    path = f"{folder}/{name}.onnx"
    torch.onnx.export(
        model, example, path, opset_version=opset, input_names=["input"], output_names=["output"],
        dynamic_axes={"input": {0: "batch"}} if dynamic else None,
        training=training or torch.onnx.TrainingMode.EVAL, keep_initializers_as_inputs=False, do_constant_folding=fold)
    proto = onnx.load(path)
    proto.producer_name, proto.producer_version = "exporter", ""
    onnx.save(proto, path)
    if dtype == torch.float64:
        numpy.save(f"{folder}/{name}-input.npy", example.numpy())
        numpy.save(f"{folder}/{name}-output.npy", model(example).detach().numpy())


def main(folder):
    torch.manual_seed(20)
    preserve, training = torch.onnx.TrainingMode.PRESERVE, torch.onnx.TrainingMode.TRAINING
    image = torch.randn(2, 1, 8, 8)
    colour = torch.randn(2, 3, 8, 8)
    export(folder, "mlp", Mlp(), torch.randn(2, 6))
    export(folder, "mlp-double", Mlp(), torch.randn(3, 6), dtype=torch.float64)
    export(folder, "cnn", Cnn(), image)
    export(folder, "cnn-fixed", Cnn(), image[:1], dynamic=False, opset=11)
    export(folder, "cnn-double", Cnn(), torch.randn(3, 1, 8, 8), dtype=torch.float64)
    export(folder, "residual", Residual(False), colour, opset=13)
    export(folder, "residual-norm", Residual(True), colour, training=preserve)
    export(folder, "residual-norm-old", Residual(True), colour, training=preserve, opset=13)
    export(folder, "residual-norm-fresh", Residual(True), colour, training=preserve, draw=False)
    export(folder, "residual-norm-training", Residual(True), colour, training=training)
    export(folder, "signal", Signal(), torch.randn(2, 2, 32))
    export(folder, "attention", Attention(), torch.randn(2, 5, 8))
    export(folder, "attention-old", Attention(), torch.randn(1, 5, 8), dynamic=False, opset=14)
    export(folder, "segmenter", Segmenter(), torch.randn(2, 2, 8, 8))
    export(folder, "tied", Tied(), torch.randn(2, 6), fold=False)
    export(folder, "tokens", Tokens(), torch.randint(0, 7, (2, 5)))


if __name__ == "__main__":
    main(sys.argv[1])
