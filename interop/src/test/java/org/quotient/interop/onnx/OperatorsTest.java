package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName("Each operator computes here what it computes in ONNX Runtime")
class OperatorsTest {
    private static final int N = -1;

    private static AttributeProto a(String name, long value) {
        return Attributes.of(name, value);
    }

    private static AttributeProto a(String name, long first, long... more) {
        long[] all = new long[more.length + 1];
        all[0] = first;
        System.arraycopy(more, 0, all, 1, more.length);
        return Attributes.of(name, all);
    }

    private static AttributeProto a(String name, String value) {
        return Attributes.of(name, value);
    }

    private static AttributeProto a(String name, float value) {
        return Attributes.of(name, value);
    }

    private static Tensor scalar(double value) {
        return Tensor.of(Shape.SCALAR, DType.F32, value);
    }

    private static Tensor vector(double... values) {
        return Tensor.of(Shape.of(values.length), DType.F32, values);
    }

    /** Every case by a name; the operators that occur in them are compared with the supported list below. */
    private static Map<String, ModelProto> cases() {
        Map<String, ModelProto> all = new LinkedHashMap<>();
        unary(all);
        arithmetic(all);
        linear(all);
        windows(all);
        pooling(all);
        normalisation(all);
        reductions(all);
        shapes(all);
        selections(all);
        padding(all);
        integers(all);
        return all;
    }

    private static void unary(Map<String, ModelProto> all) {
        for (String op : List.of(
                "Relu",
                "Abs",
                "Exp",
                "Tanh",
                "Sigmoid",
                "Softplus",
                "Erf",
                "Sign",
                "Softsign",
                "Reciprocal",
                "Neg",
                "HardSwish",
                "LeakyRelu",
                "Elu",
                "Selu",
                "HardSigmoid",
                "Identity",
                "Dropout",
                "Softmax",
                "LogSoftmax")) {
            all.put(op, Graphs.of(17, N, 4).node(op + " x -> y").model());
        }
        all.put(
                "Sqrt and Log",
                Graphs.of(13, N, 4)
                        .node("Abs x -> a")
                        .node("Sqrt a -> s")
                        .node("Log s -> y")
                        .model());
        all.put(
                "LeakyRelu 0.3",
                Graphs.of(11, N, 4).node("LeakyRelu x -> y", a("alpha", 0.3f)).model());
        all.put(
                "Elu 0.3",
                Graphs.of(11, N, 4).node("Elu x -> y", a("alpha", 0.3f)).model());
        all.put(
                "Celu",
                Graphs.of(13, N, 4).node("Celu x -> y", a("alpha", 0.5f)).model());
        all.put("Gelu", Graphs.of(20, N, 4).node("Gelu x -> y").model());
        all.put(
                "Gelu tanh",
                Graphs.of(20, N, 4)
                        .node("Gelu x -> y", a("approximate", "tanh"))
                        .model());
        all.put(
                "PRelu",
                Graphs.of(13, N, 3, 4).weight("s", 3, 1).node("PRelu x s -> y").model());
        all.put(
                "Clip",
                Graphs.of(13, N, 4)
                        .weight("lo", scalar(-0.5))
                        .weight("hi", scalar(0.7))
                        .node("Clip x lo hi -> y")
                        .model());
        all.put(
                "Clip above",
                Graphs.of(13, N, 4)
                        .weight("hi", scalar(0.7))
                        .node("Clip x _ hi -> y")
                        .model());
    }

    private static void arithmetic(Map<String, ModelProto> all) {
        for (String op : List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean")) {
            all.put(
                    op,
                    Graphs.of(13, N, 3, 4)
                            .weight("w", 3, 1)
                            .node(op + " x w -> y")
                            .model());
        }
        all.put(
                "Max of three",
                Graphs.of(13, N, 4)
                        .weight("w", 4)
                        .weight("v", 1)
                        .node("Max x w v -> y")
                        .model());
        for (double exponent : new double[] {1, 2, 0.5, 3, 1.5}) {
            all.put(
                    "Pow " + exponent,
                    Graphs.of(13, N, 4)
                            .weight("e", scalar(exponent))
                            .node("Abs x -> a")
                            .node("Pow a e -> y")
                            .model());
        }
    }

    private static void linear(Map<String, ModelProto> all) {
        all.put(
                "MatMul",
                Graphs.of(13, N, 3, 4).weight("w", 4, 5).node("MatMul x w -> y").model());
        all.put(
                "MatMul of vectors",
                Graphs.of(13, N, 4).weight("w", 4).node("MatMul x w -> y").model());
        all.put(
                "MatMul batched",
                Graphs.of(13, N, 2, 3, 4)
                        .weight("w", 2, 4, 5)
                        .node("MatMul x w -> y")
                        .model());
        all.put(
                "Gemm scaled and transposed",
                Graphs.of(13, N, 4)
                        .weight("w", 5, 4)
                        .weight("b", 1, 5)
                        .node("Gemm x w b -> y", a("transB", 1), a("alpha", 0.5f), a("beta", 2f))
                        .model());
        all.put(
                "Gemm of transposed A",
                Graphs.of(13, N, 4)
                        .weight("w", 4, 5)
                        .node("Transpose x -> t", a("perm", 1, 0))
                        .node("Gemm t w -> y", a("transA", 1))
                        .model());
        all.put(
                "Einsum",
                Graphs.of(13, N, 3, 4)
                        .weight("w", 4, 5)
                        .node("Einsum x w -> y", a("equation", "bij,jk->bki"))
                        .model());
        all.put(
                "Einsum implied",
                Graphs.of(13, N, 4)
                        .weight("w", 4, 5)
                        .node("Einsum x w -> y", a("equation", "ai, ij"))
                        .model());
    }

    private static void windows(Map<String, ModelProto> all) {
        all.put(
                "Conv strided, padded unevenly, dilated, grouped",
                Graphs.of(13, N, 4, 7, 8)
                        .weight("w", 6, 2, 3, 2)
                        .weight("b", 6)
                        .node(
                                "Conv x w b -> y",
                                a("strides", 2, 1),
                                a("pads", 1, 0, 2, 1),
                                a("dilations", 1, 2),
                                a("group", 2))
                        .model());
        for (String same : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
            all.put(
                    "Conv " + same,
                    Graphs.of(13, N, 2, 7, 8)
                            .weight("w", 3, 2, 4, 3)
                            .node("Conv x w -> y", a("auto_pad", same), a("strides", 2, 2))
                            .model());
        }
        all.put(
                "Conv of one axis",
                Graphs.of(13, N, 2, 9)
                        .weight("w", 3, 2, 3)
                        .weight("b", 3)
                        .node("Conv x w b -> y", a("strides", 2, new long[0]), a("pads", 1, 2))
                        .model());
        all.put(
                "ConvTranspose",
                Graphs.of(13, N, 4, 3, 4)
                        .weight("w", 4, 3, 3, 2)
                        .weight("b", 6)
                        .node(
                                "ConvTranspose x w b -> y",
                                a("strides", 2, 3),
                                a("pads", 1, 0, 0, 1),
                                a("output_padding", 1, 0),
                                a("group", 2))
                        .model());
    }

    private static void pooling(Map<String, ModelProto> all) {
        AttributeProto kernel = a("kernel_shape", 3, 2);
        all.put(
                "MaxPool",
                Graphs.of(13, N, 2, 7, 8)
                        .node("MaxPool x -> y", kernel, a("strides", 2, 2), a("pads", 1, 0, 1, 1), a("dilations", 1, 2))
                        .model());
        all.put(
                "MaxPool rounded up",
                Graphs.of(13, N, 2, 8, 9)
                        .node("MaxPool x -> y", kernel, a("strides", 3, 2), a("ceil_mode", 1))
                        .model());
        for (int count = 0; count < 2; count++) {
            all.put(
                    "AveragePool " + count,
                    Graphs.of(13, N, 2, 7, 8)
                            .node(
                                    "AveragePool x -> y",
                                    kernel,
                                    a("strides", 2, 2),
                                    a("pads", 1, 0, 1, 1),
                                    a("count_include_pad", count))
                            .model());
        }
        all.put(
                "AveragePool rounded up",
                Graphs.of(13, N, 2, 8, 9)
                        .node("AveragePool x -> y", kernel, a("strides", 3, 2), a("ceil_mode", 1))
                        .model());
        all.put(
                "MaxPool of one axis",
                Graphs.of(13, N, 2, 9)
                        .node("MaxPool x -> y", a("kernel_shape", 3, new long[0]), a("pads", 1, 1))
                        .model());
        all.put(
                "GlobalAveragePool",
                Graphs.of(13, N, 2, 3, 4).node("GlobalAveragePool x -> y").model());
        all.put(
                "GlobalMaxPool",
                Graphs.of(13, N, 2, 3).node("GlobalMaxPool x -> y").model());
    }

    private static void normalisation(Map<String, ModelProto> all) {
        all.put(
                "BatchNormalization",
                Graphs.of(15, N, 3, 4)
                        .weight("g", 3)
                        .weight("b", 3)
                        .weight("m", 3)
                        .weight("v", vector(0.5, 1, 2))
                        .node("BatchNormalization x g b m v -> y", a("epsilon", 0.01f))
                        .model());
        all.put(
                "LayerNormalization over two axes",
                Graphs.of(17, N, 3, 4)
                        .weight("g", 3, 4)
                        .weight("b", 3, 4)
                        .node("LayerNormalization x g b -> y", a("axis", -2))
                        .model());
        all.put(
                "LayerNormalization without shift",
                Graphs.of(17, N, 3, 4)
                        .weight("g", 4)
                        .node("LayerNormalization x g -> y")
                        .model());
        all.put(
                "InstanceNormalization",
                Graphs.of(13, N, 3, 4, 2)
                        .weight("g", 3)
                        .weight("b", 3)
                        .node("InstanceNormalization x g b -> y")
                        .model());
        for (int opset : new int[] {11, 13}) {
            for (String op : List.of("Softmax", "LogSoftmax")) {
                all.put(
                        op + " along axis 1 of three in opset " + opset,
                        Graphs.of(opset, N, 3, 4)
                                .node(op + " x -> y", a("axis", 1))
                                .model());
            }
        }
    }

    private static void reductions(Map<String, ModelProto> all) {
        for (String op : List.of(
                "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare")) {
            all.put(
                    op + " by attribute",
                    Graphs.of(11, N, 3, 4)
                            .node(op + " x -> y", a("axes", 1, -1), a("keepdims", 0))
                            .model());
            all.put(
                    op + " by input",
                    Graphs.of(18, N, 3, 4)
                            .ints("axes", 1)
                            .node(op + " x axes -> y")
                            .model());
            all.put(
                    op + " over all",
                    Graphs.of(18, N, 3, 4).node(op + " x -> y").model());
        }
        all.put(
                "ReduceSum over nothing",
                Graphs.of(13, N, 3)
                        .node("ReduceSum x -> y", a("noop_with_empty_axes", 1))
                        .model());
        all.put(
                "ReduceMean over the batch, kept",
                Graphs.of(13, N, 3)
                        .node("ReduceMean x -> m", a("axes", 0, new long[0]))
                        .node("Sub x m -> y")
                        .model());
    }

    private static void shapes(Map<String, ModelProto> all) {
        all.put(
                "Reshape copying",
                Graphs.of(13, N, 3, 4)
                        .ints("s", 0, 4, -1)
                        .node("Reshape x s -> y")
                        .model());
        all.put(
                "Reshape open",
                Graphs.of(13, N, 3, 4)
                        .ints("s", -1, 12)
                        .node("Reshape x s -> y")
                        .model());
        all.put("Flatten", Graphs.of(13, N, 3, 4).node("Flatten x -> y").model());
        all.put(
                "Squeeze and Unsqueeze by attribute",
                Graphs.of(11, N, 1, 4)
                        .node("Squeeze x -> s", a("axes", 1, new long[0]))
                        .node("Unsqueeze s -> y", a("axes", 1, 3))
                        .model());
        all.put(
                "Squeeze and Unsqueeze by input, before the batch",
                Graphs.of(13, N, 1, 4)
                        .ints("one", 1)
                        .ints("front", 0, -1)
                        .ints("back", 0)
                        .node("Squeeze x one -> s")
                        .node("Unsqueeze s front -> u")
                        .node("Squeeze u back -> y")
                        .model());
        for (String mode : List.of("DCR", "CRD")) {
            all.put(
                    "DepthToSpace " + mode,
                    Graphs.of(13, N, 8, 2, 3)
                            .node("DepthToSpace x -> y", a("blocksize", 2), a("mode", mode))
                            .model());
        }
        all.put(
                "SpaceToDepth",
                Graphs.of(13, N, 2, 4, 6)
                        .node("SpaceToDepth x -> y", a("blocksize", 2))
                        .model());
        all.put("Transpose", Graphs.of(13, N, 3, 4).node("Transpose x -> y").model());
        all.put(
                "Expand",
                Graphs.of(13, N, 1, 4).ints("s", 3, 1).node("Expand x s -> y").model());
        all.put(
                "Expand to the batch",
                Graphs.of(13, N, 4)
                        .weight("w", 1, 3)
                        .index("zero", 0)
                        .ints("first", 0)
                        .ints("three", 3)
                        .node("Shape x -> s")
                        .node("Gather s zero -> n")
                        .node("Unsqueeze n first -> v")
                        .node("Concat v three -> t", a("axis", 0))
                        .node("Expand w t -> e")
                        .node("Concat x e -> y", a("axis", 1))
                        .model());
    }

    private static void selections(Map<String, ModelProto> all) {
        all.put(
                "Concat",
                Graphs.of(13, N, 3, 4)
                        .node("Neg x -> n")
                        .node("Concat x n -> y", a("axis", -1))
                        .model());
        all.put(
                "Split evenly",
                Graphs.of(13, N, 4)
                        .node("Split x -> a b", a("axis", 1))
                        .node("Sub a b -> y")
                        .model());
        all.put(
                "Split by attribute",
                Graphs.of(11, N, 4)
                        .node("Split x -> a b", a("axis", 1), a("split", 1, 3))
                        .node("Mul a b -> y")
                        .model());
        all.put(
                "Split by input",
                Graphs.of(13, N, 4)
                        .ints("p", 3, 1)
                        .node("Split x p -> a b", a("axis", -1))
                        .node("Mul a b -> y")
                        .model());
        all.put(
                "Split into a number of parts",
                Graphs.of(18, N, 5)
                        .node("Split x -> a b", a("axis", 1), a("num_outputs", 2))
                        .node("Concat b a -> y", a("axis", 1))
                        .model());
        for (long[] s : new long[][] {{0, 3, 1}, {1, -1, 1}, {-3, 100, 2}, {4, 1, -1}, {-1, -100, -2}, {2, 2, 1}}) {
            if (s[0] != s[1]) {
                all.put(
                        "Slice " + s[0] + ":" + s[1] + ":" + s[2],
                        Graphs.of(13, N, 5, 2)
                                .ints("from", s[0])
                                .ints("to", s[1])
                                .ints("axis", 1)
                                .ints("step", s[2])
                                .node("Slice x from to axis step -> y")
                                .model());
            }
        }
        all.put(
                "Gather a list",
                Graphs.of(13, N, 4)
                        .ints("i", 2, -1, 0, 2)
                        .node("Gather x i -> y", a("axis", 1))
                        .model());
        all.put(
                "Gather one",
                Graphs.of(13, N, 4, 3)
                        .index("i", -2)
                        .node("Gather x i -> y", a("axis", 1))
                        .model());
        all.put(
                "Where with a fixed mask",
                Graphs.of(13, N, 4)
                        .weight("w", 4)
                        .ints("i", 0, 1, 2, 3)
                        .ints("two", 2)
                        .node("Less i two -> m")
                        .node("Where m x w -> y")
                        .model());
        all.put(
                "Trilu",
                Graphs.of(14, N, 3, 4)
                        .index("k", 1)
                        .node("Trilu x k -> y", a("upper", 0))
                        .model());
    }

    private static void padding(Map<String, ModelProto> all) {
        for (String mode : List.of("constant", "reflect", "edge")) {
            all.put(
                    "Pad " + mode,
                    Graphs.of(13, N, 2, 4)
                            .ints("p", 0, 0, 2, 0, 0, 1)
                            .node("Pad x p -> y", a("mode", mode))
                            .model());
        }
        all.put(
                "Pad wrap",
                Graphs.of(19, N, 4)
                        .ints("p", 0, 2, 0, 3)
                        .node("Pad x p -> y", a("mode", "wrap"))
                        .model());
        all.put(
                "Pad, removing",
                Graphs.of(18, N, 2, 5)
                        .ints("p", -1, 2)
                        .ints("axes", 2)
                        .node("Pad x p _ axes -> y")
                        .model());
        for (String transformation : List.of("asymmetric", "half_pixel", "align_corners", "pytorch_half_pixel")) {
            for (String rounding : List.of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")) {
                all.put(
                        "Resize " + transformation + " " + rounding,
                        Graphs.of(13, N, 2, 4, 5)
                                .weight("scales", vector(1, 1, 2, 1.5))
                                .node(
                                        "Resize x _ scales -> y",
                                        a("coordinate_transformation_mode", transformation),
                                        a("nearest_mode", rounding))
                                .model());
            }
        }
        all.put(
                "Resize to sizes",
                Graphs.of(18, N, 2, 4, 5)
                        .ints("sizes", 8, 3)
                        .node("Resize x _ _ sizes -> y", a("axes", 2, 3))
                        .model());
    }

    /** Arithmetic of shapes: each case ends in a Reshape or a number. */
    private static void integers(Map<String, ModelProto> all) {
        all.put(
                "view(x.size(0), -1)",
                Graphs.of(13, N, 3, 4)
                        .index("zero", 0)
                        .ints("first", 0)
                        .ints("open", -1)
                        .node("Shape x -> s")
                        .node("Gather s zero -> n")
                        .node("Unsqueeze n first -> v")
                        .node("Concat v open -> t", a("axis", 0))
                        .node("Reshape x t -> y")
                        .model());
        all.put(
                "sizes computed",
                Graphs.of(15, N, 3, 4)
                        .ints("two", 2)
                        .ints("one", 1)
                        .ints("first", 0)
                        .node("Shape x -> s", a("start", 1))
                        .node("Slice s first one -> h")
                        .node("Slice s one two -> w")
                        .node("Mul h two -> a")
                        .node("Div w two -> b")
                        .node("Mod w two -> m")
                        .node("Add b m -> b2")
                        .node("Max b2 one -> b3")
                        .node("Equal b3 two -> e")
                        .node("Not e -> f")
                        .node("Where f one b3 -> c")
                        .node("Shape x -> n", a("end", 1))
                        .node("Concat n a c -> t", a("axis", 0))
                        .node("Reshape x t -> y")
                        .model());
        all.put(
                "comparisons",
                Graphs.of(16, N, 4)
                        .ints("i", 0, 1, 2, 3)
                        .ints("j", 3, 1, 2, 0)
                        .node("Greater i j -> a")
                        .node("GreaterOrEqual i j -> b")
                        .node("LessOrEqual i j -> c")
                        .node("And b c -> d")
                        .node("Or a d -> e")
                        .node("Cast e -> m", a("to", 1))
                        .node("Mul x m -> y")
                        .model());
        all.put(
                "constants made on the way",
                Graphs.of(13, N, 4)
                        .index("from", 2)
                        .index("to", 10)
                        .index("by", 2)
                        .weight("half", scalar(1.5))
                        .ints("shape", 4)
                        .node("Range from to by -> r")
                        .node("Cast r -> c", a("to", 1))
                        .node(
                                "Constant -> q",
                                Attributes.of("value", ProtoTensors.encode("", vector(0.4, 1.5, -2.5, 3))))
                        .node("Floor q -> f")
                        .node("Ceil q -> g")
                        .node("Size f -> z")
                        .node("Cast z -> k", a("to", 1))
                        .node("ConstantOfShape shape -> o", Attributes.of("value", ProtoTensors.encode("", vector(2))))
                        .node("Sum x c f g k o -> y")
                        .model());
    }

    @TestFactory
    @DisplayName("to 1e-5, for batches of 1 and 3")
    Stream<DynamicTest> operators() {
        return cases().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    OnnxModel read = Graphs.read(entry.getValue());
                    for (int batch : new int[] {1, 3}) {
                        assertThat(Reference.distance(read.model(), entry.getValue(), batch, 7))
                                .isLessThan(1e-5);
                    }
                }));
    }

    @Test
    @DisplayName("every supported operator occurs in a case")
    void complete() {
        Set<String> covered = new TreeSet<>();
        List<ModelProto> models = new ArrayList<>(cases().values());
        models.forEach(m ->
                m.getGraph().getNodeList().stream().map(NodeProto::getOpType).forEach(covered::add));
        Set<String> left = new TreeSet<>(OnnxReader.supportedOperators());
        left.removeAll(covered);
        // Deprecated since opset 10, so ONNX Runtime has it in no opset that is read here.
        assertThat(left).containsExactly("Upsample");
    }
}
