package org.quotient.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName("NumPy arrays")
class NpyTest {
    @TempDir
    private Path folder;

    private Path file(String header, ByteBuffer numbers) throws IOException {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer all =
                ByteBuffer.allocate(10 + text.length + numbers.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        all.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length);
        all.put(text).put(numbers.rewind());
        return Files.write(folder.resolve("a.npy"), all.array());
    }

    private static ByteBuffer numbers(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest(name = "shape [{0}]")
    @ValueSource(strings = {"", "3", "2,3", "2,1,4", "0,3"})
    @DisplayName("what is written is read again, in both precisions")
    void roundTrip(String sizes) {
        Shape shape = Shape.of(Arrays.stream(sizes.split(","))
                .filter(s -> !s.isEmpty())
                .map(Integer::valueOf)
                .toList());
        for (DType dtype : DType.values()) {
            Tensor array = Tensor.fill(shape, dtype, i -> Math.sin(i));
            Path file = folder.resolve("a.npy");
            Npy.write(array, file);
            assertThat(Npy.read(file).sameBits(array)).isTrue();
            assertThat(file.toFile().length() % 64).isEqualTo((long) array.size() * (dtype == DType.F32 ? 4 : 8) % 64);
        }
    }

    @Test
    @DisplayName("integers become whole numbers")
    void integers() throws IOException {
        Path wide = file(
                "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
                numbers(16).putLong(-7).putLong(9));
        assertThat(Npy.read(wide).data()).containsExactly(-7, 9);
        Path narrow = file(
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }",
                numbers(8).putInt(-7).putInt(9));
        assertThat(Npy.read(narrow).data()).containsExactly(-7, 9);
        assertThat(Npy.read(narrow).dtype()).isEqualTo(DType.F64);
        Path large = file(
                "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }",
                numbers(8).putLong(Long.MAX_VALUE));
        assertThatThrownBy(() -> Npy.read(large)).isInstanceOf(InteropException.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }; Fortran order",
                "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }; '>f4'",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }; '<c8'",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; should hold 12 bytes",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }; too large",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }; too large",
                "{'descr': '<f4', 'shape': (2,), }; not NumPy's",
                "nonsense; not NumPy's"
            })
    @DisplayName("other orders, types and sizes are refused")
    void refused(String header, String message) throws IOException {
        Path file = file(header, numbers(8));
        assertThatThrownBy(() -> Npy.read(file))
                .isExactlyInstanceOf(InteropException.class)
                .hasMessageContaining(message);
    }

    @Test
    @DisplayName("a file cut off anywhere, and one that is no array, are refused")
    void damaged() throws IOException {
        Path file = folder.resolve("a.npy");
        Npy.write(Tensor.fill(Shape.of(2, 3), DType.F64, i -> i), file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Npy.read(file)).isExactlyInstanceOf(InteropException.class);
        }
        Files.write(file, new byte[200]);
        assertThatThrownBy(() -> Npy.read(file)).isExactlyInstanceOf(InteropException.class);
        assertThatThrownBy(() -> Npy.read(folder)).isExactlyInstanceOf(InteropException.class);
    }
}
