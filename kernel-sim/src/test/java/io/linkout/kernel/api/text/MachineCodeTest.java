package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Functions that are machine code: the bytes GNU as makes of the instructions in their comments.
 */
class MachineCodeTest {
  private final TextBench bench = new TextBench();

  @ParameterizedTest
  @CsvSource({
    "memcpy, 4889f84889d148c1e903f348a589d183e107f3a4c3",
    "memcpy_fromio, 4889f84889d148c1e903f348a589d183e107f3a4c3",
    "__memcpy, 4889f84889d148c1e903f348a589d183e107f3a4c3",
    "memmove, 4889f84889f94829f14839d14889d1720f48c1e903f348a589d183e107f3a4c3488d7416f8488d7c17f8"
        + "48c1e903fdf348a54883c6074883c70789d183e107f3a4fcc3",
    "memset, 4989f9400fb6c648b90101010101010101480fafc14889d148c1e903f348ab89d183e107f3aa4c89c8c3",
    "__sw_hweight32, 5789f8d1e8255555555529c789f8c1ef02253333333381e73333333301f889c7c1ef0401f8"
        + "250f0f0f0f69c001010101c1e8185fc3",
    "__sw_hweight64, 575248ba55555555555555554889f848d1e84821d04829c748ba33333333333333334889f8"
        + "48c1ef024821d04821d74801f84889c748c1ef044801f848ba0f0f0f0f0f0f0f0f4821d0"
        + "48ba0101010101010101480fafc248c1e8385a5fc3",
  })
  void isWhatTheAssemblerMade(String name, String expected) {
    assertThat(HexFormat.of().formatHex(bench.table.machineCode(name))).isEqualTo(expected);
  }
}
