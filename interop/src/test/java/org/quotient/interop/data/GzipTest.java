package org.quotient.interop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.interop.InteropException;

@DisplayName("gzip")
class GzipTest {
    private static final Path FILE = Path.of("a.gz");

    private static byte[] noise(int n) {
        byte[] bytes = new byte[n];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 1000, 300_000})
    @DisplayName("what the JDK packs is unpacked, noise and zeros")
    void roundTrip(int n) {
        assertThat(Gzip.unpack(SmallFiles.gzip(noise(n)), FILE)).containsExactly(noise(n));
        assertThat(Gzip.unpack(SmallFiles.gzip(new byte[n]), FILE)).containsExactly(new byte[n]);
    }

    @Test
    @DisplayName("several members are one file")
    void members() {
        byte[] both = SmallFiles.joined(SmallFiles.gzip(noise(10)), SmallFiles.gzip(noise(20)));
        assertThat(Gzip.unpack(both, FILE)).containsExactly(SmallFiles.joined(noise(10), noise(20)));
    }

    @Test
    @DisplayName("all optional fields of the header are skipped")
    void header() {
        byte[] contents = noise(50);
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(contents);
        deflater.finish();
        byte[] body = new byte[200];
        int length = deflater.deflate(body);
        deflater.end();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
        out.writeBytes(new byte[] {3, 0, 7, 7, 7, 'n', 'a', 0, 'c', 0, 1, 2});
        out.write(body, 0, length);
        CRC32 checksum = new CRC32();
        checksum.update(contents);
        for (long word : new long[] {checksum.getValue(), contents.length}) {
            for (int i = 0; i < 4; i++) {
                out.write((int) (word >> 8 * i));
            }
        }
        assertThat(Gzip.unpack(out.toByteArray(), FILE)).containsExactly(contents);
    }

    @Test
    @DisplayName("a file that ends anywhere is incomplete, and says so")
    void everyPrefixIsRefused() {
        byte[] packed = SmallFiles.gzip(noise(40));
        for (int n = 0; n < packed.length; n++) {
            byte[] prefix = Arrays.copyOf(packed, n);
            assertThatThrownBy(() -> Gzip.unpack(prefix, FILE))
                    .isInstanceOf(InteropException.class)
                    .hasMessageContaining("a.gz")
                    .hasMessageMatching(".*(ends early|bytes only).*");
        }
    }

    @Test
    @DisplayName("a changed bit is found, unless it is one of the few that mean nothing")
    void everyChangeIsFound() {
        byte[] packed = SmallFiles.gzip(noise(40));
        int meaningless = 0;
        for (int i = 10; i < packed.length; i++) {
            byte[] changed = packed.clone();
            changed[i] ^= 0x10;
            try {
                assertThat(Gzip.unpack(changed, FILE)).containsExactly(noise(40));
                meaningless++;
            } catch (InteropException e) {
                assertThat(e).hasMessageContaining("not an intact gzip file");
            }
        }
        // Bits that fill the byte up before a stored block.
        assertThat(meaningless).isLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("what is no gzip file, or follows one, is named")
    void others() {
        assertThatThrownBy(() -> Gzip.unpack(noise(100), FILE)).hasMessageContaining("does not begin like one");
        byte[] more = SmallFiles.joined(SmallFiles.gzip(noise(10)), new byte[5]);
        assertThatThrownBy(() -> Gzip.unpack(more, FILE)).hasMessageContaining("5 bytes follow");
    }
}
